// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

namespace gbrs::plugin {
namespace {

Click click_at(Point place, std::optional<double> radius, bool is_include) {
  return {.x = place.x, .y = place.y, .radius = radius, .target = is_include ? kInclude : kExclude};
}

// Whether it was refined is no matter of the user's.
bool is_same_gesture(const Step& a, const Step& b) {
  return a.clicks == b.clicks && a.box == b.box && a.is_stroke == b.is_stroke;
}

}  // namespace

Editing::Editing(Model model, SessionOptions options, std::function<void()> on_change,
                 std::function<void(const std::string&)> on_error)
    : model_(std::move(model)), options_(std::move(options)), changed_(std::move(on_change), std::move(on_error)) {
  set_method(model_, options_);
}

Expected<void> Editing::begin(const Pixels& pixels) {
  auto session = Session::create(model_, pixels.view(), options_);
  if (!session) return std::unexpected(session.error());
  if (!history_.empty()) {
    if (auto restored = session->restore(history_); !restored) return restored;
  }
  session_.emplace(std::move(*session));
  session_->on_change([this] { changed_.request(); });
  take_history();
  return {};
}

void Editing::set_method(Model model, SessionOptions options) {
  model_ = std::move(model);
  options_ = std::move(options);
  options_.prepares_zoom = true;  // somebody looks at the picture for a while
}

bool Editing::refresh() {
  if (!session_) return false;
  progress_ = session_->progress();
  take_history();
  error_ = session_->error();
  previewed_ = session_->previewed();
  Answer answer = session_->answer();
  // the reports of two answers lie at one place only when they are the same answer: progress alone draws nothing
  const bool is_new = answer.steps().empty() || answer.steps().data() != answer_.steps().data();
  answer_ = std::move(answer);
  if (is_settled()) {
    if (!std::ranges::equal(settled_.history(), answer_.history(), is_same_gesture)) previous_ = settled_;
    settled_ = answer_;
  }
  verdicts_ = is_settled() ? mark_verdicts(answer_) : std::vector<ClickVerdict>{};
  return is_new;
}

void Editing::take_history() {
  history_ = session_->history();
  clicks_.clear();
  for (const Step& step : history_) clicks_.insert(clicks_.end(), step.clicks.begin(), step.clicks.end());
  marks_ = marks_of(history_);
}

bool Editing::is_settled() const {
  return answer_.is_final() && std::ranges::equal(answer_.history(), history_, is_same_gesture);
}

std::optional<ClickVerdict> Editing::verdict_of(std::size_t mark) const {
  return mark < verdicts_.size() ? std::optional(verdicts_[mark]) : std::nullopt;
}

std::optional<double> Editing::radius_of(std::size_t index) const {
  const Mark& mark = marks_[index];
  if (mark.kind == Mark::Kind::box) return std::nullopt;
  if (const auto& given = clicks_[mark.first_click].radius) return given;
  // an intermediate answer has chosen it already
  if (!std::ranges::equal(answer_.clicks(), clicks_)) return std::nullopt;
  return answer_.verdicts()[mark.first_click].radius;
}

Point Editing::place_of(const Mark& mark) const {
  if (mark.kind == Mark::Kind::box) {
    const Box& box = *history_[mark.step].box;
    return {box.left, box.top};
  }
  const Click& click = clicks_[mark.first_click + mark.clicks / 2];
  return {click.x, click.y};
}

std::vector<Marker> Editing::markers() const {
  std::vector<Marker> markers;
  for (const Mark& mark : marks_) {
    const auto verdict = verdict_of(markers.size());
    Marker marker{.image = place_of(mark), .is_satisfied = !verdict || verdict->is_satisfied};
    marker.radius = radius_of(markers.size());
    if (mark.kind == Mark::Kind::box) {
      marker.box = history_[mark.step].box;
    } else {
      marker.is_include = clicks_[mark.first_click].target > 0;
      marker.is_radius_given = clicks_[mark.first_click].radius.has_value();
    }
    if (mark.kind == Mark::Kind::stroke) {
      for (const Click& click : history_[mark.step].clicks) marker.stroke.push_back({click.x, click.y});
    }
    markers.push_back(std::move(marker));
  }
  return markers;
}

Expected<void> Editing::obey(const Intention& intention) {
  return std::visit(
      Overloaded{[&](const AddClick& add) { return session_->add(click_at(add.image, add.radius, add.is_include)); },
                 [&](const AddStroke& add) {
                   std::vector<Click> clicks;
                   for (const Point place : add.places) clicks.push_back(click_at(place, add.radius, add.is_include));
                   return session_->add(clicks);
                 },
                 [&](const AddBox& add) { return session_->add(add.box); },
                 [](std::monostate) { return Expected<void>{}; }, [](const ChooseClick&) { return Expected<void>{}; },
                 [](const Pan&) { return Expected<void>{}; },
                 [&](const auto& change) {
                   if (change.click >= marks_.size()) return Expected<void>{};  // gone meanwhile
                   return obey_for(intention, marks_[change.click]);
                 }},
      intention);
}

// A click alone is a call of its own: its step may have others.
template <class Edit>
Expected<void> Editing::change_clicks(const Mark& mark, Edit edit) {
  Step step = history_[mark.step];
  std::ranges::for_each(step.clicks, edit);
  return session_->replace_step(mark.step, std::move(step));
}

Expected<void> Editing::move(const Mark& mark, Point place) {
  if (mark.kind == Mark::Kind::click) return session_->move(mark.first_click, place.x, place.y);
  const Point from = place_of(mark);
  const bool is_box = mark.kind == Mark::Kind::box;  // whose sides stay on whole pixels
  const double dx = is_box ? std::round(place.x - from.x) : place.x - from.x;
  const double dy = is_box ? std::round(place.y - from.y) : place.y - from.y;
  return session_->replace_step(mark.step,
                                moved(history_[mark.step], dx, dy, answer_.image_width(), answer_.image_height()));
}

Expected<void> Editing::obey_for(const Intention& intention, const Mark& mark) {
  const bool is_click = mark.kind == Mark::Kind::click;
  const bool is_box = mark.kind == Mark::Kind::box;
  return std::visit(
      Overloaded{[&](const SetBox& set) {
                   return is_box ? session_->replace_step(mark.step, {.clicks = {}, .box = set.box}) : Expected<void>{};
                 },
                 [&](const MoveClick& target) { return move(mark, target.image); },
                 [&](const SetRadius& set) {
                   if (is_box) return Expected<void>{};
                   if (is_click) return session_->set_radius(mark.first_click, set.radius);
                   return change_clicks(mark, [&](Click& click) { click.radius = set.radius; });
                 },
                 [&](const FlipClick&) {
                   if (is_box) return Expected<void>{};
                   const double target = clicks_[mark.first_click].target > 0 ? kExclude : kInclude;
                   if (is_click) return session_->relabel(mark.first_click, target);
                   return change_clicks(mark, [&](Click& click) { click.target = target; });
                 },
                 [&](const RemoveClick&) {
                   return is_click ? session_->remove(mark.first_click) : session_->replace_step(mark.step, {});
                 },
                 [](const auto&) { return Expected<void>{}; }},
      intention);
}

}  // namespace gbrs::plugin
