// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/image_watch.hpp"

#include <utility>

#include "base/guard.hpp"

namespace gbrs::plugin {
namespace {

constexpr guint kLookMs = 500;  // a look takes 0.6 ms at 24 megapixels, at most 1.4
/// Of the visible picture; small changes of a large picture are not seen in it, nor do they matter to an answer.
constexpr int kThumbnailSize = 192;

}  // namespace

ImageWatch::ImageWatch(GimpImage* image, Callbacks callbacks)
    : image_(image),
      callbacks_(std::move(callbacks)),
      width_(gimp_image_get_width(image)),
      height_(gimp_image_get_height(image)),
      timer_(g_timeout_add(kLookMs, on_tick, this)) {}

ImageWatch::~ImageWatch() { g_source_remove(timer_); }

gboolean ImageWatch::on_tick(gpointer data) {
  auto* const self = static_cast<ImageWatch*>(data);
  guarded(false, self->callbacks_.error, [self] {
    self->look();
    return true;
  });
  return G_SOURCE_CONTINUE;
}

void ImageWatch::accept() {
  width_ = gimp_image_get_width(image_);
  height_ = gimp_image_get_height(image_);
  has_other_size_ = false;
  is_repainted_ = false;
  thumbnail_ = thumbnail();
}

std::vector<std::uint8_t> ImageWatch::thumbnail() const {
  GdkPixbuf* const pixels = gimp_image_get_thumbnail(image_, kThumbnailSize, kThumbnailSize, GIMP_PIXBUF_KEEP_ALPHA);
  if (pixels == nullptr) return {};
  const std::uint8_t* const bytes = gdk_pixbuf_read_pixels(pixels);
  std::vector<std::uint8_t> copy(bytes, bytes + gdk_pixbuf_get_byte_length(pixels));
  g_object_unref(pixels);
  return copy;
}

bool ImageWatch::is_as_accepted() {
  look();
  return gimp_image_is_valid(image_) && !has_other_size_ && !is_repainted_ && !thumbnail_.empty();
}

void ImageWatch::look() {
  if (!gimp_image_is_valid(image_)) {
    callbacks_.closed();
    return;
  }
  const bool has_other = gimp_image_get_width(image_) != width_ || gimp_image_get_height(image_) != height_;
  if (std::exchange(has_other_size_, has_other) != has_other) callbacks_.resized();
  if (has_other || thumbnail_.empty()) return;
  if (auto now = thumbnail(); now != thumbnail_) {
    thumbnail_ = std::move(now);
    is_repainted_ = true;
    callbacks_.repainted();
  }
}

}  // namespace gbrs::plugin
