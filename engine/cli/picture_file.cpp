// SPDX-License-Identifier: Apache-2.0
#include "picture_file.hpp"

#include <babl/babl.h>

#include <algorithm>
#include <format>
#include <new>
#include <stdexcept>

#include "vips_image.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

/// Whole bands of 8 or 16 bits in R'G'B' or Y', the profile still to be applied.
Image to_rgb_or_gray(Image image) {
  const bool is_simple = image->Type == VIPS_INTERPRETATION_sRGB || image->Type == VIPS_INTERPRETATION_RGB ||
                         image->Type == VIPS_INTERPRETATION_RGB16 || image->Type == VIPS_INTERPRETATION_B_W ||
                         image->Type == VIPS_INTERPRETATION_GREY16;
  const bool is_integer = image->BandFmt == VIPS_FORMAT_UCHAR || image->BandFmt == VIPS_FORMAT_USHORT;
  if (is_simple && is_integer) return image;
  Image srgb = apply(vips_colourspace, image, VIPS_INTERPRETATION_sRGB);
  if (srgb) vips_image_remove(srgb.get(), VIPS_META_ICC_NAME);
  return srgb;
}

/// The babl space of the picture's profile; null (sRGB) where there is none or it is not for such pictures.
const Babl* profile_space(const Image& image) {
  const void* profile = nullptr;
  std::size_t size = 0;
  if (vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) == 0 ||
      vips_image_get_blob(image.get(), VIPS_META_ICC_NAME, &profile, &size) != 0)
    return nullptr;
  const char* problem = nullptr;
  return babl_space_from_icc(static_cast<const char*>(profile), static_cast<int>(size),
                             BABL_ICC_INTENT_RELATIVE_COLORIMETRIC, &problem);
}

const Babl* source_format(const Image& image) {
  const bool is_wide = image->BandFmt == VIPS_FORMAT_USHORT;
  const char* name = image->Bands >= 3 ? (is_wide ? "R'G'B' u16" : "R'G'B' u8") : (is_wide ? "Y' u16" : "Y' u8");
  return babl_format_with_space(name, profile_space(image));
}

/// As stored: formats of fewer bits are spread over 0..255 when they are read.
int bits_a_value(const Image& image) {
  int bits = 8;
  if (vips_image_get_typeof(image.get(), "bits-per-sample") != 0)
    vips_image_get_int(image.get(), "bits-per-sample", &bits);
  return bits;
}

Expected<void> write_values(std::string_view what, const std::uint8_t* values, int width, int height, int channels,
                            const std::string& suffix, const std::string& path) {
  const auto encoded = encode(values, width, height, channels, SampleType::u8, suffix);
  if (!encoded) return std::unexpected(encoded.error());
  return write_file(what, path, {static_cast<const char*>(encoded->bytes.get()), encoded->size});
}

}  // namespace

void start_picture_libraries(const char* program) {
  if (VIPS_INIT(program) != 0) throw std::runtime_error("libvips cannot be started: " + vips_words());
  vips_block_untrusted_set(TRUE);  // formats whose readers are not safe with hostile files
  g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, [](const char*, GLogLevelFlags, const char*, void*) {}, nullptr);
  babl_init();
}

Expected<PictureFile> read_picture(const std::string& path) {
  auto opened = open_image(path);
  if (!opened) return std::unexpected(opened.error());
  Image image = to_rgb_or_gray(std::move(*opened));
  if (!image) return damaged(path);
  const int bands = image->Bands >= 3 ? 3 : 1;
  Image colours = apply(vips_extract_band, image, 0, "n", bands);  // without alpha
  if (!colours) return damaged(path);
  std::size_t bytes = 0;
  const Bytes pixels(vips_image_write_to_memory(colours.get(), &bytes));
  if (!pixels) return damaged(path);
  try {
    PictureFile file{.width = colours->Xsize, .height = colours->Ysize, .rgb = {}};
    file.rgb.resize(static_cast<std::size_t>(file.width) * static_cast<std::size_t>(file.height) * 3);
    babl_process_rows(babl_fish(source_format(colours), babl_format("R'G'B' u8")), pixels.get(),
                      static_cast<int>(bytes / static_cast<std::size_t>(file.height)), file.rgb.data(), file.width * 3,
                      file.width, file.height);
    return file;
  } catch (const std::bad_alloc&) {
    return failure(ErrorCode::out_of_memory, std::format("There is not enough memory for the image {}.", path));
  }
}

