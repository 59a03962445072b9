// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/editing.hpp"

#include <glib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>
#include <system_error>
#include <utility>
#include <variant>

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

// Whether it was refined is no matter of the user's.
bool is_same_gesture(const Step& a, const Step& b) {
  return a.clicks == b.clicks && a.box == b.box && a.is_stroke == b.is_stroke;
}

}  // namespace

Editing::Editing(PointerTool& tool, Model model, SessionOptions options, std::function<void()> on_change,
                 std::function<void(const std::string&)> on_error)
    : tool_(tool),
      model_(std::move(model)),
      options_(std::move(options)),
      changed_(std::move(on_change), std::move(on_error)) {
  set_method(model_, options_);
}

Expected<void> Editing::begin(const Pixels& pixels) {
  Said said = versions_.now();  // with what was left out last time
  auto copy = options_.trimap ? std::make_shared<const Pixels>(pixels) : nullptr;
  if (auto made = make_session(&pixels, said); !made) return made;
  pixels_ = std::move(copy);
  take_history();
  return {};
}

Expected<void> Editing::make_session(const Pixels* pixels, Said& said) {
  SessionOptions options = options_;
  LeftOut left_out;
  Ground ground{.width = pixels != nullptr ? pixels->width : ground_.width,
                .height = pixels != nullptr ? pixels->height : ground_.height,
                .classes = model_.info().classes};
  if (options.trimap) {
    said.painted = strokes_within(std::move(said.painted), ground.width, ground.height, left_out);
    auto painted = painted_over(options.trimap, said.painted);
    if (!painted) return std::unexpected(painted.error());
    ground.trimap = options.trimap = std::move(*painted);
  }
  said = taken(std::move(said), ground, left_out);
  auto session = pixels != nullptr ? Session::create(model_, pixels->view(), std::move(options))
                                   : session_->anew(model_, std::move(options));
  if (!session) return std::unexpected(session.error());
  if (!said.steps.empty()) {
    if (auto restored = session->restore(said.steps); !restored) return restored;
  }
  auto left = std::exchange(session_, std::make_shared<Session>(std::move(*session)));
  session_->on_change([this] { changed_.request(); });
  ground_ = std::move(ground);
  left_out_ = left_out;
  is_other_session_ = true;
  if (ground_.trimap) g_debug("painted: %s", format_painted(said.painted).c_str());
  leave(std::move(left));
  return {};
}

/// What a session still computes is waited for elsewhere.
void Editing::leave(std::shared_ptr<Session> session) {
  std::erase_if(left_, [](const std::future<void>& thread) {
    return thread.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  });
  if (session == nullptr) return;
  session->on_change({});
  try {
    left_.push_back(std::async(std::launch::async, [session = std::move(session)]() mutable { session.reset(); }));
  } catch (const std::system_error&) {
    // no thread for it: it went, and was waited for, with what the thread should have done
  }
}

std::vector<Step> Editing::taken_here(const Said& said) const {
  LeftOut left_out;
  return taken(said, ground_, left_out).steps;
}

Detailed Editing::detailed() const {
  return [session = session_](const std::function<void(double)>& progress, std::stop_token stop) {
    return session->detailed(progress, std::move(stop));
  };
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
    const bool has_same_clicks = std::ranges::equal(settled_.history(), answer_.history(), is_same_gesture);
    if (std::exchange(is_other_session_, false) || !has_same_clicks) previous_ = settled_;
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
  if (std::ranges::equal(history_, versions_.now().steps, is_same_gesture)) {
    versions_.update(history_);
  } else if (!std::ranges::equal(history_, taken_here(versions_.now()), is_same_gesture)) {
    versions_.add(said());
  }
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
  const double chosen = answer_.verdicts()[mark.first_click].radius;
  return chosen > 0 ? std::optional(chosen) : std::nullopt;  // of a push it has no end
}

