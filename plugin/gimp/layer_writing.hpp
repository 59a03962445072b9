// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <memory>

#include "gbrs/error.hpp"
#include "gimp/bridge.hpp"

namespace gbrs::plugin {

/// A new layer on top of an image, written band by band, so that a window stays alive meanwhile:
///
///   LayerWriting writing(image, type, _("Depth"), rows);
///   while (writing.write_band()) {}
///   auto added = writing.finish();
///
/// Nothing of it lies in the image before finish(), which adds it in one undo step, and without it. Main thread only.
class LayerWriting final {
 public:
  /// `rows` outlive this.
  LayerWriting(GimpImage* image, GimpImageType type, const char* name, const LayerRows& rows);
  LayerWriting(const LayerWriting&) = delete;
  LayerWriting& operator=(const LayerWriting&) = delete;
  ~LayerWriting();

  /// Writes about a megapixel (some 10 ms). False: all is written, or the image was closed, which finish() says.
  bool write_band();
  [[nodiscard]] double fraction() const;  ///< 0..1
  /// Errors: not_found (the image was closed), internal (GIMP cannot add the layer).
  Expected<void> finish();

 private:
  GimpImage* image_;
  LayerRows rows_;
  GimpLayer* layer_;  // ours until it is in the image; null then
  std::unique_ptr<LayerWriter> writer_;
  int rows_written_ = 0;
};

}  // namespace gbrs::plugin
