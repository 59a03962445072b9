// SPDX-License-Identifier: Apache-2.0
#include "label_file.hpp"

#include <spng.h>

#include <cstdio>
#include <filesystem>
#include <format>
#include <memory>
#include <new>
#include <vector>

namespace gbrs::cli {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct Free {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

constexpr std::uint32_t kMostSide = 1 << 15;
constexpr std::size_t kMostChunk = std::size_t{64} << 20;

std::unexpected<Error> damaged(const std::string& path, int code) {
  return failure(ErrorCode::damaged, std::format("The file {} is not a PNG file that can be read, or it is cut.", path),
                 spng_strerror(code));
}

/// A byte for each of the 1, 2 or 4 bits wide values that rows of whole bytes hold.
std::vector<std::uint8_t> unpacked(const std::vector<std::uint8_t>& rows, const spng_ihdr& header) {
  const std::size_t depth = header.bit_depth, width = header.width, height = header.height;
  const std::size_t row_bytes = (width * depth + 7) / 8;
  std::vector<std::uint8_t> values;
  values.reserve(width * height);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      const std::size_t bit = x * depth;
      const unsigned byte = rows[y * row_bytes + bit / 8];
      values.push_back(static_cast<std::uint8_t>(byte >> (8 - depth - bit % 8) & ((1U << depth) - 1)));
    }
  return values;
}

}  // namespace

Expected<DecodedImage> read_labels(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return failure(ErrorCode::not_found, std::format("There is no file {}.", path));
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return failure(ErrorCode::io, std::format("The file {} cannot be read.", path));
  const std::unique_ptr<spng_ctx, Free> context(spng_ctx_new(0));
  if (!context) throw std::bad_alloc();
  spng_set_image_limits(context.get(), kMostSide, kMostSide);
  spng_set_chunk_limits(context.get(), kMostChunk, kMostChunk);
  spng_ihdr header{};
  std::size_t size = 0;
  int code = spng_set_png_file(context.get(), file.get());
  if (code == 0) code = spng_get_ihdr(context.get(), &header);
  if (code != 0) return damaged(path, code);
  const bool has_values =
      header.color_type == SPNG_COLOR_TYPE_INDEXED || header.color_type == SPNG_COLOR_TYPE_GRAYSCALE;
  if (!has_values || header.bit_depth > 8)
    return failure(ErrorCode::invalid_argument,
                   std::format("The label map {} has neither a palette nor grey values of 8 bits.", path));
  code = spng_decoded_image_size(context.get(), SPNG_FMT_PNG, &size);
  if (code != 0) return damaged(path, code);
  std::vector<std::uint8_t> bytes(size);
  code = spng_decode_image(context.get(), bytes.data(), bytes.size(), SPNG_FMT_PNG, 0);
  if (code != 0) return damaged(path, code);
  return DecodedImage{.width = static_cast<int>(header.width),
                      .height = static_cast<int>(header.height),
                      .channels = 1,
                      .values = header.bit_depth == 8 ? std::move(bytes) : unpacked(bytes, header)};
}

}  // namespace gbrs::cli
