// SPDX-License-Identifier: GPL-3.0-or-later
#include "depth_result.hpp"

#include <utility>

#include "bridge.hpp"
#include "coverage.hpp"
#include "output.hpp"
#include "selecting.hpp"
#include "translation.hpp"
#include "writing.hpp"

namespace gbrs::plugin {
namespace {

GimpLayer* new_layer(GimpImage* image, GimpImageType type, const Map& grey) {
  constexpr double kOpaquePercent = 100;
  GimpLayer* const layer = gimp_layer_new(image, _("Depth"), grey.width, grey.height, type, kOpaquePercent,
                                          gimp_image_get_default_new_layer_mode(image));
  write_numbers(layer, grey);
  return layer;
}

}  // namespace

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
  if (scale.far <= scale.near && (scale.far != 0 || scale.near != 0)) {
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

Expected<void> DepthResult::finish() {
  const auto written = place_ == DepthPlace::layer ? add_layer() : make_image();
  if (!written) return std::unexpected(written.error());
  on_written_(*written);
  gimp_displays_flush();
  return {};
}

Expected<GimpImage*> DepthResult::add_layer() {
  // the image may have changed meanwhile
  auto checked = check_target({.image = image_}, grey_.width, grey_.height);
  if (checked) checked = check_depth(image_, scale_, place_);
  if (!checked) return std::unexpected(checked.error());
  const bool is_grey = gimp_image_get_base_type(image_) == GIMP_GRAY;
  GimpLayer* const layer = new_layer(image_, is_grey ? GIMP_GRAY_IMAGE : GIMP_RGB_IMAGE, grey_);
  if (gimp_image_insert_layer(image_, layer, nullptr, 0) != FALSE) return image_;
  gimp_item_delete(GIMP_ITEM(layer));
  return failure(ErrorCode::internal, _("GIMP could not add the layer."));
}

Expected<GimpImage*> DepthResult::make_image() {
  GimpImage* const image =
      gimp_image_new_with_precision(grey_.width, grey_.height, GIMP_GRAY, GIMP_PRECISION_U16_NON_LINEAR);
  if (image == nullptr) return failure(ErrorCode::internal, _("GIMP could not make an image."));
  gimp_image_undo_disable(image);
  gimp_image_insert_layer(image, new_layer(image, GIMP_GRAY_IMAGE, grey_), nullptr, 0);
  gimp_image_undo_enable(image);
  return image;
}

}  // namespace gbrs::plugin
