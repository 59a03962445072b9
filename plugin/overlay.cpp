// SPDX-License-Identifier: GPL-3.0-or-later
#include "overlay.hpp"

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

#include "guard.hpp"

namespace gbrs::plugin {
namespace {

// A blue that neither skin, fur nor leaves have.
constexpr double kRed = 0.05;
constexpr double kGreen = 0.40;
constexpr double kBlue = 1.00;
constexpr double kOpacity = 0.35;
constexpr float kThreshold = 0.5F;

std::uint32_t premultiplied(double alpha) {
  const auto byte = [](double value) { return static_cast<std::uint32_t>(value * 255.0 + 0.5); };
  return byte(alpha) << 24 | byte(kRed * alpha) << 16 | byte(kGreen * alpha) << 8 | byte(kBlue * alpha);
}

// Inside, with an outside neighbour in the rendered part.
bool is_outline(const Map& map, int x, int y) {
  const auto outside = [&](int u, int v) {
    return u >= 0 && v >= 0 && u < map.width && v < map.height && map.at(u, v) < kThreshold;
  };
  return map.at(x, y) >= kThreshold &&
         (outside(x - 1, y) || outside(x + 1, y) || outside(x, y - 1) || outside(x, y + 1));
}

}  // namespace

void Tint::draw(cairo_t* context, const ViewTransform& view) const {
  if (!surface) return;
  cairo_save(context);
  // a picture that shrank meanwhile is not to be tinted beside its edges
  const Rectangle visible = view.visible();
  cairo_rectangle(context, visible.x - view.origin_x(), visible.y - view.origin_y(), visible.width, visible.height);
  cairo_clip(context);
  cairo_translate(context, -view.origin_x(), -view.origin_y());
  cairo_scale(context, view.scale() / scale, view.scale() / scale);
  cairo_set_source_surface(context, surface.get(), part.x, part.y);
  cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST);
  cairo_paint(context);
  cairo_restore(context);
}

Tint make_tint(const Map& coverage, const Rectangle& part, double scale) {
  Tint tint{.surface = nullptr, .part = part, .scale = scale};
  tint.surface.reset(
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, std::max(part.width, 1), std::max(part.height, 1)));
  if (cairo_surface_status(tint.surface.get()) != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
  std::uint32_t table[256];
  for (int i = 0; i < 256; ++i) table[i] = premultiplied(kOpacity * i / 255.0);
  const std::uint32_t outline = premultiplied(1.0);
  unsigned char* const bytes = cairo_image_surface_get_data(tint.surface.get());
  const int stride = cairo_image_surface_get_stride(tint.surface.get());
  for (int y = 0; y < coverage.height; ++y) {
    auto* const row = reinterpret_cast<std::uint32_t*>(bytes + static_cast<std::ptrdiff_t>(y) * stride);
    for (int x = 0; x < coverage.width; ++x) {
      row[x] = is_outline(coverage, x, y) ? outline : table[to_u8(coverage.at(x, y))];
    }
  }
  cairo_surface_mark_dirty(tint.surface.get());
  return tint;
}

OverlayRenderer::OverlayRenderer(std::function<void(Tint)> on_ready)
    : on_ready_(std::move(on_ready)), worker_([this](const std::stop_token& stop) { work(stop); }) {}

OverlayRenderer::~OverlayRenderer() {
  worker_.request_stop();
  worker_.join();
  while (g_idle_remove_by_data(this)) {
  }
}

void OverlayRenderer::request(Answer answer, const ViewTransform& view) {
  {
    const std::scoped_lock lock(mutex_);
    next_ = Request{std::move(answer), view.visible(), view.scale()};
  }
  wake_.notify_one();
}

void OverlayRenderer::work(const std::stop_token& stop) {
  while (true) {
    Request request;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return next_.has_value(); })) return;
      request = std::move(*std::exchange(next_, std::nullopt));
    }
    const auto on_error = [](const std::string& message) { g_printerr("gbrs: %s\n", message.c_str()); };
    guarded(false, on_error, [&] {
      const auto map = request.answer.render(request.part, request.scale);
      if (!map) {
        on_error(map.error().message);
        return false;
      }
      Tint tint = make_tint(*map, request.part, request.scale);
      const std::scoped_lock lock(mutex_);
      // a tint not delivered yet is replaced, its idle call delivers this one
      if (!std::exchange(ready_, std::move(tint)).has_value()) g_idle_add(deliver, this);
      return true;
    });
  }
}

gboolean OverlayRenderer::deliver(gpointer data) {
  auto* const self = static_cast<OverlayRenderer*>(data);
  const auto on_error = [](const std::string& message) { g_printerr("gbrs: %s\n", message.c_str()); };
  guarded(false, on_error, [&] {
    std::optional<Tint> tint;
    {
      const std::scoped_lock lock(self->mutex_);
      tint = std::exchange(self->ready_, std::nullopt);
    }
    if (tint) self->on_ready_(std::move(*tint));
    return true;
  });
  return G_SOURCE_REMOVE;
}

}  // namespace gbrs::plugin
