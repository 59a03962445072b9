// SPDX-License-Identifier: Apache-2.0
#include "session/implementation.hpp"

#include <algorithm>
#include <cmath>
#include <format>

#include "session/zoom.hpp"

namespace gbrs {
namespace {

/// All clicks of some steps with what is to be known of each.
struct PathClicks {
  std::vector<Click> clicks;
  std::vector<ClickVerdict> verdicts;
  std::vector<std::size_t> first_of_step;
};

PathClicks collect(const std::vector<StepRecord>& records) {
  PathClicks all;
  for (const auto& record : records) {
    all.first_of_step.push_back(all.clicks.size());
    all.clicks.insert(all.clicks.end(), record.step.clicks.begin(), record.step.clicks.end());
  }
  all.verdicts = contradictions(all.clicks);
  return all;
}

/// The start map is kept once, apart from the options.
SessionOptions without_start(SessionOptions options) {
  options.start.reset();
  return options;
}

}  // namespace

Session::Implementation::Implementation(std::shared_ptr<Model::State> model, std::shared_ptr<const Picture> picture,
                                        SessionOptions options)
    : model_(std::move(model)),
      picture_(std::move(picture)),
      start_(options.start ? std::make_shared<const Map>(std::move(*options.start)) : nullptr),
      options_(without_start(std::move(options))),
      whole_(Frame::whole(picture_->width(), picture_->height(), model_->manifest.input)),
      views_(picture_),
      answer_(answer_data({}, whole_)),
      worker_([this](const std::stop_token& stop) { work(stop); }) {}

Session::Implementation::~Implementation() {
  worker_.request_stop();
  const std::lock_guard lock(mutex_);
  running_stop_.request_stop();
}

Expected<void> Session::Implementation::check(const Click& click) const {
  const auto bad = [&](std::string_view why) {
    const std::string text = format_clicks(std::span(&click, 1));
    return failure(ErrorCode::invalid_argument, std::format("The click {} cannot be used: {}.", text, why));
  };
  if (!std::isfinite(click.x) || !std::isfinite(click.y)) return bad("its place is not a number");
  if (click.x < 0 || click.y < 0 || click.x >= picture_->width() || click.y >= picture_->height())
    return bad(std::format("it lies outside the picture of {} x {} pixels", picture_->width(), picture_->height()));
  if (click.radius && (!std::isfinite(*click.radius) || *click.radius < 0))
    return bad("its radius is not a number of 0 or more");
  if (click.target != kInclude && click.target != kExclude) return bad("it neither includes nor excludes");
  return {};
}

void Session::Implementation::cancel() {
  const std::lock_guard lock(mutex_);
  history_.cancel();
  if (running_ != nullptr && history_.contains(running_)) running_stop_.request_stop();
}

Answer Session::Implementation::answer() const {
  const std::lock_guard lock(mutex_);
  return answer_;
}

Progress Session::Implementation::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

std::optional<Error> Session::Implementation::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

void Session::Implementation::on_change(std::function<void()> function) {
  const std::lock_guard lock(mutex_);
  on_change_ = std::move(function);
}

Expected<Answer> Session::Implementation::wait() {
  Lock lock(mutex_);
  changed_.wait(lock, [this] { return is_idle(); });
  if (error_) return std::unexpected(*error_);
  return answer_;
}

bool Session::Implementation::is_idle() const {
  if (error_ && failed_revision_ == revision_) return true;
  return is_prepared_ && is_answered_ && !history_.first_unfinished();
}

void Session::Implementation::work(const std::stop_token& stop) {
  Lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !is_idle(); })) {
    if (stop.stop_requested()) return;
    try {
      if (!is_prepared_)
        prepare(lock);
      else if (const NodePointer node = history_.first_unfinished())
        compute(lock, node);
      else
        publish_tip(lock);
    } catch (const std::bad_alloc& problem) {
      if (!lock.owns_lock()) lock.lock();
      fail({ErrorCode::out_of_memory, "There is not enough memory to go on; the last good answer is kept.",
            problem.what()});
    } catch (const std::exception& problem) {
      if (!lock.owns_lock()) lock.lock();
      fail({ErrorCode::internal, "The computation failed; the last good answer is kept.", problem.what()});
    }
    if (is_idle()) {
      progress_ = {};
      changed_.notify_all();
      lock.unlock();
      notify();
      lock.lock();
    }
  }
}

void Session::Implementation::fail(Error error) {
  error_ = std::move(error);
  failed_revision_ = revision_;
  running_ = nullptr;
}

void Session::Implementation::prepare(Lock& lock) {
  lock.unlock();
  const auto done = load_and_encode();
  lock.lock();
  if (!done) return fail(done.error());
  error_.reset();
  is_prepared_ = true;
}

