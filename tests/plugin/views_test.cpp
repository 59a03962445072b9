// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/views.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace gbrs::plugin {
namespace {

// What the eye gets: the view over a picture of one grey, as one channel.
class Shown {
 public:
  Shown(View view, const Map& map, int ground, int left = 0, int top = 0)
      : width_(map.width), words_(map.values.size()), ground_(ground) {
    paint_view(view, map, left, top, words_.data(), map.width);
  }
  [[nodiscard]] int blue(int x, int y) const { return channel(x, y, 0); }
  [[nodiscard]] int red(int x, int y) const { return channel(x, y, 16); }
  [[nodiscard]] bool is_premultiplied() const {
    for (const std::uint32_t word : words_) {
      for (const int shift : {0, 8, 16}) {
        if ((word >> shift & 255) > word >> 24) return false;
      }
    }
    return true;
  }

 private:
  [[nodiscard]] int channel(int x, int y, int shift) const {
    const std::uint32_t word = words_[static_cast<std::size_t>(y * width_ + x)];
    const int alpha = static_cast<int>(word >> 24);
    return static_cast<int>(word >> shift & 255) + (ground_ * (255 - alpha) + 127) / 255;
  }
  int width_;
  std::vector<std::uint32_t> words_;
  int ground_;
};

// Columns: nothing, half (just below the outline's 0.5), all.
const Map kSteps{3, 1, {0.0F, 0.4F, 1.0F}};

// A square of 8 x 8 in the middle of 16 x 16.
Map square() {
  Map map{16, 16, std::vector<float>(256)};
  for (int y = 4; y < 12; ++y) {
    for (int x = 4; x < 12; ++x) map.values[static_cast<std::size_t>(y * 16 + x)] = 1;
  }
  return map;
}

TEST(Views, OnBlackAndWhiteTheObjectStaysAndTheRestGoes) {
  const Shown black(View::black, kSteps, 200);
  EXPECT_EQ(black.red(0, 0), 0);
  EXPECT_NEAR(black.red(1, 0), 0.4 * 200, 1);
  EXPECT_EQ(black.red(2, 0), 200);
  const Shown white(View::white, kSteps, 100);
  EXPECT_EQ(white.red(0, 0), 255);
  EXPECT_NEAR(white.red(1, 0), 0.4 * 100 + 0.6 * 255, 1);
  EXPECT_EQ(white.red(2, 0), 100);
}

TEST(Views, TheMaskIsTheCoverageWhateverThePicture) {
  for (const int ground : {0, 90, 255}) {
    const Shown mask(View::mask, kSteps, ground);
    EXPECT_EQ(mask.red(0, 0), 0);
    EXPECT_EQ(mask.red(1, 0), 102);
    EXPECT_EQ(mask.red(2, 0), 255);
  }
}

TEST(Views, TheTintColoursTheObjectOnly) {
  const Map map = square();
  const Shown tint(View::tint, map, 128);
  EXPECT_EQ(tint.blue(0, 0), 128);
  EXPECT_GT(tint.blue(8, 8), tint.red(8, 8) + 50);
  EXPECT_EQ(tint.blue(4, 8), 255) << "its outline is opaque";
  EXPECT_EQ(tint.blue(3, 8), 128) << "and lies inside";
}

TEST(Views, TheOutlineIsVisibleOnAnyGround) {
  const Map map = square();
  for (const int ground : {0, 64, 128, 192, 255}) {
    const Shown outline(View::outline, map, ground);
    for (int y = 4; y + 1 < 12; ++y) {  // within two pixels along the left edge, seen from either side
      int bright = 0;
      int dark = 0;
      for (const int x : {3, 4}) {
        for (const int v : {y, y + 1}) {
          bright += outline.red(x, v) == 255;
          dark += outline.red(x, v) == 0;
        }
      }
      EXPECT_GT(bright, 0);
      EXPECT_GT(dark, 0);
      EXPECT_EQ(bright + dark, 4);
    }
    EXPECT_NE(outline.red(4, 5), outline.red(4, 9)) << "dashed";
    EXPECT_EQ(outline.red(8, 8), ground);
    EXPECT_EQ(outline.red(0, 0), ground);
  }
}

TEST(Views, TheOutlinesDashesMarchAndComeBack) {
  const Map map = square();
  const auto outline = outline_of(map);
  EXPECT_EQ(outline.size(), 28U + 32U) << "inside and outside, which has no corners";
  const auto painted = [&](int phase) {
    std::vector<std::uint32_t> pixels(256, 0);
    paint_outline(outline, 7, 3, phase, pixels.data(), 16);
    return pixels;
  };
  std::vector<std::uint32_t> whole(256, 1);
  paint_view(View::outline, map, 7, 3, whole.data(), 16);
  EXPECT_EQ(painted(0), whole);
  for (int phase = 1; phase < kOutlinePhases; ++phase) EXPECT_NE(painted(phase), whole) << phase;
  EXPECT_EQ(painted(kOutlinePhases), whole);
  // a step is a pixel: what was on the left is now here
  EXPECT_EQ(painted(1)[3 * 16 + 8], painted(0)[3 * 16 + 7]);
}

TEST(Views, TheEdgeOfThePictureIsNoOutline) {
  const Shown outline(View::outline, Map{4, 4, std::vector<float>(16, 1.0F)}, 50);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(outline.red(i, 0), 50);
}

TEST(Views, TheCheckerboardMovesWithThePicture) {
  const Map nothing{40, 40, std::vector<float>(1600)};
  const Shown board(View::checks, nothing, 50);
  const Shown moved(View::checks, nothing, 50, 7, 21);
  EXPECT_EQ(board.red(0, 0), kDarkCheck);
  EXPECT_EQ(board.red(16, 0), kBrightCheck);
  EXPECT_EQ(board.red(16, 16), kDarkCheck);
  for (int y = 0; y < 19; ++y) {
    for (int x = 0; x < 33; ++x) ASSERT_EQ(moved.red(x, y), board.red(x + 7, y + 21));
  }
  EXPECT_EQ(Shown(View::checks, kSteps, 50).red(2, 0), 50) << "the object covers it";
}

TEST(Views, AllArePremultiplied) {
  Map ramp{256, 1, {}};
  for (int i = 0; i < 256; ++i) ramp.values.push_back(static_cast<float>(i) / 255.0F);
  for (int view = 0; view < kViews; ++view) {
    EXPECT_TRUE(Shown(static_cast<View>(view), ramp, 0).is_premultiplied()) << view;
  }
}

}  // namespace
}  // namespace gbrs::plugin
