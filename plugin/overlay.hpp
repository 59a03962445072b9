// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>
#include <glib.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "gbrs/answer.hpp"
#include "view_transform.hpp"

// The tint over the picture: the answer, rendered for the visible part at the visible scale by a thread of
// its own, because a canvas of a large screen takes some 50 ms. Until the new one is there the canvas draws
// the old one at its place.

namespace gbrs::plugin {

/// A rendered tint. Coordinates are those of ViewTransform::visible() at `scale`.
struct Tint {
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };
  std::unique_ptr<cairo_surface_t, Destroy> surface;
  Rectangle part;
  double scale = 1;

  /// Draws onto a context in device pixels of the canvas.
  void draw(cairo_t* context, const ViewTransform& view) const;
};

/// Colours a rendered coverage: the object in translucent colour, its outline (coverage 0.5) opaque.
Tint make_tint(const Map& coverage, const Rectangle& part, double scale);

class OverlayRenderer final {
 public:
  /// `on_ready` is called on the main loop for each tint; the last one asked for always comes.
  explicit OverlayRenderer(std::function<void(Tint)> on_ready);
  OverlayRenderer(const OverlayRenderer&) = delete;
  OverlayRenderer& operator=(const OverlayRenderer&) = delete;
  ~OverlayRenderer();

  /// Replaces a request that has not been started yet.
  void request(Answer answer, const ViewTransform& view);

 private:
  struct Request {
    Answer answer;
    Rectangle part;
    double scale = 1;
  };
  void work(const std::stop_token& stop);
  static gboolean deliver(gpointer self);

  std::function<void(Tint)> on_ready_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<Request> next_;
  std::optional<Tint> ready_;
  std::jthread worker_;  // last: stops before the rest goes
};

}  // namespace gbrs::plugin