Expected<void> Session::Implementation::load_and_encode() {
  set_progress({.phase = Progress::Phase::loading});
  const std::lock_guard model_lock(model_->calls);
  if (auto loaded = model_->ensure_loaded(); !loaded) return loaded;
  set_progress({.phase = Progress::Phase::encoding});
  if (start_) start_logits_ = start_logits(*start_, whole_);
  if (const auto view = views_.encode(whole_, *model_->network); !view) return std::unexpected(view.error());
  if (inspect([](const History& history) { return history.tip() == nullptr; })) warm_up();
  if (options_.prepares_zoom && options_.method.zooms)
    model_->network->prepare(zoomed_frame_sizes(model_->manifest.input), options_.layer);
  return {};
}

void Session::Implementation::warm_up() {
  const auto view = views_.find(whole_);
  const double u = whole_.width / 2;
  const double v = whole_.height / 2;
  // neighbours that contradict each other, so that an iteration is made
  const FrameClick clicks[] = {{.u = u, .v = v, .target = kInclude}, {.u = u + 1, .v = v, .target = kExclude}};
  StepInput input;
  input.features = view->features;
  input.clicks = clicks;
  input.layer = options_.layer;
  input.iterations = 1;
  const auto output = model_->network->step(input);
  if (!output) return;  // the failure will show again at the first click
  Answer::Data unused;
  unused.picture = picture_;
  unused.frame = whole_;
  set_answer(unused, output->answer, view->picture);
}

void Session::Implementation::compute(Lock& lock, const NodePointer& node) {
  const auto records = records_to(node);
  const bool is_last = node == history_.tip();
  running_ = node.get();
  running_stop_ = {};
  auto progress = Progress{.phase = Progress::Phase::first_answer,
                           .step = records.size() - 1,
                           .steps = history_.path().size(),
                           .iterations = options_.iterations};
  const auto stop = running_stop_.get_token();
  lock.unlock();
  set_progress(progress);
  auto result = run_step(records, stop, is_last);
  lock.lock();
  running_ = nullptr;
  if (!result) {
    if (history_.contains(node.get())) fail(result.error());
    return;
  }
  error_.reset();
  // stopped, but not cancelled: another history overtook the step, which keeps no result
  const bool is_refined = (*result)->output.is_refined;
  if (!is_refined && node->step.is_refined && stop.stop_requested()) return;
  node->step.is_refined = is_refined;
  node->result = std::move(*result);
}

Frame Session::Implementation::choose_frame(std::span<const Click> clicks, std::size_t first_new,
                                            const StepResult* before) const {
  if (!options_.method.zooms) return whole_;
  const FrameMap* answer = before != nullptr ? &before->output.answer : start_logits_ ? &*start_logits_ : nullptr;
  return zoomed_frame({.before = before != nullptr ? before->frame : whole_,
                       .answer = answer,
                       .clicks = clicks,
                       .first_new = first_new,
                       .keeps_all_clicks = start_ != nullptr,
                       .image_width = picture_->width(),
                       .image_height = picture_->height()},
                      model_->manifest.input);
}

/// The clicks of a step's path, and of them those that nothing contradicts.
struct Session::Implementation::StepClicks {
  const PathClicks& all;
  std::span<const Click> clicks;
  std::size_t first_new;  ///< the step's own are clicks[first_new..]
  const StepResult* before;
  const std::function<bool(const FrameMap&)>& suffices;  ///< whether the first answer will do in this frame
};

