// SPDX-License-Identifier: Apache-2.0
// A program of somebody else's: selects the disc in a picture it draws itself, and prints how much it got.
#include <gbrs/gbrs.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

int main() {
  constexpr int kWidth = 160;
  constexpr int kHeight = 120;
  std::vector<std::uint8_t> rgb;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const bool is_disc = std::hypot(x - 70, y - 60) < 35;
      rgb.insert(rgb.end(), {std::uint8_t(is_disc ? 220 : 40), std::uint8_t(is_disc ? 120 : 70), 90});
    }
  const auto model = gbrs::Model::open("segment-small");
  if (!model) return std::fprintf(stderr, "%s\n", model.error().message.c_str()), 1;
  auto session = gbrs::Session::create(
      *model, {.pixels = rgb.data(), .width = kWidth, .height = kHeight, .stride_bytes = 3 * kWidth});
  if (!session) return std::fprintf(stderr, "%s\n", session.error().message.c_str()), 1;
  if (const auto added = session->add({.x = 70.5, .y = 60.5}); !added) return 1;
  const auto answer = session->wait();
  if (!answer) return std::fprintf(stderr, "%s\n", answer.error().message.c_str()), 1;
  const auto mask = answer->render();
  double area = 0;
  for (const float coverage : mask->values) area += coverage;
  std::printf("gbrs %s: %.0f of %.0f pixels\n", GBRS_VERSION, area, 3.14159 * 35 * 35);
}
