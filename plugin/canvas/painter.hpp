// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "canvas/views.hpp"
#include "gbrs/answer.hpp"

namespace gbrs::plugin {

/// Where to paint: words of cairo's ARGB32, rows `stride` words apart.
struct PixelRows {
  std::uint32_t* words = nullptr;
  std::ptrdiff_t stride = 0;
  [[nodiscard]] std::uint32_t* row(int y) const { return words + y * stride; }
};

/// One way to look at an answer: a layer of pixels over the picture. Immutable; any thread.
class Painter {
 public:
  Painter() = default;
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;
  virtual ~Painter() = default;

  /// Paints `part` of the picture at `scale` (Answer::render has both), and returns the outline whose dashes march, if
  /// the view has one. Errors: those of Answer::render.
  virtual Expected<std::vector<OutlinePixel>> paint(const Answer& answer, Rectangle part, double scale,
                                                    PixelRows pixels) const = 0;
  /// Whether the answer may be rendered larger than the image. Else its pixels are enlarged.
  [[nodiscard]] virtual bool enlarges() const { return true; }
};

}  // namespace gbrs::plugin