Expected<std::shared_ptr<StepResult>> Session::Implementation::run_step(const std::vector<StepRecord>& records,
                                                                        const std::stop_token& stop, bool is_last) {
  const PathClicks all = collect(records);
  const StepResult* before = records.size() > 1 ? records[records.size() - 2].result.get() : nullptr;
  std::vector<Click> clicks;
  std::size_t first_new = 0;
  for (std::size_t i = 0; i < all.clicks.size(); ++i) {
    if (i == all.first_of_step.back()) first_new = clicks.size();
    if (!all.verdicts[i].contradicts) clicks.push_back(all.clicks[i]);
  }
  const std::lock_guard model_lock(model_->calls);
  Frame frame = choose_frame(clicks, first_new, before);
  double spent_ms = 0;  // on frames that were too narrow
  while (true) {
    // decided by the first answer, so that a step that is stopped later sees the same frame
    std::optional<Frame> wider;
    const std::function suffices = [&](const FrameMap& first) {
      if (options_.method.zooms)
        wider = wider_frame(first, frame, picture_->width(), picture_->height(), model_->manifest.input);
      return !wider;
    };
    auto result = run_step_in(frame, {all, clicks, first_new, before, suffices}, records, stop, is_last);
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

Expected<std::shared_ptr<StepResult>> Session::Implementation::run_step_in(const Frame& frame, const StepClicks& step,
                                                                           const std::vector<StepRecord>& records,
                                                                           const std::stop_token& stop, bool is_last) {
  const auto& [all, clicks, first_new, before, suffices] = step;
  auto result = std::make_shared<StepResult>();
  result->frame = frame;
  auto view = views_.find(result->frame);
  if (view == nullptr) {
    auto encoded = views_.encode(result->frame, *model_->network);
    if (!encoded) return std::unexpected(encoded.error());
    view = std::move(*encoded);
    result->encode_ms = view->encode_ms;
  } else if (before == nullptr) {
    result->encode_ms = view->encode_ms;
  }

  std::vector<FrameClick> seen;
  std::size_t first_new_seen = 0;
  for (std::size_t i = 0; i < clicks.size(); ++i) {
    if (i == first_new) first_new_seen = seen.size();
    if (result->frame.holds(clicks[i])) seen.push_back(result->frame.to_frame(clicks[i]));
  }
  std::optional<FrameMap> previous;
  const bool has_moved = before != nullptr && before->frame != result->frame;
  if (before != nullptr)
    previous = has_moved ? moved(before->output.answer, before->frame, result->frame) : before->output.answer;
  else if (start_)
    previous = start_logits(*start_, result->frame);

  StepInput input{.features = view->features,
                  .clicks = seen,
                  .first_new = first_new_seen,
                  .before = before != nullptr ? before->output.parameters : nullptr,
                  .to_before = std::nullopt,
                  .answer_before = previous ? &*previous : nullptr,
                  .layer = options_.layer,
                  .iterations = options_.iterations,
                  .method = options_.method,
                  .least_radius = options_.method.min_radius * result->frame.scale(),
                  .is_refined = records.back().step.is_refined,
                  .stop = stop,
                  .publish_every = options_.publish_every,
                  .publish = {},
                  .suffices = suffices};
  if (has_moved) input.to_before = motion(result->frame, before->frame);
  if (is_last)
    input.publish = [&](int iteration, const FrameMap& logits) {
      if (stop.stop_requested()) return;
      auto data = answer_data(records, result->frame);
      data->is_final = false;
      set_answer(*data, logits, view->picture);
      publish(std::move(data), Progress{.phase = Progress::Phase::refining,
                                        .step = records.size() - 1,
                                        .steps = records.size(),
                                        .iteration = iteration,
                                        .iterations = options_.iterations});
    };
  auto output = model_->network->step(input);
  if (!output) return std::unexpected(output.error());

  auto radius = output->radii.begin();
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
  return result;
}

void Session::Implementation::publish_tip(Lock& lock) {
  const auto records = records_to(history_.tip());
  const std::size_t revision = revision_;
  lock.unlock();
  const Frame frame = records.empty() ? whole_ : records.back().result->frame;
  auto data = answer_data(records, frame);
  if (!records.empty()) set_answer(*data, records.back().result->output.answer, views_.picture(frame));
  lock.lock();
  answer_ = Answer(std::move(data));
  error_.reset();
  is_answered_ = revision == revision_;
}

std::shared_ptr<Answer::Data> Session::Implementation::answer_data(const std::vector<StepRecord>& records,
                                                                   const Frame& frame) const {
  auto data = std::make_shared<Answer::Data>();
  data->picture = picture_;
  data->frame = frame;
  data->start = start_;
  data->model_name = model_->manifest.info.name;
  {
    const std::lock_guard lock(model_->mutex);
    data->device = model_->device;
  }
  PathClicks all = collect(records);
  data->clicks = std::move(all.clicks);
  data->verdicts = std::move(all.verdicts);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& [step, result] = records[i];
    StepReport report{.first_click = all.first_of_step[i], .clicks = step.clicks.size(), .is_refined = step.is_refined};
    if (result) {
      report.iterations = result->output.iterations;
      report.encode_ms = result->encode_ms;
      report.first_ms = result->output.first_ms;
      report.refine_ms = result->output.refine_ms;
      report.multiply_adds = result->output.multiply_adds;
      report.notice = result->output.notice;
      for (std::size_t k = 0; k < result->radii.size(); ++k)
        data->verdicts[report.first_click + k].radius = result->radii[k];
    }
    data->steps.push_back(report);
  }
  return data;
}

void Session::Implementation::publish(std::shared_ptr<Answer::Data> data, std::optional<Progress> progress) {
  {
    const std::lock_guard lock(mutex_);
    answer_ = Answer(std::move(data));
    if (progress) progress_ = *progress;
  }
  notify();
}

void Session::Implementation::set_progress(Progress progress) {
  {
    const std::lock_guard lock(mutex_);
    progress_ = progress;
  }
  notify();
}

void Session::Implementation::notify() {
  std::function<void()> function;
  {
    const std::lock_guard lock(mutex_);
    function = on_change_;
  }
  if (function) function();
}

}  // namespace gbrs
