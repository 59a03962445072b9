// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cairo.h>

#include <functional>
#include <memory>
#include <optional>

#include "canvas/overlay.hpp"
#include "canvas/painter.hpp"
#include "canvas/picture.hpp"
#include "canvas/view_transform.hpp"
#include "gbrs/answer.hpp"

namespace gbrs::plugin {

/// What is seen below the markers: the picture, and over it the answer in one of the views. Main thread only.
class Scene final {
 public:
  /// As long as the user holds a key, what there is is compared with this.
  enum class Comparison { none, original, previous };

  /// `on_change` is called when it is to be drawn again.
  explicit Scene(std::function<void()> on_change);

  void set_picture(std::shared_ptr<const Picture> picture);
  [[nodiscard]] const Picture* picture() const { return picture_.get(); }  ///< null: not read yet
  /// Where it lies: to be told after each change.
  void set_transform(const ViewTransform& transform);

  /// Shows this answer, until the next; an empty one shows none. `previous` is for comparing.
  void set_answer(Answer answer, Answer previous);
  /// What a click would give, over the answer; none: nothing.
  void set_preview(const std::optional<Answer>& answer, std::shared_ptr<const Painter> painter = nullptr);
  /// How the answer is to be looked at; none: not at all.
  void set_painter(std::shared_ptr<const Painter> painter);
  void set_comparison(Comparison comparison);
  [[nodiscard]] Comparison comparison() const { return comparison_; }

  /// Whether there is an outline whose dashes may march, and their next step.
  [[nodiscard]] bool has_outline() const;
  void march();

  /// Draws onto a context in device pixels of the canvas.
  void draw(cairo_t* context);

 private:
  void draw_picture(cairo_t* context);
  void request_overlay();
  void request_preview();
  [[nodiscard]] const Answer& shown_answer() const;

  std::function<void()> on_change_;
  std::shared_ptr<const Picture> picture_;
  ViewTransform transform_{1, 1};
  Answer answer_;
  Answer previous_;
  std::shared_ptr<const Painter> painter_;
  Comparison comparison_ = Comparison::none;
  Overlay overlay_;
  std::optional<Answer> previewed_;
  std::shared_ptr<const Painter> preview_painter_;
  std::optional<Overlay> preview_;  // of previewed_
  int phase_ = 0;  // of the outline's dashes

  // the picture as drawn for cached_for_, so that a new overlay costs one copy
  std::unique_ptr<cairo_surface_t, Overlay::Destroy> cached_;
  ViewTransform cached_for_{1, 1};

  // last: their callbacks use the rest
  OverlayRenderer renderer_;
  OverlayRenderer preview_renderer_;
};

}  // namespace gbrs::plugin
