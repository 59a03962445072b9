// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gbrs::plugin {

/// Looks now and then at the image, which may change in GIMP while our window is open.
class ImageWatch final {
 public:
  struct Callbacks {
    std::function<void()> closed;
    std::function<void()> resized;    ///< has_other_size() is another than before
    std::function<void()> repainted;  ///< it looks different than at the last accept()
    std::function<void(const std::string& message)> error;
  };

  ImageWatch(GimpImage* image, Callbacks callbacks);
  ImageWatch(const ImageWatch&) = delete;
  ImageWatch& operator=(const ImageWatch&) = delete;
  ~ImageWatch();

  /// The image as it is now is the one that the window is about.
  void accept();

  [[nodiscard]] int width() const { return width_; }    ///< at the last accept(), pixels
  [[nodiscard]] int height() const { return height_; }  ///< at the last accept(), pixels
  /// Looks at once: whether it is as it was at the last accept().
  [[nodiscard]] bool is_as_accepted();
  /// Than at the last accept(): answers do not fit any more.
  [[nodiscard]] bool has_other_size() const { return has_other_size_; }

 private:
  static gboolean on_tick(gpointer self);
  void look();
  [[nodiscard]] std::vector<std::uint8_t> thumbnail() const;

  GimpImage* image_;
  Callbacks callbacks_;
  int width_;
  int height_;
  bool has_other_size_ = false;
  bool is_repainted_ = false;
  std::vector<std::uint8_t> thumbnail_;  // empty before the first accept()
  guint timer_;
};

}  // namespace gbrs::plugin