Point Editing::place_of(const Mark& mark) const {
  if (mark.kind == Mark::Kind::box) {
    const Box& box = *history_[mark.step].box;
    return {box.left, box.top};
  }
  const Click& click = clicks_[mark.first_click + mark.clicks / 2];
  if (click.path.empty()) return {click.x, click.y};
  const Place& middle = click.path[(click.path.size() - 1) / 2];
  return {middle.x, middle.y};
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
      const Click& click = click_of(mark);
      marker.look = tool_.look(click);
      marker.is_radius_given = click.radius.has_value();
      if (click.same_as) marker.other = Point{click.same_as->x, click.same_as->y};
      if (mark.kind == Mark::Kind::path) marker.stroke.push_back({click.x, click.y});
      for (const Place& place : click.path) marker.stroke.push_back({place.x, place.y});
    }
    if (mark.kind == Mark::Kind::stroke) {
      for (const Click& click : history_[mark.step].clicks) marker.stroke.push_back({click.x, click.y});
    }
    markers.push_back(std::move(marker));
  }
  return markers;
}

Expected<void> Editing::add(const AddClick& add, std::optional<Place> other) {
  auto click = other ? std::optional(Click{.x = add.image.x, .y = add.image.y, .radius = add.radius, .target = 0})
                     : tool_.click(answer_, add.image, add.radius, add.is_primary);
  if (!click) return {};
  if (const auto checked = check_unknown({click->x, click->y}); !checked) return checked;
  click->same_as = other;
  return session_->add(*click);
}

Expected<void> Editing::check_unknown(Point place) const {
  const auto& trimap = ground_.trimap;
  if (!trimap || known_at(*trimap, static_cast<int>(place.x), static_cast<int>(place.y)) == Known::unknown) return {};
  return failure(ErrorCode::invalid_argument,
                 _("What is there is known already. To click there, paint it as unknown first (G)."));
}

Expected<void> Editing::obey(const Intention& intention) {
  if (auto stroke = painted_by(intention)) {
    Said said = this->said();
    said.painted.push_back(std::move(*stroke));
    return replace(std::move(said));
  }
  const auto changed = change(intention);
  take_history();
  return changed;
}

std::optional<PaintedStroke> Editing::painted_by(const Intention& intention) const {
  if (const auto* const stroke = std::get_if<AddStroke>(&intention)) {
    const auto known = tool_.paints(stroke->is_primary);
    return known ? std::optional(stroke_along(*known, stroke->radius, stroke->way)) : std::nullopt;
  }
  const auto* const dab = std::get_if<AddClick>(&intention);
  const auto known = dab != nullptr ? tool_.paints(dab->is_primary) : std::nullopt;
  return known ? std::optional(stroke_along(*known, dab->radius.value_or(1), std::span(&dab->image, 1))) : std::nullopt;
}

Expected<void> Editing::replace(Said said) {
  if (auto made = make_session(nullptr, said); !made) return made;
  versions_.add(std::move(said));
  take_history();
  return {};
}

Expected<void> Editing::restore(Said said) {
  Said shown = said;
  if (said.painted != versions_.now().painted) {
    if (auto made = make_session(nullptr, shown); !made) return made;
  } else {
    LeftOut left_out;
    shown = taken(std::move(shown), ground_, left_out);
    if (auto restored = session_->restore(std::move(shown.steps)); !restored) return restored;
    left_out_ = left_out;
  }
  if (left_out_.is_nothing()) said = {session_->history(), std::move(said.painted), ground_.classes};
  versions_.add(std::move(said));
  take_history();
  return {};
}

Expected<void> Editing::undo() {
  if (!versions_.can_undo()) return {};
  const auto shown = versions_.now().painted;
  versions_.undo();
  auto gone = show_version(shown, &Session::undo);
  if (!gone) versions_.redo();
  return gone;
}

Expected<void> Editing::redo() {
  if (!versions_.can_redo()) return {};
  const auto shown = versions_.now().painted;
  versions_.redo();
  auto gone = show_version(shown, &Session::redo);
  if (!gone) versions_.undo();
  return gone;
}

