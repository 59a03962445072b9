// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/parasite.hpp"

namespace gbrs::plugin {
namespace {

/// What it was called before there was more than one task.
std::string name_for(Task task) {
  return task == Task::segment ? "gbrs-select" : "gbrs-" + std::string(task_name(task));
}

}  // namespace

void attach_text(GimpImage* image, Task task, const std::string& text) {
  GimpParasite* const parasite = gimp_parasite_new(name_for(task).c_str(), GIMP_PARASITE_PERSISTENT,
                                                   static_cast<guint32>(text.size()), text.data());
  gimp_image_attach_parasite(image, parasite);
  gimp_parasite_free(parasite);
}

std::optional<std::string> attached_text(GimpImage* image, Task task) {
  GimpParasite* const parasite = gimp_image_get_parasite(image, name_for(task).c_str());
  if (parasite == nullptr) return std::nullopt;
  guint32 size = 0;
  const auto* const data = static_cast<const char*>(gimp_parasite_get_data(parasite, &size));
  std::string text(data != nullptr ? data : "", data != nullptr ? size : 0);
  gimp_parasite_free(parasite);
  return text;
}

}  // namespace gbrs::plugin
