// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/model_words.hpp"

#include <algorithm>

#include "base/translation.hpp"
#include "gbrs/script_file.hpp"

namespace gbrs::plugin {

std::string model_label(const ModelInfo& model) {
  return is_script(model) ? formatted(_("%s (script)"), model.name.c_str()) : model.name;
}

std::string models_tooltip(std::span<const ModelInfo> models) {
  const char* const purpose = _("The network that looks at the picture");
  if (std::ranges::none_of(models, is_script)) return purpose;
  return formatted("%s\n%s", purpose,
                   _("A script is a program: when it is chosen here it runs, with all of your rights"));
}

}  // namespace gbrs::plugin
