// SPDX-License-Identifier: Apache-2.0
#include "depth_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <format>
#include <vector>

#include "exr_file.hpp"
#include "vips_image.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

constexpr float kMillimetres = 1000;
constexpr float kMost = 65535;

bool is_tiff(const std::string& path) {
  const std::string extension = lower_extension(path);
  return extension == ".tif" || extension == ".tiff";
}

bool is_exr(const std::string& path) { return lower_extension(path) == ".exr"; }

/// What 1 is in a PNG file.
float png_scale(bool is_metric) { return is_metric ? kMillimetres : kMost; }

}  // namespace

Expected<void> check_depth_path(const std::string& path) {
  if (is_exr(path) || is_tiff(path) || lower_extension(path) == ".png") return {};
  return failure(ErrorCode::invalid_argument,
                 std::format("The depth map {} needs one of the extensions .exr, .png, .tif, .tiff.", path));
}

Expected<void> write_depth(const Map& depth, bool is_metric, const std::string& path) {
  if (is_exr(path)) {
    const auto bytes = encode_exr(depth);
    return bytes ? write_file("depth map", path, *bytes) : std::unexpected(bytes.error());
  }
  Expected<Encoded> encoded;
  if (is_tiff(path)) {
    encoded = encode(depth.values.data(), depth.width, depth.height, 1, SampleType::f32, ".tif");
  } else {
    std::vector<std::uint16_t> values;
    for (const float value : depth.values) {
      const float scaled = std::round(value * png_scale(is_metric));
      if (is_metric && scaled > kMost)
        return failure(ErrorCode::unsupported,
                       std::format("A PNG file holds depths up to 65.535 m only: choose .exr or .tif for {}.", path));
      values.push_back(static_cast<std::uint16_t>(std::clamp(scaled, 0.0F, kMost)));
    }
    encoded = encode(values.data(), depth.width, depth.height, 1, SampleType::u16, ".png");
  }
  if (!encoded) return std::unexpected(encoded.error());
  return write_file("depth map", path, {static_cast<const char*>(encoded->bytes.get()), encoded->size});
}

Expected<Map> read_depth(const std::string& path, bool is_metric) {
  if (auto checked = check_depth_path(path); !checked) return std::unexpected(checked.error());
  if (is_exr(path)) return read_exr(path);
  const auto image = open_image(path);
  if (!image) return std::unexpected(image.error());
  const int bands = (*image)->Bands;
  if (bands != 1) {
    return failure(ErrorCode::invalid_argument, std::format("The depth map {} has {} channels, not one.", path, bands));
  }
  if (is_tiff(path) && (*image)->BandFmt != VIPS_FORMAT_FLOAT && (*image)->BandFmt != VIPS_FORMAT_DOUBLE) {
    return failure(ErrorCode::invalid_argument,
                   std::format("The depth map {} has whole numbers: a TIFF file is to have floats.", path));
  }
  // a 16-bit PNG file's numbers, an 8-bit one's spread over as many
  const bool is_byte = (*image)->BandFmt == VIPS_FORMAT_UCHAR;
  VipsImage* converted = nullptr;
  const Image floats(vips_cast_float(image->get(), &converted, nullptr) == 0 ? converted : nullptr);
  std::size_t size = 0;
  const Bytes bytes(floats ? vips_image_write_to_memory(floats.get(), &size) : nullptr);
  if (!bytes) return damaged(path);
  const auto* const values = static_cast<const float*>(bytes.get());
  Map map{(*image)->Xsize, (*image)->Ysize, {values, values + size / sizeof(float)}};
  if (!is_tiff(path))
    for (float& value : map.values) value = value * (is_byte ? 257.0F : 1.0F) / png_scale(is_metric);
  return map;
}

}  // namespace gbrs::cli
