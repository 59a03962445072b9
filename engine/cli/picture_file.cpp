// SPDX-License-Identifier: Apache-2.0
#include "picture_file.hpp"

#include <babl/babl.h>
#include <vips/vips.h>

#include <filesystem>
#include <format>
#include <memory>

#include "gbrs/session.hpp"

namespace gbrs::cli {
namespace {

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

struct Free {
  void operator()(void* memory) const { g_free(memory); }
};

/// The words of libvips for the last failure, one line.
std::string vips_words() {
  std::string words = vips_error_buffer();
  vips_error_clear();
  while (!words.empty() && words.back() == '\n') words.pop_back();
  for (char& c : words)
    if (c == '\n') c = ';';
  return words;
}

std::unexpected<Error> damaged(const std::string& path) {
  return failure(ErrorCode::damaged, std::format("The file {} is not an image that can be read, or it is cut.", path),
                 vips_words());
}

/// Applies a libvips operation of the form operation(in, &out, ..., NULL); null on failure.
template <class Operation, class... Arguments>
Image apply(Operation operation, const Image& in, Arguments... arguments) {
  VipsImage* out = nullptr;
  return Image(operation(in.get(), &out, arguments..., nullptr) == 0 ? out : nullptr);
}

Expected<Image> open(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return failure(ErrorCode::not_found, std::format("There is no file {}.", path));
  if (std::filesystem::is_directory(status))
    return failure(ErrorCode::invalid_argument, std::format("{} is a folder, not an image.", path));
  Image image(vips_image_new_from_file(path.c_str(), "fail_on", VIPS_FAIL_ON_TRUNCATED, nullptr));
  if (!image) return damaged(path);
  if (auto checked = check_picture_size(image->Xsize, image->Ysize); !checked) return std::unexpected(checked.error());
  Image turned = apply(vips_autorot, image);
  if (!turned) return damaged(path);
  return turned;
}

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

}  // namespace

Expected<PictureFile> read_picture(const std::string& path) {
  auto opened = open(path);
  if (!opened) return std::unexpected(opened.error());
  Image image = to_rgb_or_gray(std::move(*opened));
  if (!image) return damaged(path);
  const int bands = image->Bands >= 3 ? 3 : 1;
  Image colours = apply(vips_extract_band, image, 0, "n", bands);  // without alpha
  if (!colours) return damaged(path);
  std::size_t bytes = 0;
  const std::unique_ptr<void, Free> pixels(vips_image_write_to_memory(colours.get(), &bytes));
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
  auto image = open(path);
  if (!image) return std::unexpected(image.error());
  const double range = (*image)->BandFmt == VIPS_FORMAT_UCHAR ? 255 : (*image)->BandFmt == VIPS_FORMAT_USHORT ? 65535 : 1;
  Image first = apply(vips_extract_band, *image, 0);
  Image values = first ? apply(vips_cast, first, VIPS_FORMAT_FLOAT) : nullptr;
  std::size_t bytes = 0;
  const std::unique_ptr<void, Free> pixels(values ? vips_image_write_to_memory(values.get(), &bytes) : nullptr);
  if (!pixels) return damaged(path);
  const auto* data = static_cast<const float*>(pixels.get());
  Map map{.width = values->Xsize, .height = values->Ysize, .values = {data, data + bytes / sizeof(float)}};
  for (float& value : map.values) value = std::clamp(value / static_cast<float>(range), 0.0F, 1.0F);
  return map;
}

}  // namespace gbrs::cli
