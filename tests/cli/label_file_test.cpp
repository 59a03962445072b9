// SPDX-License-Identifier: Apache-2.0
#include "label_file.hpp"

#include <gtest/gtest.h>
#include <spng.h>

#include <cstdio>
#include <memory>

#include "support/temporary_folder.hpp"

namespace gbrs::cli::test {
namespace {

constexpr int kWidth = 13, kHeight = 5;  // no whole number of bytes a row at 1, 2 and 4 bits

std::uint8_t value_at(int x, int y, int depth) { return static_cast<std::uint8_t>((x * 7 + y * 31) % (1 << depth)); }

/// Writes the values above with a palette whose colours have nothing to do with them.
void write(const std::string& path, int depth, std::uint8_t colour_type) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(SPNG_CTX_ENCODER), spng_ctx_free);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"), std::fclose);
  spng_set_png_file(context.get(), file.get());
  spng_ihdr header{.width = kWidth,
                   .height = kHeight,
                   .bit_depth = static_cast<std::uint8_t>(depth),
                   .color_type = colour_type,
                   .compression_method = 0,
                   .filter_method = 0,
                   .interlace_method = 0};
  spng_set_ihdr(context.get(), &header);
  spng_plte palette{};
  palette.n_entries = 1U << depth;
  for (std::uint32_t i = 0; i < palette.n_entries; ++i)
    palette.entries[i] = {9, static_cast<std::uint8_t>(i / 16), 9, 255};
  if (colour_type == SPNG_COLOR_TYPE_INDEXED) spng_set_plte(context.get(), &palette);
  const int row_bytes = (kWidth * depth + 7) / 8;
  std::vector<std::uint8_t> rows(static_cast<std::size_t>(row_bytes * kHeight));
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const int bit = x * depth;
      rows[static_cast<std::size_t>(y * row_bytes + bit / 8)] |=
          static_cast<std::uint8_t>(value_at(x, y, depth) << (8 - depth - bit % 8));
    }
  ASSERT_EQ(spng_encode_image(context.get(), rows.data(), rows.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE), 0);
}

TEST(LabelFile, GivesIndicesAndGreyValuesOfEveryDepth) {
  const gbrs::test::TemporaryFolder folder;
  const std::string path = folder.path() / "labels.png";
  for (const auto colour_type : {SPNG_COLOR_TYPE_INDEXED, SPNG_COLOR_TYPE_GRAYSCALE}) {
    for (const int depth : {1, 2, 4, 8}) {
      write(path, depth, static_cast<std::uint8_t>(colour_type));
      const auto labels = read_labels(path);
      ASSERT_TRUE(labels) << labels.error().message << labels.error().detail;
      ASSERT_EQ(labels->width, kWidth);
      ASSERT_EQ(labels->height, kHeight);
      for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
          ASSERT_EQ(labels->values[static_cast<std::size_t>(y * kWidth + x)], value_at(x, y, depth)) << depth;
    }
  }
}

TEST(LabelFile, RefusesWhatIsNoLabelMap) {
  const gbrs::test::TemporaryFolder folder;
  const std::string path = folder.path() / "labels.png";
  EXPECT_EQ(read_labels(path).error().code, ErrorCode::not_found);
  write(path, 8, SPNG_COLOR_TYPE_INDEXED);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 30);
  EXPECT_EQ(read_labels(path).error().code, ErrorCode::damaged);
  std::filesystem::resize_file(path, 0);
  EXPECT_EQ(read_labels(path).error().code, ErrorCode::damaged);
}

}  // namespace
}  // namespace gbrs::cli::test
