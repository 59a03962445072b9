// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/scene.hpp"

#include <utility>

namespace gbrs::plugin {

Scene::Scene(std::function<void()> on_change)
    : on_change_(std::move(on_change)),
      renderer_([this](Overlay overlay) {
        overlay_ = std::move(overlay);
        overlay_.march(phase_);
        on_change_();
      }),
      preview_renderer_([this](Overlay overlay) {
        if (!previewed_) return;  // the pointer has moved on
        preview_ = std::move(overlay);
        on_change_();
      }) {}

void Scene::set_picture(std::shared_ptr<const Picture> picture) {
  picture_ = std::move(picture);
  cached_.reset();
}

void Scene::set_transform(const ViewTransform& transform) {
  transform_ = transform;
  on_change_();
  if (!picture_) return;
  request_overlay();
  request_preview();
}

void Scene::set_answer(Answer answer, Answer previous) {
  answer_ = std::move(answer);
  previous_ = std::move(previous);
  request_overlay();
}

void Scene::set_preview(const std::optional<Answer>& answer, std::shared_ptr<const Painter> painter) {
  previewed_ = answer;
  preview_painter_ = std::move(painter);
  preview_.reset();
  on_change_();
  request_preview();
}

void Scene::request_preview() {
  if (previewed_) preview_renderer_.request(request_for(*previewed_, preview_painter_, transform_));
}

void Scene::set_painter(std::shared_ptr<const Painter> painter) {
  painter_ = std::move(painter);
  if (!painter_) {
    overlay_ = {};
    on_change_();
  }
  request_overlay();
}

void Scene::set_comparison(Comparison comparison) {
  if (comparison == comparison_) return;
  comparison_ = comparison;
  on_change_();
  request_overlay();
}

const Answer& Scene::shown_answer() const { return comparison_ == Comparison::previous ? previous_ : answer_; }

void Scene::request_overlay() {
  if (painter_ && !shown_answer().is_empty()) renderer_.request(request_for(shown_answer(), painter_, transform_));
}

bool Scene::has_outline() const {
  return comparison_ != Comparison::original && !shown_answer().is_empty() && !overlay_.outline.empty();
}

void Scene::march() {
  phase_ = (phase_ + 1) % kOutlinePhases;
  overlay_.march(phase_);
  on_change_();
}

void Scene::draw(cairo_t* context) {
  draw_picture(context);
  const bool has_overlay = painter_ && !shown_answer().is_empty();
  if (has_overlay && comparison_ != Comparison::original) overlay_.draw(context, transform_);
  if (preview_ && comparison_ == Comparison::none) preview_->draw(context, transform_);
}

void Scene::draw_picture(cairo_t* context) {
  if (!cached_ || cached_for_ != transform_) {
    cached_.reset(
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, transform_.canvas_width(), transform_.canvas_height()));
    cairo_t* const inner = cairo_create(cached_.get());
    picture_->draw(inner, transform_);
    cairo_destroy(inner);
    cached_for_ = transform_;
  }
  cairo_set_source_surface(context, cached_.get(), 0, 0);
  cairo_paint(context);
}

}  // namespace gbrs::plugin
