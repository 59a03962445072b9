// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/overlay.hpp"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>
#include <string>
#include <utility>

#include "base/guard.hpp"

namespace gbrs::plugin {
namespace {

std::uint32_t* words_of(cairo_surface_t* surface) {
  return reinterpret_cast<std::uint32_t*>(cairo_image_surface_get_data(surface));
}

int stride_of(cairo_surface_t* surface) {
  return cairo_image_surface_get_stride(surface) / static_cast<int>(sizeof(std::uint32_t));
}

void log_error(const std::string& message) { g_printerr("gbrs: %s\n", message.c_str()); }

}  // namespace

void Overlay::draw(cairo_t* context, const ViewTransform& view) const {
  if (!surface) return;
  const double enlarged = view.scale() / scale;  // device pixels per pixel of the overlay
  cairo_save(context);
  // a picture that shrank meanwhile has nothing beside its edges
  const Rectangle visible = view.visible();
  cairo_rectangle(context, visible.x - view.origin_x(), visible.y - view.origin_y(), visible.width, visible.height);
  cairo_clip(context);
  cairo_translate(context, -view.origin_x(), -view.origin_y());
  // up to whole device pixels: the picture's last column is not to shine through
  const double left = std::floor(part.x * enlarged);
  const double top = std::floor(part.y * enlarged);
  cairo_rectangle(context, left, top, std::ceil((part.x + part.width) * enlarged) - left,
                  std::ceil((part.y + part.height) * enlarged) - top);
  cairo_clip(context);
  cairo_scale(context, enlarged, enlarged);
  cairo_set_source_surface(context, surface.get(), part.x, part.y);
  cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD);
  // as the picture beneath it: single pixels are to be seen from this scale on
  const bool is_smooth = enlarged != 1 && view.scale() < kPixelsVisibleScale;
  cairo_pattern_set_filter(cairo_get_source(context), is_smooth ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_NEAREST);
  cairo_paint(context);
  cairo_restore(context);
}

void Overlay::march(int phase) {
  if (!surface || outline.empty()) return;
  cairo_surface_flush(surface.get());
  paint_outline(outline, part.x, part.y, phase, words_of(surface.get()), stride_of(surface.get()));
  cairo_surface_mark_dirty(surface.get());
}

OverlayRequest request_for(Answer answer, std::shared_ptr<const Painter> painter, const ViewTransform& transform) {
  const Rectangle visible = transform.visible();
  if (painter->enlarges() || transform.scale() <= 1) {
    return {std::move(answer), std::move(painter), visible, transform.scale()};
  }
  const auto down = [&](int at) { return static_cast<int>(std::floor(at / transform.scale())); };
  const auto up = [&](int at) { return static_cast<int>(std::ceil(at / transform.scale())); };
  const int left = down(visible.x);
  const int top = down(visible.y);
  const int right = std::min(up(visible.x + visible.width), answer.image_width());
  const int bottom = std::min(up(visible.y + visible.height), answer.image_height());
  return {std::move(answer), std::move(painter), {left, top, std::max(right - left, 0), std::max(bottom - top, 0)}, 1};
}

Expected<Overlay> render_overlay(const OverlayRequest& request) {
  Overlay overlay{.surface = nullptr, .part = request.part, .scale = request.scale};
  overlay.surface.reset(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, std::max(request.part.width, 1),
                                                   std::max(request.part.height, 1)));
  if (cairo_surface_status(overlay.surface.get()) != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
  auto outline = request.painter->paint(request.answer, request.part, request.scale,
                                        {words_of(overlay.surface.get()), stride_of(overlay.surface.get())});
  if (!outline) return std::unexpected(outline.error());
  overlay.outline = std::move(*outline);
  cairo_surface_mark_dirty(overlay.surface.get());
  return overlay;
}

OverlayRenderer::OverlayRenderer(std::function<void(Overlay)> on_ready)
    : on_ready_(std::move(on_ready)),
      deliver_([this] { deliver(); }, log_error),
      worker_([this](const std::stop_token& stop) { work(stop); }) {}

OverlayRenderer::~OverlayRenderer() {
  worker_.request_stop();
  worker_.join();
}

void OverlayRenderer::request(OverlayRequest request) {
  {
    const std::scoped_lock lock(mutex_);
    next_ = std::move(request);
  }
  wake_.notify_one();
}

void OverlayRenderer::work(const std::stop_token& stop) {
  while (true) {
    OverlayRequest request;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return next_.has_value(); })) return;
      request = std::move(*std::exchange(next_, std::nullopt));
    }
    guarded(false, log_error, [&] {
      auto overlay = render_overlay(request);
      if (!overlay) {
        log_error(overlay.error().message);
        return false;
      }
      {
        const std::scoped_lock lock(mutex_);
        ready_ = std::move(*overlay);  // replaces one that was not delivered yet
      }
      deliver_.request();
      return true;
    });
  }
}

void OverlayRenderer::deliver() {
  std::optional<Overlay> overlay;
  {
    const std::scoped_lock lock(mutex_);
    overlay = std::exchange(ready_, std::nullopt);
  }
  if (overlay) on_ready_(std::move(*overlay));
}

}  // namespace gbrs::plugin
