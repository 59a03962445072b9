// SPDX-License-Identifier: Apache-2.0
#include "mask_file.hpp"

#include <algorithm>
#include <format>
#include <vector>

#include "vips_image.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

template <class Value, Value (*quantise)(float)>
std::vector<Value> quantised(const Map& map) {
  std::vector<Value> values(map.values.size());
  std::ranges::transform(map.values, values.begin(), quantise);
  return values;
}

}  // namespace

Expected<MaskFormat> plan_mask(const std::string& path, std::optional<int> depth, bool may_overwrite) {
  const std::string extension = lower_extension(path);
  const bool may_be_wide = extension == ".png" || extension == ".tif" || extension == ".tiff";
  if (!may_be_wide && extension != ".jpg" && extension != ".jpeg" && extension != ".webp")
    return failure(ErrorCode::invalid_argument,
                   std::format("The mask {} needs one of the extensions .png, .tif, .tiff, .jpg, .jpeg, .webp.", path));
  if (depth == 16 && !may_be_wide)
    return failure(ErrorCode::invalid_argument,
                   std::format("A file {} holds 8 bits only: choose .png or .tif for 16.", extension));
  if (auto checked = check_output("mask", path, may_overwrite); !checked) return std::unexpected(checked.error());
  return MaskFormat{.path = path, .depth = depth.value_or(may_be_wide ? 16 : 8)};
}

Expected<void> write_mask(const Map& map, const MaskFormat& format) {
  const std::string suffix = lower_extension(format.path);
  const bool is_wide = format.depth == 16;
  const auto encoded =
      is_wide ? encode(quantised<std::uint16_t, to_u16>(map).data(), map.width, map.height, 1, SampleType::u16, suffix)
              : encode(quantised<std::uint8_t, to_u8>(map).data(), map.width, map.height, 1, SampleType::u8, suffix);
  if (!encoded) return std::unexpected(encoded.error());
  return write_file("mask", format.path, {static_cast<const char*>(encoded->bytes.get()), encoded->size});
}

}  // namespace gbrs::cli
