// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads PNG files of 8 bits as pixels R'G'B'.

#include <spng.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace gbrs::test {

struct Pixels {
  std::int64_t height = 0, width = 0;
  std::vector<std::uint8_t> rgb;  ///< [height,width,3]
};

inline Pixels read_png(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  const std::unique_ptr<spng_ctx, decltype(&spng_ctx_free)> context(spng_ctx_new(0), spng_ctx_free);
  spng_ihdr header{};
  std::size_t size = 0;
  if (spng_set_png_buffer(context.get(), bytes.data(), bytes.size()) != 0 ||
      spng_get_ihdr(context.get(), &header) != 0 || spng_decoded_image_size(context.get(), SPNG_FMT_RGB8, &size) != 0)
    throw std::runtime_error(path.string() + " is no .png");
  Pixels pixels{.height = header.height, .width = header.width, .rgb = std::vector<std::uint8_t>(size)};
  if (spng_decode_image(context.get(), pixels.rgb.data(), size, SPNG_FMT_RGB8, 0) != 0)
    throw std::runtime_error(path.string() + " is damaged");
  return pixels;
}

}  // namespace gbrs::test
