// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <cstdint>
#include <vector>

#include "coverage.hpp"

// All reading and writing of GIMP's pixels. Main thread only (one pipe to GIMP).
//
// Encodings: selections and layer masks are linear ("Y"), a channel of an 8-bit non-linear image is "Y'".
// A coverage is a number, not light: it is written in the drawable's own encoding, so that no curve is ever
// applied to it. Whether writing is allowed (content locks!) is the caller's business: see output.hpp.

namespace gbrs::plugin {

/// What the user sees: R'G'B' in sRGB and straight alpha, 4 bytes a pixel.
struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;
  bool is_opaque = true;

  [[nodiscard]] ImageView view() const;
};

/// Reads the visible picture (all layers together) band by band, so that a window stays alive meanwhile.
/// The image gets neither a layer nor an undo step from it.
class PictureReader final {
 public:
  /// Errors: unsupported (too large, nothing to see).
  static Expected<PictureReader> open(GimpImage* image);
  PictureReader(PictureReader&& other) noexcept;
  PictureReader& operator=(PictureReader&&) = delete;
  ~PictureReader();

  /// Reads about a megapixel (some 10 ms). False: all was read, take() has it.
  bool read_band();
  [[nodiscard]] double fraction() const;  ///< 0..1
  [[nodiscard]] Pixels take() { return std::move(pixels_); }

 private:
  PictureReader(GimpLayer* layer, int width, int height);
  void close();

  GimpLayer* layer_;
  GeglBuffer* buffer_;
  Pixels pixels_;
  int rows_read_ = 0;
};

/// The whole picture at once.
Expected<Pixels> read_picture(GimpImage* image);

/// The sample type of the image's selection, masks and channels.
Depth sample_depth(GimpImage* image);

/// The coverage stored in a selection, mask or channel; it must have samples of `depth`.
Coverage read_coverage(GimpDrawable* drawable, Depth depth);

/// Which numbers of a drawable are meant: the grey ones of a selection, mask or channel; a layer's opacity; how much
/// green (sRGB) there is.
enum class Samples { coverage, alpha, green };

/// A part of a drawable as numbers 0..1, never bent by a curve; the part is in the drawable's own coordinates and may
/// reach beyond it, where the value is 0.
Map read_numbers(GimpDrawable* drawable, Samples samples, Rectangle part);

/// Replaces a new mask's or channel's contents. No undo step: that is the adding of the item.
void write_coverage(GimpDrawable* drawable, const Coverage& coverage);

/// Replaces the image's selection, in one undo step.
void write_selection(GimpImage* image, const Coverage& coverage);

}  // namespace gbrs::plugin
