// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/click_preview.hpp"

#include <algorithm>
#include <utility>

#include "base/guard.hpp"
#include "base/signal.hpp"
#include "canvas/segment_painter.hpp"

namespace gbrs::plugin {
namespace {

constexpr guint kRestMs = 60;
/// A pass cannot be broken off: a click that comes during one waits for it.
constexpr double kQuickMs = 80;
constexpr std::size_t kPasses = 4;  // one of them may have met a busy processor

}  // namespace

ClickPreview::ClickPreview(Canvas& canvas, Editing& editing, GtkWidget* toggle,
                           std::function<void(const std::string& message)> on_error)
    : canvas_(canvas), editing_(editing), toggle_(GTK_TOGGLE_BUTTON(toggle)), on_error_(std::move(on_error)) {
  g_signal_connect(toggle_, "toggled", G_CALLBACK(Signal<&ClickPreview::toggled>::emitted), this);
}

ClickPreview::~ClickPreview() {
  if (timer_ != 0) g_source_remove(timer_);
}

void ClickPreview::point(const std::optional<PointedAt>& place) {
  if (place == place_) return;
  place_ = place;
  drop();
  if (timer_ != 0) g_source_remove(std::exchange(timer_, 0));
  if (place_ && gtk_toggle_button_get_active(toggle_) != FALSE) timer_ = g_timeout_add(kRestMs, on_rest, this);
}

gboolean ClickPreview::on_rest(gpointer data) {
  auto* const self = static_cast<ClickPreview*>(data);
  self->timer_ = 0;
  guarded(false, self->on_error_, [self] {
    self->ask();
    return true;
  });
  return G_SOURCE_REMOVE;
}

void ClickPreview::ask() {
  if (!place_ || !editing_.has_begun() || editing_.is_busy() || !is_quick()) return;
  editing_.preview(Click{.x = place_->image.x, .y = place_->image.y,
                         .target = place_->is_primary ? kInclude : kExclude});
}

void ClickPreview::drop() {
  if (editing_.has_begun()) editing_.preview(std::nullopt);
  if (std::exchange(is_shown_, false)) canvas_.scene().set_preview(std::nullopt);
}

void ClickPreview::refresh() {
  if (editing_.is_settled()) measure(editing_.answer());
  if (const auto& answer = editing_.previewed(); answer && place_) {
    if (is_shown_) return;
    measure(*answer);
    is_shown_ = true;
    g_debug("preview: %g %g", place_->image.x, place_->image.y);
    canvas_.scene().set_preview(answer, std::make_shared<const SegmentPainter>(View::preview));
  } else if (std::exchange(is_shown_, false)) {
    canvas_.scene().set_preview(std::nullopt);
  }
}

void ClickPreview::measure(const Answer& answer) {
  if (answer.steps().empty()) return;
  const double pass = answer.steps().back().first_ms;
  if (!passes_.empty() && passes_.back() == pass) return;  // the same answer again
  passes_.push_back(pass);
  if (passes_.size() > kPasses) passes_.pop_front();
}

bool ClickPreview::is_quick() const { return passes_.empty() || *std::ranges::min_element(passes_) < kQuickMs; }

void ClickPreview::toggle() { gtk_toggle_button_set_active(toggle_, !gtk_toggle_button_get_active(toggle_)); }

void ClickPreview::toggled() {
  drop();
  if (timer_ == 0 && place_ && gtk_toggle_button_get_active(toggle_) != FALSE) {
    timer_ = g_timeout_add(kRestMs, on_rest, this);
  }
}

}  // namespace gbrs::plugin
