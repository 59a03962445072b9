// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/picture_loading.hpp"

#include <utility>

#include "base/guard.hpp"
#include "base/translation.hpp"
#include "gimp/display_colours.hpp"

namespace gbrs::plugin {

PictureLoading::PictureLoading(std::function<GimpImage*()> image, GtkWidget* canvas, Callbacks callbacks)
    : image_(std::move(image)),
      canvas_(canvas),
      callbacks_(std::move(callbacks)),
      made_(
          [this] {
            if (!is_made_.exchange(false)) return;  // of a picture that was thrown away
            if (picture_) {
              callbacks_.made(std::move(picture_));
            } else {
              callbacks_.error(_("There is not enough memory to show the picture."));
            }
          },
          callbacks_.error) {}

PictureLoading::~PictureLoading() { stop(); }

void PictureLoading::begin() {
  is_known_ = false;
  start();
}

void PictureLoading::show_again() {
  // a reading ends with the colours of the monitor where the canvas is then
  if (!is_reading_ && is_known_) start();
}

bool PictureLoading::put_off() {
  if (!is_reading_ || !is_known_) return false;
  stop();
  return true;
}

void PictureLoading::start() {
  stop();
  is_reading_ = true;
  g_idle_add_full(G_PRIORITY_LOW, on_idle, this, nullptr);
}

void PictureLoading::stop() {
  while (g_idle_remove_by_data(this)) {
  }
  reader_.reset();
  is_reading_ = false;
}

gboolean PictureLoading::on_idle(gpointer data) {
  auto* const self = static_cast<PictureLoading*>(data);
  self->is_reading_ = guarded(
      false, [self](const std::string& text) { self->fail(text); }, [self] { return self->read_some(); });
  return self->is_reading_ ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void PictureLoading::fail(const std::string& message) {
  is_reading_ = false;  // whoever hears of it asks
  callbacks_.error(message);
}

bool PictureLoading::read_some() {
  if (!reader_) {
    GimpImage* const image = image_();
    if (image == nullptr) return false;
    auto opened = PictureReader::open(image);
    if (!opened) {
      fail(opened.error().message);
      return false;
    }
    reader_.emplace(std::move(*opened));
  }
  if (reader_->read_band()) {
    callbacks_.progress(reader_->fraction());
    return true;
  }
  Pixels pixels = reader_->take();
  reader_.reset();
  if (!std::exchange(is_known_, true)) {
    is_known_ = callbacks_.read(pixels);
    if (!is_known_) return false;
  }
  make_picture(std::move(pixels));
  return false;
}

void PictureLoading::make_picture(Pixels pixels) {
  thread_ = {};  // one that is still at work writes picture_, too
  picture_.reset();
  is_made_ = false;
  thread_ = std::jthread([this, colours = DisplayColours(canvas_), pixels = std::move(pixels)]() mutable {
    // a failure (memory) leaves picture_ empty; made_ says so
    guarded(false, [](const std::string&) {},
            [&] {
              colours.convert(pixels);
              picture_ = std::make_unique<const Picture>(std::move(pixels));
              return true;
            });
    is_made_ = true;
    made_.request();
  });
}

}  // namespace gbrs::plugin
