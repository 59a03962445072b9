// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace gbrs::plugin {

Editing::Editing(Model model, SessionOptions options, std::function<void()> on_change,
                 std::function<void(const std::string&)> on_error)
    : model_(std::move(model)),
      options_(std::move(options)),
      changed_(std::move(on_change), std::move(on_error)) {
  set_method(model_, options_);
}

Expected<void> Editing::begin(const Pixels& pixels) {
  auto session = Session::create(model_, pixels.view(), options_);
  if (!session) return std::unexpected(session.error());
  if (session_ && !session_->history().empty()) {
    if (auto restored = session->restore(session_->history()); !restored) return restored;
  }
  session_.emplace(std::move(*session));
  session_->on_change([this] { changed_.request(); });
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
  clicks_ = session_->clicks();
  error_ = session_->error();
  Answer answer = session_->answer();
  // the reports of two answers lie at one place only when they are the same answer: progress alone draws nothing
  const bool is_new = answer.steps().empty() || answer.steps().data() != answer_.steps().data();
  answer_ = std::move(answer);
  if (is_settled()) {
    if (!std::ranges::equal(settled_.clicks(), answer_.clicks())) previous_ = settled_;
    settled_ = answer_;
  }
  return is_new;
}

bool Editing::is_settled() const { return answer_.is_final() && std::ranges::equal(answer_.clicks(), clicks_); }

std::optional<ClickVerdict> Editing::verdict_of(std::size_t click) const {
  if (!is_settled()) return std::nullopt;
  return answer_.verdicts()[click];
}

std::optional<double> Editing::radius_of(std::size_t click) const {
  if (clicks_[click].radius) return clicks_[click].radius;
  // an intermediate answer has chosen it already
  if (!std::ranges::equal(answer_.clicks(), clicks_)) return std::nullopt;
  return answer_.verdicts()[click].radius;
}

std::vector<Marker> Editing::markers() const {
  std::vector<Marker> markers;
  for (const Click& click : clicks_) {
    const std::size_t index = markers.size();
    const auto verdict = verdict_of(index);
    markers.push_back({.image = {click.x, click.y},
                       .is_include = click.target > 0,
                       .is_satisfied = !verdict || verdict->is_satisfied,
                       .radius = radius_of(index),
                       .is_radius_given = click.radius.has_value()});
  }
  return markers;
}

Expected<void> Editing::obey(const Intention& intention) {
  return std::visit(
      Overloaded{[&](const AddClick& add) {
                   return session_->add({.x = add.image.x,
                                         .y = add.image.y,
                                         .radius = add.radius,
                                         .target = add.is_include ? kInclude : kExclude});
                 },
                 [&](const MoveClick& move) { return session_->move(move.click, move.image.x, move.image.y); },
                 [&](const SetRadius& set) { return session_->set_radius(set.click, set.radius); },
                 [&](const FlipClick& flip) -> Expected<void> {
                   if (flip.click >= clicks_.size()) return {};  // gone meanwhile
                   return session_->relabel(flip.click, clicks_[flip.click].target > 0 ? kExclude : kInclude);
                 },
                 [&](const RemoveClick& remove) { return session_->remove(remove.click); },
                 [](const auto&) { return Expected<void>{}; }},
      intention);
}

}  // namespace gbrs::plugin
