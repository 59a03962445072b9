// SPDX-License-Identifier: Apache-2.0
// Source: Microsoft's description of BITMAPFILEHEADER and BITMAPINFOHEADER.
#include "bmp_file.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <format>
#include <optional>
#include <string_view>
#include <vector>

#include "gbrs/session.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

using Colour = std::array<std::uint8_t, 3>;  ///< R'G'B'

constexpr std::size_t kFileHeader = 14;
constexpr std::size_t kInfoHeader = 40;  ///< the least; later versions have more, which says nothing needed here
constexpr std::uint32_t kUncompressed = 0;

/// The little-endian number in `size` bytes; 0 beyond the end, where the checks of sizes fail.
std::uint32_t number(std::string_view bytes, std::size_t place, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size && place + i < bytes.size(); ++i)
    value |= std::uint32_t{static_cast<std::uint8_t>(bytes[place + i])} << (8 * i);
  return value;
}

Colour colour_at(std::string_view bytes, std::size_t place) {
  const auto channel = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[place + i]); };
  return {channel(2), channel(1), channel(0)};
}

struct Header {
  int width = 0;
  int height = 0;
  bool is_top_down = false;
  std::size_t bits = 0;         ///< a pixel
  std::vector<Colour> palette;  ///< of at most 8 bits
  std::size_t pixels = 0;       ///< where they begin
  std::size_t row_bytes = 0;    ///< with what fills them up to four
};

std::optional<Header> read_header(std::string_view bytes) {
  const std::size_t info = number(bytes, kFileHeader, 4);
  if (!bytes.starts_with("BM") || info < kInfoHeader || number(bytes, kFileHeader + 16, 4) != kUncompressed)
    return std::nullopt;
  Header header{.width = static_cast<int>(number(bytes, kFileHeader + 4, 4)),
                .height = static_cast<int>(number(bytes, kFileHeader + 8, 4)),
                .bits = number(bytes, kFileHeader + 14, 2),
                .palette = {},
                .pixels = number(bytes, 10, 4)};
  header.is_top_down = header.height < 0;
  if (header.is_top_down && header.height != INT32_MIN) header.height = -header.height;
  if (header.width < 1 || header.height < 1) return std::nullopt;
  if (header.bits != 1 && header.bits != 4 && header.bits != 8 && header.bits != 24 && header.bits != 32)
    return std::nullopt;
  header.row_bytes = (static_cast<std::size_t>(header.width) * header.bits + 31) / 32 * 4;
  if (header.bits > 8) return header;
  const std::size_t told = number(bytes, kFileHeader + 32, 4), most = std::size_t{1} << header.bits;
  const std::size_t count = told == 0 || told > most ? most : told;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = kFileHeader + info + 4 * i;
    if (place + 4 > bytes.size()) return std::nullopt;
    header.palette.push_back(colour_at(bytes, place));
  }
  return header;
}

/// Of a pixel in the row that begins at `row`; none: an index beyond the palette.
std::optional<Colour> pixel(const Header& header, std::string_view bytes, std::size_t row, std::size_t x) {
  if (header.bits > 8) return colour_at(bytes, row + x * header.bits / 8);
  const std::size_t bit = x * header.bits;
  const unsigned byte = static_cast<std::uint8_t>(bytes[row + bit / 8]);
  const std::size_t index = byte >> (8 - header.bits - bit % 8) & ((1U << header.bits) - 1);
  return index < header.palette.size() ? std::optional(header.palette[index]) : std::nullopt;
}

/// One channel where all three are the same.
void drop_colours(DecodedImage& image) {
  for (std::size_t i = 0; i < image.values.size(); i += 3)
    if (image.values[i] != image.values[i + 1] || image.values[i] != image.values[i + 2]) return;
  for (std::size_t i = 0; 3 * i < image.values.size(); ++i) image.values[i] = image.values[3 * i];
  image.values.resize(image.values.size() / 3);
  image.channels = 1;
}

}  // namespace

Expected<DecodedImage> read_bmp(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  const std::string_view bytes = *text;
  const auto damaged = [&] {
    return failure(ErrorCode::damaged,
                   std::format("The file {} is not an uncompressed BMP file that can be read, or it is cut.", path));
  };
  const auto header = read_header(bytes);
  if (!header) return damaged();
  if (auto checked = check_picture_size(header->width, header->height); !checked)
    return std::unexpected(checked.error());
  const auto width = static_cast<std::size_t>(header->width), height = static_cast<std::size_t>(header->height);
  if (header->pixels > bytes.size() || header->row_bytes * height > bytes.size() - header->pixels) return damaged();
  DecodedImage image{.width = header->width, .height = header->height, .channels = 3, .values = {}};
  image.values.reserve(3 * width * height);
  for (std::size_t y = 0; y < height; ++y) {
    const std::size_t row = header->pixels + header->row_bytes * (header->is_top_down ? y : height - 1 - y);
    for (std::size_t x = 0; x < width; ++x) {
      const auto colour = pixel(*header, bytes, row, x);
      if (!colour) return damaged();
      image.values.insert(image.values.end(), colour->begin(), colour->end());
    }
  }
  drop_colours(image);
  return image;
}

}  // namespace gbrs::cli
