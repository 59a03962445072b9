// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "gimp/coverage.hpp"

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

/// Rows of the coverage stored in a selection, mask or channel; it must have samples of `depth`.
Coverage read_coverage(GimpDrawable* drawable, Depth depth, int first_row, int rows);

/// Which numbers of a drawable are meant: the grey ones of a selection, mask or channel; a layer's opacity; how much
/// green (sRGB) there is.
enum class Samples { coverage, alpha, green };

/// A part of a drawable as numbers 0..1, never bent by a curve; the part is in the drawable's own coordinates and may
/// reach beyond it, where the value is 0.
Map read_numbers(GimpDrawable* drawable, Samples samples, Rectangle part);

/// A part of a layer or channel as its grey values, as it stores them: never bent by a curve, 0..1 but for layers of
/// floats. The part lies in the drawable, in its own coordinates. Errors: unsupported (colours, transparent or infinite
/// pixels), with the drawable's name.
Expected<Map> read_greys(GimpDrawable* drawable, Rectangle part);

/// What a new layer is to show, row by row.
struct LayerRows {
  enum class Values {
    greys,    ///< a float 0..1 a pixel, which the layer stores as it is: never bent by a curve
    colours,  ///< 3 bytes of R'G'B' in sRGB a pixel, for an RGB layer
  };
  Values values = Values::greys;
  int width = 0;
  int height = 0;
  const void* data = nullptr;
};

/// Takes them in bands into a layer that is not in the image yet. The layer has their size; both outlive this.
class LayerWriter final {
 public:
  LayerWriter(GimpLayer* layer, const LayerRows& rows);

  void write(int first_row, int rows);
  void end();  ///< all rows are written

 private:
  struct Unref {
    void operator()(GeglBuffer* buffer) const { g_object_unref(buffer); }
  };

  GimpDrawable* drawable_;
  LayerRows rows_;
  std::unique_ptr<GeglBuffer, Unref> buffer_;
};

/// Gives the pixels of a layer that are partly opaque by `alpha` the colours `rgb` (R'G'B' of sRGB, 3 bytes a pixel),
/// in bands; their own opacity and all other pixels stay as they are. The layer is not in the image yet. All three are
/// of one size and outlive this.
class SoftColourWriter final {
 public:
  SoftColourWriter(GimpLayer* layer, std::span<const std::uint8_t> rgb, const Map& alpha);

  /// Writes about a megapixel. False: all is written.
  bool write_band();

 private:
  struct Unref {
    void operator()(GeglBuffer* buffer) const { g_object_unref(buffer); }
  };

  void write_row(int y);

  GimpDrawable* drawable_;
  std::span<const std::uint8_t> rgb_;
  const Map& alpha_;
  std::vector<float> row_;  // R'G'B'A
  int rows_written_ = 0;
  std::unique_ptr<GeglBuffer, Unref> buffer_;
};

/// Takes a coverage in bands into a selection, a mask or a channel.
class CoverageWriter final {
 public:
  enum class Into {
    drawable,  ///< one that is not in the image yet: no undo step, that is the adding
    shadow,    ///< seen with merge() only, which is one undo step; without it nothing has changed
  };

  /// The coverage's first pixel comes to (x, y) of the drawable.
  CoverageWriter(GimpDrawable* drawable, Into into, int x, int y);

  /// Writes those of the coverage's rows that lie in the drawable.
  void write(const Coverage& coverage, int first_row, int rows);
  void end();    ///< all rows are written
  void merge();  ///< after end(): makes a shadow the drawable's contents

 private:
  struct Unref {
    void operator()(GeglBuffer* buffer) const { g_object_unref(buffer); }
  };

  GimpDrawable* drawable_;
  Into into_;
  std::unique_ptr<GeglBuffer, Unref> buffer_;
  int x_;
  int y_;
};

}  // namespace gbrs::plugin