Expected<void> Editing::show_version(const std::vector<PaintedStroke>& shown, bool (Session::*go)()) {
  Said said = versions_.now();
  if (said.painted != shown) {
    if (auto made = make_session(nullptr, said); !made) return made;
  } else if (auto restored = restore_steps(taken_here(said), go); !restored) {
    return restored;
  }
  take_history();
  return {};
}

// The session has kept results of what it can go to itself.
Expected<void> Editing::restore_steps(const std::vector<Step>& steps, bool (Session::*go)()) {
  while (((*session_).*go)()) {
    if (std::ranges::equal(session_->history(), steps, is_same_gesture)) return {};
  }
  return session_->restore(steps);
}

Expected<void> Editing::change(const Intention& intention) {
  return std::visit(
      Overloaded{[&](const AddClick& click) { return add(click, std::nullopt); },
                 [&](const AddPair& pair) {
                   return add(pair.click, Place{pair.other.x, pair.other.y});
                 },
                 [&](const AddStroke& way) {
                   return session_->add(tool_.stroke(answer_, way.places, way.radius, way.is_primary));
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

template <class Edit>
Expected<void> Editing::change_clicks(const Mark& mark, Edit edit) {
  Step step = history_[mark.step];
  std::ranges::for_each(std::span(step.clicks).subspan(mark.in_step, mark.clicks), edit);
  return session_->replace_step(mark.step, std::move(step));
}

Expected<void> Editing::move(const Mark& mark, Point place) {
  if (const auto checked = check_unknown(place); !checked) return checked;
  if (mark.kind == Mark::Kind::click) return session_->move(mark.first_click, place.x, place.y);
  const Point from = place_of(mark);
  const bool is_box = mark.kind == Mark::Kind::box;  // whose sides stay on whole pixels
  const double dx = is_box ? std::round(place.x - from.x) : place.x - from.x;
  const double dy = is_box ? std::round(place.y - from.y) : place.y - from.y;
  const double width = answer_.image_width();
  const double height = answer_.image_height();
  if (mark.kind == Mark::Kind::path) {
    return change_clicks(mark, [&](Click& click) { click = moved(std::move(click), dx, dy, width, height); });
  }
  return session_->replace_step(mark.step, moved(history_[mark.step], dx, dy, width, height));
}

Expected<void> Editing::flip(const Mark& mark) {
  const bool is_box = mark.kind == Mark::Kind::box;
  if (is_box || !tool_.flipped(click_of(mark))) return {};
  return change_clicks(mark, [&](Click& click) { click = tool_.flipped(click).value_or(click); });
}

Expected<void> Editing::obey_for(const Intention& intention, const Mark& mark) {
  const bool is_box = mark.kind == Mark::Kind::box;
  const bool is_one_click = mark.kind == Mark::Kind::click || mark.kind == Mark::Kind::path;
  return std::visit(
      Overloaded{[&](const SetBox& set) {
                   return is_box ? session_->replace_step(mark.step, {.clicks = {}, .box = set.box}) : Expected<void>{};
                 },
                 [&](const MoveClick& target) { return move(mark, target.image); },
                 [&](const SetRadius& set) {
                   if (is_box) return Expected<void>{};
                   if (is_one_click) return session_->set_radius(mark.first_click, set.radius);
                   return change_clicks(mark, [&](Click& click) { click.radius = set.radius; });
                 },
                 [&](const SetTarget& set) {
                   if (is_box) return Expected<void>{};
                   return change_clicks(mark, [&](Click& click) {
                     if (click.mode == ClickMode::push) click.mode = ClickMode::value;
                     click.same_as.reset();
                     click.target = set.target;
                   });
                 },
                 [&](const TurnClick& turn) {
                   const auto target = is_box ? std::nullopt : tool_.turned(click_of(mark), turn.notches);
                   return target ? obey_for(SetTarget{turn.click, *target}, mark) : Expected<void>{};
                 },
                 [&](const FlipClick&) { return flip(mark); },
                 [&](const RemoveClick&) {
                   return is_one_click ? session_->remove(mark.first_click) : session_->replace_step(mark.step, {});
                 },
                 [](const auto&) { return Expected<void>{}; }},
      intention);
}

}  // namespace gbrs::plugin