Expected<Map> read_mask(const std::string& path) {
  auto image = open_image(path);
  if (!image) return std::unexpected(image.error());
  const double range = (*image)->BandFmt == VIPS_FORMAT_UCHAR    ? 255
                       : (*image)->BandFmt == VIPS_FORMAT_USHORT ? 65535
                                                                 : 1;
  Image first = apply(vips_extract_band, *image, 0);
  Image values = first ? apply(vips_cast, first, VIPS_FORMAT_FLOAT) : nullptr;
  std::size_t bytes = 0;
  const Bytes pixels(values ? vips_image_write_to_memory(values.get(), &bytes) : nullptr);
  if (!pixels) return damaged(path);
  const auto* data = static_cast<const float*>(pixels.get());
  Map map{.width = values->Xsize, .height = values->Ysize, .values = {data, data + bytes / sizeof(float)}};
  for (float& value : map.values) value = std::clamp(value / static_cast<float>(range), 0.0F, 1.0F);
  return map;
}

Expected<CodeFile> read_codes(const std::string& path, bool may_be_coloured) {
  auto image = open_image(path);
  if (!image) return std::unexpected(image.error());
  const auto refuse = [&](std::string_view why) {
    return failure(ErrorCode::damaged, std::format("The mask {} {}.", path, why));
  };
  if (!may_be_coloured && vips_image_get_typeof(image->get(), "palette") != 0)
    return refuse("has a palette instead of grey values");
  if (!may_be_coloured && (*image)->Bands != 1) return refuse("is not a grey picture with one channel");
  if ((*image)->BandFmt != VIPS_FORMAT_UCHAR || (!may_be_coloured && bits_a_value(*image) != 8))
    return refuse("does not have 8 bits a pixel");
  std::size_t bytes = 0;
  const Bytes pixels(vips_image_write_to_memory(image->get(), &bytes));
  if (!pixels) return damaged(path);
  const auto* data = static_cast<const std::uint8_t*>(pixels.get());
  const auto bands = static_cast<std::size_t>((*image)->Bands);
  const std::size_t colours = bands >= 3 ? 3 : 1;  // without alpha
  CodeFile file{.width = (*image)->Xsize, .height = (*image)->Ysize, .codes = {}};
  file.codes.resize(bytes / bands);
  for (std::size_t i = 0; i < file.codes.size(); ++i)
    file.codes[i] = *std::max_element(data + i * bands, data + i * bands + colours);
  return file;
}

Expected<void> write_codes(const CodeFile& codes, const std::string& path) {
  return write_values("mask", codes.codes.data(), codes.width, codes.height, 1, ".png", path);
}

Expected<void> write_picture(std::span<const std::uint8_t> rgb, int width, int height, const std::string& path) {
  return write_values("picture", rgb.data(), width, height, 3, ".jpg[Q=90]", path);
}

Expected<void> write_cut_out(std::span<const std::uint8_t> rgb, const Map& alpha, const std::string& path) {
  std::vector<std::uint8_t> rgba;
  rgba.reserve(4 * alpha.values.size());
  for (std::size_t i = 0; i < alpha.values.size(); ++i)
    rgba.insert(rgba.end(), {rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], to_u8(alpha.values[i])});
  return write_values("foreground", rgba.data(), alpha.width, alpha.height, 4, ".png", path);
}

}  // namespace gbrs::cli
