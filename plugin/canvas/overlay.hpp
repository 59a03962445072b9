// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/main_loop_call.hpp"
#include "canvas/painter.hpp"
#include "canvas/view_transform.hpp"
#include "canvas/views.hpp"
#include "gbrs/answer.hpp"

// What lies over the picture: the answer in one of the views, rendered for the visible part at the visible scale
// by a thread of its own, because a canvas of a large screen takes some 50 ms. Until the new one is there the
// canvas draws the old one at its place.

namespace gbrs::plugin {

/// A rendered layer. Coordinates are those of ViewTransform::visible() at `scale`.
struct Overlay {
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };
  std::unique_ptr<cairo_surface_t, Destroy> surface;
  Rectangle part;
  double scale = 1;
  std::vector<OutlinePixel> outline = {};  ///< of the view that is an outline

  /// Moves the outline's dashes on to this phase, 0 .. kOutlinePhases - 1.
  void march(int phase);
  /// Draws onto a context in device pixels of the canvas.
  void draw(cairo_t* context, const ViewTransform& view) const;
};

/// What is to be seen.
struct OverlayRequest {
  Answer answer;
  std::shared_ptr<const Painter> painter;
  Rectangle part;    ///< of the picture at `scale`
  double scale = 1;  ///< device pixels per image pixel
};

/// The request for what a canvas shows.
[[nodiscard]] OverlayRequest request_for(Answer answer, std::shared_ptr<const Painter> painter,
                                         const ViewTransform& transform);

/// Any thread. Errors: those of Answer::render.
[[nodiscard]] Expected<Overlay> render_overlay(const OverlayRequest& request);

class OverlayRenderer final {
 public:
  /// `on_ready` is called on the main loop for each overlay; the last one asked for always comes.
  explicit OverlayRenderer(std::function<void(Overlay)> on_ready);
  OverlayRenderer(const OverlayRenderer&) = delete;
  OverlayRenderer& operator=(const OverlayRenderer&) = delete;
  ~OverlayRenderer();

  /// Replaces a request that has not been started yet.
  void request(OverlayRequest request);

 private:
  void work(const std::stop_token& stop);
  void deliver();

  std::function<void(Overlay)> on_ready_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<OverlayRequest> next_;
  std::optional<Overlay> ready_;
  MainLoopCall deliver_;
  std::jthread worker_;  // last: stops before the rest goes
};

}  // namespace gbrs::plugin
