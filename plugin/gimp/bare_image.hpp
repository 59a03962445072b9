// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

namespace gbrs::plugin {

/// The picture without what lies over it and is no part of it. Main thread only.
class BareImage final {
 public:
  /// Without its channels: GIMP shows them over it, and to a matte they say where the object is. The image itself where
  /// none is visible, else a copy, which lives as long as this.
  explicit BareImage(GimpImage* image);
  /// Without this layer or channel of it, in a copy; the image itself where that makes no difference, or for null.
  BareImage(GimpImage* image, GimpDrawable* left_out);
  BareImage(const BareImage&) = delete;
  BareImage& operator=(const BareImage&) = delete;
  ~BareImage();
  [[nodiscard]] GimpImage* get() const { return image_; }

 private:
  GimpImage* image_;
  GimpImage* copy_ = nullptr;
};

}  // namespace gbrs::plugin
