// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

namespace gbrs::plugin {

/// The picture without its channels: GIMP shows them over it, and to a matte they say where the object is. Main thread
/// only.
class BareImage final {
 public:
  /// The image itself where no channel is visible, else a copy, which lives as long as this.
  explicit BareImage(GimpImage* image);
  BareImage(const BareImage&) = delete;
  BareImage& operator=(const BareImage&) = delete;
  ~BareImage();
  [[nodiscard]] GimpImage* get() const { return image_; }

 private:
  GimpImage* image_;
  GimpImage* copy_ = nullptr;
};

}  // namespace gbrs::plugin
