// SPDX-License-Identifier: Apache-2.0
#include "vips_image.hpp"

#include <filesystem>
#include <format>

#include "bmp_file.hpp"
#include "gbrs/session.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

VipsInterpretation interpretation(int channels, SampleType type) {
  const bool is_wide = type == SampleType::u16;
  if (channels >= 3) return is_wide ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
  return is_wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
}

Expected<Image> open_bmp(const std::string& path) {
  const auto decoded = read_bmp(path);
  if (!decoded) return std::unexpected(decoded.error());
  Image image(vips_image_new_from_memory_copy(decoded->values.data(), decoded->values.size(), decoded->width,
                                              decoded->height, decoded->channels, VIPS_FORMAT_UCHAR));
  if (!image) return damaged(path);
  image->Type = interpretation(decoded->channels, SampleType::u8);
  return image;
}

}  // namespace

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

Expected<Image> open_image(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return failure(ErrorCode::not_found, std::format("There is no file {}.", path));
  if (std::filesystem::is_directory(status))
    return failure(ErrorCode::invalid_argument, std::format("{} is a folder, not an image.", path));
  if (lower_extension(path) == ".bmp") return open_bmp(path);
  Image image(vips_image_new_from_file(path.c_str(), "fail_on", VIPS_FAIL_ON_TRUNCATED, nullptr));
  if (!image) return damaged(path);
  if (auto checked = check_picture_size(image->Xsize, image->Ysize); !checked) return std::unexpected(checked.error());
  Image turned = apply(vips_autorot, image);
  if (!turned) return damaged(path);
  return turned;
}

Expected<Encoded> encode(const void* values, int width, int height, int channels, SampleType type,
                         const std::string& suffix) {
  const VipsBandFormat format = type == SampleType::u8    ? VIPS_FORMAT_UCHAR
                                : type == SampleType::u16 ? VIPS_FORMAT_USHORT
                                                          : VIPS_FORMAT_FLOAT;
  const std::size_t count =
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(channels);
  const Image image(vips_image_new_from_memory(values, count * vips_format_sizeof(format), width, height, channels,
                                               format));
  if (image) image->Type = interpretation(channels, type);
  void* bytes = nullptr;
  Encoded encoded;
  const bool is_written =
      image && vips_image_write_to_buffer(image.get(), suffix.c_str(), &bytes, &encoded.size, nullptr) == 0;
  encoded.bytes.reset(bytes);
  if (!is_written) return failure(ErrorCode::io, "The image cannot be encoded.", vips_words());
  return encoded;
}

}  // namespace gbrs::cli
