// SPDX-License-Identifier: GPL-3.0-or-later
#include "parasite.hpp"

namespace gbrs::plugin {
namespace {

constexpr const char* kName = "gbrs-select";

}  // namespace

void attach_text(GimpImage* image, const std::string& text) {
  GimpParasite* const parasite =
      gimp_parasite_new(kName, GIMP_PARASITE_PERSISTENT, static_cast<guint32>(text.size()), text.data());
  gimp_image_attach_parasite(image, parasite);
  gimp_parasite_free(parasite);
}

std::optional<std::string> attached_text(GimpImage* image) {
  GimpParasite* const parasite = gimp_image_get_parasite(image, kName);
  if (parasite == nullptr) return std::nullopt;
  guint32 size = 0;
  const auto* const data = static_cast<const char*>(gimp_parasite_get_data(parasite, &size));
  std::string text(data != nullptr ? data : "", data != nullptr ? size : 0);
  gimp_parasite_free(parasite);
  return text;
}

}  // namespace gbrs::plugin
