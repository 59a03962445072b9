// SPDX-License-Identifier: Apache-2.0
// One step: what the network is told, in which frame it looks, and what comes of its answer.

#include <chrono>
#include <utility>

#include "session/box.hpp"
#include "session/implementation.hpp"
#include "session/network_answer.hpp"
#include "session/path_clicks.hpp"
#include "session/resampling.hpp"
#include "session/zoom.hpp"

namespace gbrs {
namespace {

using Clock = std::chrono::steady_clock;

/// Answers on the way are at least so far apart, and so many times what making one ready to be seen takes: with many
/// classes that is as much as several iterations.
constexpr std::chrono::milliseconds kBetweenAnswers(80);
constexpr int kBetweenAnswersTimes = 8;

double milliseconds_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

}  // namespace

Session::Implementation::StepClicks Session::Implementation::step_clicks(const std::vector<StepRecord>& records) const {
  StepClicks step{.all = collect(records),
                  .clicks = {},
                  .first_new = 0,
                  .box = records.back().step.box,
                  .is_stroke = records.back().step.is_stroke,
                  .before = records.size() > 1 ? records[records.size() - 2].result.get() : nullptr};
  const std::span clicks = step.all.clicks;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::size_t first = step.all.first_of_step[i];
    step.first_new = step.clicks.size();
    if (const auto& box = records[i].step.box)
      if (const auto click = click_of(*box, clicks, first)) step.clicks.push_back(*click);
    for (std::size_t k = first; k < first + records[i].step.clicks.size(); ++k)
      if (!step.all.verdicts[k].contradicts) step.clicks.push_back(clicks[k]);
  }
  return step;
}

Frame Session::Implementation::choose_frame(const StepClicks& step) const {
  if (!zooms()) return first_frame_;
  const StepResult* const before = step.before;
  std::optional<FrameMap> seen;  // what only a close-up shows is of the object, too
  if (before != nullptr) seen = joined({before->frame, before->output.answer, before->close_ups}, before->frame);
  const FrameMap* const start = start_logits_ ? &*start_logits_ : nullptr;
  return zoomed_frame({.before = before != nullptr ? before->frame : first_frame_,
                       .answer = seen ? &*seen : start,
                       .clicks = step.clicks,
                       .first_new = step.first_new,
                       .box = step.box,
                       .keeps_all_clicks = options_.start != nullptr,
                       .image_width = picture_->width(),
                       .image_height = picture_->height()},
                      model_->manifest.input);
}

Click Session::Implementation::with_known_target(Click click) const {
  if (!options_.trimap || !click.same_as) return click;
  const Place& there = *click.same_as;
  const auto known = known_alpha(*options_.trimap, static_cast<int>(there.x), static_cast<int>(there.y));
  if (!known) return click;
  click.target = *known;
  click.same_as.reset();
  return click;
}

Expected<std::shared_ptr<StepResult>> Session::Implementation::run_step(const std::vector<StepRecord>& records,
                                                                        const std::stop_token& stop, bool is_last) {
  const StepClicks step = step_clicks(records);
  const std::lock_guard model_lock(model_->calls);
  auto result = run_step_of_object(step, records, stop, is_last);
  if (!result) return result;
  const std::vector<CloserLook> looks = closer_looks(step, **result);
  if (looks.empty()) return result;
  if (is_last && options_.publish_every > 0 && !stop.stop_requested())
    publish_on_the_way(records, {(*result)->frame, (*result)->output.answer, (*result)->close_ups}, iterations());
  look_closer(step, looks, **result);
  return result;
}

Expected<std::shared_ptr<StepResult>> Session::Implementation::run_step_of_object(
    const StepClicks& step, const std::vector<StepRecord>& records, const std::stop_token& stop, bool is_last) {
  const auto begun = Clock::now();
  Frame frame = choose_frame(step);
  double spent_ms = milliseconds_since(begun);  // and on frames that were too narrow
  while (true) {
    // decided by the first answer, so that a step that is stopped later sees the same frame
    std::optional<Frame> wider;
    const auto suffices = [&](const FrameMap& first) {
      // a box says how far the object reaches
      if (zooms() && !step.box)
        wider = wider_frame(first, frame, picture_->width(), picture_->height(), model_->manifest.input);
      return !wider;
    };
    auto result = run_step_in(frame, step, records, stop, is_last, suffices);
    if (!result) return result;
    auto& output = (*result)->output;
    if (!wider) {
      output.first_ms += spent_ms;
      return result;
    }
    spent_ms += (*result)->encode_ms + output.first_ms;
    frame = *wider;
  }
}

StepInput Session::Implementation::question(const FrameView& view) const {
  StepInput input;
  input.features = view.features;
  input.layer = options_.layer;
  input.iterations = iterations();
  input.method = options_.method;
  input.least_radius = options_.method.min_radius * view.frame.scale();
  return input;
}

std::optional<FrameMap> Session::Implementation::answer_before(const StepResult* before, const Frame& frame) const {
  if (before == nullptr && task() != Task::segment) return unasked_->output.answer;
  if (before == nullptr) return options_.start ? std::optional(start_logits(*options_.start, frame)) : std::nullopt;
  return moved(before->output.answer, before->frame, frame);
}

