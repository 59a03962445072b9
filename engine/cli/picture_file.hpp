// SPDX-License-Identifier: Apache-2.0
#pragma once

// Image files with libvips, which looks at a file's header before it decodes, refuses cut files and
// knows every common format; colours become sRGB by babl, the library GIMP does it with, so that the command
// line sees the same bytes as the plug-in.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/image.hpp"

namespace gbrs::cli {

/// Before anything else of this file. `program`: argv[0]. Throws std::runtime_error.
void start_picture_libraries(const char* program);

/// Pixels read from a file: interleaved R'G'B', 8 bits, sRGB.
struct PictureFile {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  [[nodiscard]] ImageView view() const {
    return {.pixels = rgb.data(), .width = width, .height = height, .stride_bytes = std::ptrdiff_t{width} * 3};
  }
};

/// Reads a picture of 8 or 16 bits (or more) a channel, turned as its EXIF orientation says; transparency is
/// ignored. Errors: not_found, damaged (not an image, cut), invalid_argument (too large), out_of_memory.
Expected<PictureFile> read_picture(const std::string& path);

/// Codes of a mask, one for each pixel: no colours, so no profile and no gamma touches them.
struct CodeFile {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> codes;
};

/// Reads the exact values of a grey image of 8 bits; if it `may_be_coloured`, of one with a palette, colours or fewer
/// bits (spread over 0..255), too: the largest of a pixel's channels. Errors: not_found, damaged (several channels, a
/// palette, more or fewer bits, cut), invalid_argument (too large), out_of_memory.
Expected<CodeFile> read_codes(const std::string& path, bool may_be_coloured = false);
/// Writes a grey PNG of 8 bits. Errors: io.
Expected<void> write_codes(const CodeFile& codes, const std::string& path);
/// Writes interleaved R'G'B' of 8 bits as JPEG. Errors: io.
Expected<void> write_picture(std::span<const std::uint8_t> rgb, int width, int height, const std::string& path);
/// Writes interleaved R'G'B' of 8 bits, as opaque as `alpha` says, as PNG. Errors: io.
Expected<void> write_cut_out(std::span<const std::uint8_t> rgb, const Map& alpha, const std::string& path);

/// Reads a mask: the first channel, 0..1 of its range. Errors as read_picture.
Expected<Map> read_mask(const std::string& path);

}  // namespace gbrs::cli
