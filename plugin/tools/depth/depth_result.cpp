// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_result.hpp"

#include <utility>

#include "base/translation.hpp"
#include "gimp/bridge.hpp"
#include "gimp/coverage.hpp"
#include "gimp/output.hpp"
#include "gimp/selecting.hpp"

namespace gbrs::plugin {
DepthPlace depth_place_of(GimpProcedureConfig* config) {
  return static_cast<DepthPlace>(gimp_procedure_config_get_choice_id(config, "output"));
}

DepthScale depth_scale_of(GimpProcedureConfig* config) {
  DepthScale scale;
  g_object_get(config, "nearest", &scale.near, "farthest", &scale.far, nullptr);
  scale.is_disparity = string_argument(config, "scale") == "disparity";
  scale.is_near_white = string_argument(config, "near") == "white";
  return scale;
}

Expected<void> check_depth(GimpImage* image, const DepthScale& scale, DepthPlace place) {
  if (scale.far != 0 && !scale.has_range()) {
    return failure(ErrorCode::invalid_argument, _("The farthest depth has to be greater than the nearest."));
  }
  if (place == DepthPlace::layer && gimp_image_get_base_type(image) == GIMP_INDEXED) {
    return failure(ErrorCode::unsupported,
                   _("An indexed image takes no grey layer: choose a new image, or convert it to RGB."));
  }
  return {};
}

Expected<void> DepthResult::render(const std::stop_token& stop, const std::function<void(double)>& progress) {
  Map depth{answer_.image_width(), answer_.image_height(), {}};
  depth.values.reserve(static_cast<std::size_t>(depth.width) * static_cast<std::size_t>(depth.height));
  const auto rendered = for_each_band(
      answer_, 1, stop, progress, [&](Rectangle part) { return answer_.render(part); },
      [&](const Map& band, int) { depth.values.insert(depth.values.end(), band.values.begin(), band.values.end()); });
  if (!rendered) return rendered;
  grey_ = grey_of(std::move(depth), scale_);
  return {};
}

DepthResult::~DepthResult() {
  writing_.reset();
  if (made_ != nullptr && gimp_image_is_valid(made_)) gimp_image_delete(made_);
}

// The image may have changed meanwhile.
Expected<void> DepthResult::check() const {
  if (place_ == DepthPlace::image) return {};
  auto checked = check_target({.image = image_}, grey_.width, grey_.height);
  return checked ? check_depth(image_, scale_, place_) : checked;
}

Expected<void> DepthResult::begin() {
  if (place_ == DepthPlace::image) {
    made_ = gimp_image_new_with_precision(grey_.width, grey_.height, GIMP_GRAY, GIMP_PRECISION_U16_NON_LINEAR);
    if (made_ == nullptr) return failure(ErrorCode::internal, _("GIMP could not make an image."));
    gimp_image_undo_disable(made_);
  }
  GimpImage* const target = made_ != nullptr ? made_ : image_;
  const bool is_grey = gimp_image_get_base_type(target) == GIMP_GRAY;
  writing_.emplace(target, is_grey ? GIMP_GRAY_IMAGE : GIMP_RGB_IMAGE, _("Depth"),
                   LayerRows{LayerRows::Values::greys, grey_.width, grey_.height, grey_.values.data()});
  return {};
}

Expected<bool> DepthResult::write_some() {
  if (writing_) return writing_->write_band();
  if (auto checked = check(); !checked) return std::unexpected(checked.error());
  if (auto begun = begin(); !begun) return std::unexpected(begun.error());
  return true;
}

Expected<void> DepthResult::finish() {
  if (auto checked = check(); !checked) return checked;
  if (auto added = writing_->finish(); !added) return added;
  if (made_ != nullptr) gimp_image_undo_enable(made_);
  on_written_(made_ != nullptr ? std::exchange(made_, nullptr) : image_);
  gimp_displays_flush();
  return {};
}

}  // namespace gbrs::plugin