Expected<void> Session::Implementation::tell_objects(const StepClicks& step, StepResult& result,
                                                     std::span<FrameClick> seen) {
  if (!object_finder_) return {};
  std::vector<ClickObject>& objects = result.objects;
  if (step.before != nullptr) objects = step.before->objects;
  const auto counts = [&](std::size_t i) { return !step.all.verdicts[i].contradicts; };
  // a click may be contradicted, or no longer, by newer ones: what the others' objects were told is out of date then
  for (std::size_t i = 0; i < objects.size(); ++i)
    if (objects[i].counts != counts(i)) objects.clear();
  const std::size_t known = objects.size();
  objects.resize(step.all.clicks.size());
  std::vector<ClickAndObject> counted;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    objects[i].counts = counts(i);
    if (!counts(i)) continue;
    counted.push_back({step.all.clicks[i], objects[i]});
    if (i < known) continue;
    if (auto found = object_finder_->find_last(counted, result.frame); !found) return found;
  }
  // the one frame of a map of classes holds every click
  for (std::size_t i = 0; i < counted.size(); ++i) seen[i].object = counted[i].object.coverage;
  return {};
}

Expected<std::shared_ptr<StepResult>> Session::Implementation::run_step_in(const Frame& frame, const StepClicks& step,
                                                                           const std::vector<StepRecord>& records,
                                                                           const std::stop_token& stop, bool is_last,
                                                                           const Suffices& suffices) {
  const StepResult* const before = step.before;
  auto result = std::make_shared<StepResult>();
  result->frame = frame;
  if (before != nullptr) result->close_ups = before->close_ups;
  const bool is_known = views_.find(frame) != nullptr;
  const auto view = views_.find_or_encode(frame, *model_->network);
  if (!view) return std::unexpected(view.error());
  if (!is_known || before == nullptr) result->encode_ms = (*view)->encode_ms;

  std::vector<FrameClick> seen;
  std::size_t first_new_seen = 0;
  for (std::size_t i = 0; i < step.clicks.size(); ++i) {
    if (i == step.first_new) first_new_seen = seen.size();
    if (result->frame.holds(step.clicks[i])) seen.push_back(result->frame.to_frame(with_known_target(step.clicks[i])));
  }
  const auto asked = Clock::now();
  if (auto told = tell_objects(step, *result, seen); !told) return std::unexpected(std::move(told.error()));
  const double objects_ms = milliseconds_since(asked);
  const std::optional<FrameMap> previous = answer_before(before, frame);
  const bool has_moved = before != nullptr && before->frame != frame;
  StepInput input = question(**view);
  input.clicks = seen;
  input.first_new = first_new_seen;
  if (before != nullptr) input.before = before->output.parameters;
  if (previous) input.answer_before = &*previous;
  if (start_values_) input.start = &*start_values_;
  input.is_refined = records.back().step.is_refined;
  input.stop = stop;
  input.publish_every = options_.publish_every;
  input.suffices = suffices;
  if (has_moved) input.to_before = motion(result->frame, before->frame);
  if (is_last)
    input.publish = [&, next = Clock::time_point{}](int iteration, FrameMap logits) mutable {
      const auto begun = Clock::now();
      if (stop.stop_requested() || begun < next) return;
      if (step.box) keep_within(logits, input.answer_before, *step.box, frame);
      publish_on_the_way(records, {frame, logits, result->close_ups}, iteration);
      const auto ready = Clock::now();
      next = ready + std::max<Clock::duration>(kBetweenAnswers, kBetweenAnswersTimes * (ready - begun));
    };
  auto output = model_->network->step(input);
  if (!output) return std::unexpected(output.error());
  if (step.box) keep_within(output->answer, input.answer_before, *step.box, frame);
  output->first_ms += objects_ms;

  const PathClicks& all = step.all;
  auto radius = output->radii.begin();  // a box has clicks of its own only here, and no verdicts on them
  for (std::size_t i = all.first_of_step.back(); i < all.clicks.size(); ++i) {
    if (all.verdicts[i].contradicts) {
      result->radii.push_back(0);
      continue;
    }
    const double used = *radius++ / result->frame.scale();
    const auto& given = all.clicks[i].radius;  // the same number comes back, not one that went through the frame
    result->radii.push_back(given ? std::max(*given, options_.method.min_radius) : used);
  }
  result->output = std::move(*output);
  result->obeyed = obeyed_of(all, result->output.satisfied);
  return result;
}

void Session::Implementation::publish_on_the_way(const std::vector<StepRecord>& records, const LayeredAnswer& answer,
                                                 int iteration) {
  auto data = shown(records, answer, {});
  data->is_final = false;
  publish(std::move(data), Progress{.phase = Progress::Phase::refining,
                                    .step = records.size() - 1,
                                    .steps = records.size(),
                                    .iteration = iteration,
                                    .iterations = iterations()});
}

/// The network is not told of contradicted clicks, and only segment leaves out those beside the frame.
std::vector<bool> Session::Implementation::obeyed_of(const PathClicks& all, const std::vector<bool>& seen) const {
  std::vector<bool> obeyed(all.clicks.size(), true);
  if (task() == Task::segment) return obeyed;
  std::size_t next = 0;
  for (std::size_t i = 0; i < all.clicks.size(); ++i)
    if (!all.verdicts[i].contradicts && next < seen.size()) obeyed[i] = seen[next++];
  return obeyed;
}

/// Without a result where the frame is a new one, or clicks are about objects: looking at those would keep a click
/// waiting for too long.
std::optional<Answer> Session::Implementation::preview_of(std::vector<StepRecord> records) {
  if (object_finder_) return std::nullopt;
  const StepClicks step = step_clicks(records);
  const std::lock_guard model_lock(model_->calls);
  const Frame frame = choose_frame(step);
  if (views_.find(frame) == nullptr) return std::nullopt;
  const auto result = run_step_in(frame, step, records, {}, false, {});
  if (!result) return std::nullopt;
  records.back().result = *result;
  return Answer(shown(records, **result));
}

}  // namespace gbrs
