// SPDX-License-Identifier: Apache-2.0
#include "session/implementation.hpp"

#include <algorithm>
#include <cmath>
#include <format>

#include "session/matte_frame.hpp"
#include "session/network_answer.hpp"
#include "session/path_clicks.hpp"
#include "session/zoom.hpp"

namespace gbrs {
namespace {

constexpr double kLeastBoxSide = 1;  // pixels

Frame first_frame(const Picture& picture, const Trimap* trimap, const InputSettings& input) {
  if (trimap != nullptr) return matte_frame(*trimap, picture.width(), picture.height(), input);
  return Frame::whole(picture.width(), picture.height(), input);
}

}  // namespace

Session::Implementation::Implementation(std::shared_ptr<Model::State> model, std::shared_ptr<const Picture> picture,
                                        SessionOptions options)
    : model_(std::move(model)),
      picture_(std::move(picture)),
      options_(std::move(options)),
      first_frame_(first_frame(*picture_, options_.trimap.get(), model_->manifest.input)),
      views_(picture_, options_.trimap),
      close_views_(picture_, nullptr),
      close_up_models_(close_views_),
      answer_(answer_data({}, first_frame_)),
      worker_([this](const std::stop_token& stop) { work(stop); }) {}

Session::Implementation::~Implementation() {
  worker_.request_stop();
  const std::lock_guard lock(mutex_);
  running_stop_.request_stop();
}

Expected<void> Session::Implementation::check(const Click& click) const {
  const auto bad = [&](std::string_view why) {
    const std::string text = format_clicks(std::span(&click, 1), task());
    return failure(ErrorCode::invalid_argument, std::format("The click {} cannot be used: {}.", text, why));
  };
  const auto outside =
      std::format("it lies outside the picture of {} x {} pixels", picture_->width(), picture_->height());
  if (!std::isfinite(click.x) || !std::isfinite(click.y)) return bad("its place is not a number");
  if (!is_in_picture(click.x, click.y)) return bad(outside);
  if (click.same_as && !is_in_picture(click.same_as->x, click.same_as->y))
    return bad("the place it names " + outside.substr(3));
  for (const Place& place : click.path)
    if (!is_in_picture(place.x, place.y)) return bad(outside);
  if (click.radius && (!std::isfinite(*click.radius) || *click.radius < 0))
    return bad("its radius is not a number of 0 or more");
  if (options_.trimap && known_alpha(*options_.trimap, static_cast<int>(click.x), static_cast<int>(click.y)))
    return bad("the trimap says what its pixel is");
  const std::string_view fault = fault_of_target(click);
  return fault.empty() ? Expected<void>{} : bad(fault);
}

bool Session::Implementation::is_in_picture(double x, double y) const {
  return x >= 0 && y >= 0 && x < picture_->width() && y < picture_->height();
}

std::string_view Session::Implementation::fault_of_target(const Click& click) const {
  const double target = click.target;
  if (task() == Task::segment) {
    const bool is_plain = click.mode == ClickMode::value && !click.same_as && click.path.empty();
    return is_plain && (target == kInclude || target == kExclude) ? "" : "it neither includes nor excludes";
  }
  if (click.mode == ClickMode::push) {
    if (task() == Task::semantic) return "a class can't be pushed";
    return target == kRaise || target == kLower ? "" : "it pushes neither up nor down";
  }
  if (click.mode == ClickMode::stroke && task() != Task::semantic) return "only classes are painted";
  if (click.mode == ClickMode::stroke && !click.radius) return "a stroke needs a width";
  if (click.same_as) return "";
  const std::size_t classes = model_->manifest.info.classes.size();
  if (task() == Task::semantic) {
    constexpr double kMostClasses = 1 << 16;  // as in the written form
    const double most = classes == 0 ? kMostClasses : static_cast<double>(classes);
    const bool is_class = target >= 0 && target == std::floor(target) && target < most;
    return is_class ? "" : "the model has no such class";
  }
  if (task() == Task::matte) return target >= 0 && target <= 1 ? "" : "its alpha is not within 0 to 1";
  return target >= 0 && std::isfinite(target) ? "" : "its depth is not a number of 0 or more";
}

Expected<void> Session::Implementation::check(Step& step) const {
  for (const Click& click : step.clicks)
    if (auto checked = check(click); !checked) return checked;
  if (!step.box) return {};
  if (!step.clicks.empty()) return failure(ErrorCode::invalid_argument, "A step has either clicks or a box.");
  const auto cut = inside(*step.box);
  if (!cut) return std::unexpected(cut.error());
  step.box = *cut;
  return {};
}

Expected<Box> Session::Implementation::inside(const Box& box) const {
  if (task() != Task::segment) return failure(ErrorCode::invalid_argument, "A box is for the selection of an object.");
  const double width = picture_->width(), height = picture_->height();
  const Box cut{std::max(box.left, 0.0), std::max(box.top, 0.0), std::min(box.right, width),
                std::min(box.bottom, height)};
  // not a number fails, too
  if (cut.right - cut.left >= kLeastBoxSide && cut.bottom - cut.top >= kLeastBoxSide) return cut;
  return failure(ErrorCode::invalid_argument,
                 std::format("The box {},{},{},{} has less than one pixel in the picture of {} x {} pixels.", box.left,
                             box.top, box.right, box.bottom, picture_->width(), picture_->height()));
}

Expected<void> Session::Implementation::preview(std::optional<Click> click) {
  if (click)
    if (auto checked = check(*click); !checked) return checked;
  const std::lock_guard lock(mutex_);
  wanted_preview_ = click;
  preview_.reset();
  ++preview_calls_;
  changed_.notify_all();
  return {};
}

std::optional<Answer> Session::Implementation::previewed() const {
  const std::lock_guard lock(mutex_);
  return preview_;
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
  while (changed_.wait(lock, stop, [this] { return !is_idle() || wanted_preview_; })) {
    if (stop.stop_requested()) return;
    const std::size_t revision = revision_;
    try {
      if (is_idle())
        compute_preview(lock);
      else if (!is_prepared_)
        prepare(lock, stop);
      else if (const NodePointer node = history_.first_unfinished())
        compute(lock, node);
      else
        publish_tip(lock);
    } catch (const std::bad_alloc& problem) {
      fail_at(revision, lock, {ErrorCode::out_of_memory,
                               "There is not enough memory to go on; the last good answer is kept.", problem.what()});
    } catch (const std::exception& problem) {
      fail_at(revision, lock,
              {ErrorCode::internal, "The computation failed; the last good answer is kept.", problem.what()});
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

/// What failed while the history became another is tried again for that one.
void Session::Implementation::fail_at(std::size_t revision, Lock& lock, Error error) {
  if (!lock.owns_lock()) lock.lock();
  if (revision == revision_) return fail(std::move(error));
  running_ = nullptr;
}

void Session::Implementation::prepare(Lock& lock, const std::stop_token& stop) {
  lock.unlock();
  const auto done = load_and_encode(stop);
  lock.lock();
  if (stop.stop_requested()) return;
  if (!done) return fail(done.error());
  error_.reset();
  is_prepared_ = true;
}

Expected<void> Session::Implementation::load_and_encode(const std::stop_token& stop) {
  set_progress({.phase = Progress::Phase::loading});
  const std::lock_guard model_lock(model_->calls);
  if (stop.stop_requested()) return {};  // another session of the model was waited for
  if (auto loaded = model_->ensure_loaded(); !loaded) return loaded;
  set_progress({.phase = Progress::Phase::encoding});
  if (options_.start && task() == Task::segment)
    start_logits_ = start_logits(*options_.start, first_frame_);
  else if (options_.start)
    start_values_ = start_values(*options_.start, first_frame_);
  if (const auto view = views_.find_or_encode(first_frame_, *model_->network); !view)
    return std::unexpected(view.error());
  if (stop.stop_requested()) return {};
  if (has_objects()) {
    if (auto opened = model_->ensure_objects(); !opened) return opened;
    {
      const std::lock_guard objects_lock(model_->objects->calls);
      if (auto loaded = model_->objects->ensure_loaded(); !loaded) return loaded;
    }
    auto objects = session(model_->objects, picture_, object_finder_options());
    if (!objects) return std::unexpected(objects.error());
    object_finder_.emplace(std::move(*objects));
  }
  if (task() != Task::segment) return answer_unasked();
  if (inspect([](const History& history) { return history.tip() == nullptr; })) warm_up();
  if (options_.prepares_zoom && options_.method.zooms)
    model_->network->prepare(zoomed_frame_sizes(model_->manifest.input), options_.layer);
  return {};
}

bool Session::Implementation::has_objects() const {
  return task() == Task::semantic &&
         options_.method.is_about_objects.value_or(!model_->manifest.refinement.objects.empty());
}

Expected<void> Session::Implementation::answer_unasked() {
  StepInput input = question(*views_.find(first_frame_));
  input.start = start_values_ ? &*start_values_ : nullptr;
  input.layer = LayerType::none;
  input.is_refined = false;
  auto output = model_->network->step(input);
  if (!output) return std::unexpected(output.error());
  auto result = std::make_shared<StepResult>();
  result->frame = first_frame_;
  result->output = std::move(*output);
  unasked_ = std::move(result);
  return {};
}

void Session::Implementation::warm_up() {
  const auto view = views_.find(first_frame_);
  const double u = first_frame_.width / 2;
  const double v = first_frame_.height / 2;
  // neighbours that contradict each other, so that an iteration is made
  const FrameClick clicks[] = {{.u = u, .v = v, .target = kInclude}, {.u = u + 1, .v = v, .target = kExclude}};
  StepInput input = question(*view);
  input.clicks = clicks;
  input.iterations = 1;
  input.method.mirrors = false;
  const auto output = model_->network->step(input);
  if (!output) return;  // the failure will show again at the first click
  Answer::Data unused;
  unused.picture = picture_;
  unused.frame = first_frame_;
  set_answer(unused, output->answer, view->guide);
}

void Session::Implementation::compute(Lock& lock, const NodePointer& node) {
  const auto records = records_to(node);
  const bool is_last = node == history_.tip();
  running_ = node.get();
  running_stop_ = {};
  auto progress = Progress{.phase = Progress::Phase::first_answer,
                           .step = records.size() - 1,
                           .steps = history_.path().size(),
                           .iterations = iterations()};
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

void Session::Implementation::compute_preview(Lock& lock) {
  const Click click = *std::exchange(wanted_preview_, std::nullopt);
  if (error_) return;
  const std::pair asked{revision_, preview_calls_};
  std::optional<Answer> answer;
  try {
    auto records = records_to(history_.tip());
    records.push_back({.step = {.clicks = {click}, .is_refined = false}, .result = nullptr});
    lock.unlock();
    answer = preview_of(std::move(records));
  } catch (const std::exception&) {
    // no preview then; a click will tell what is wrong
  }
  if (!lock.owns_lock()) lock.lock();
  if (asked == std::pair{revision_, preview_calls_}) preview_ = std::move(answer);
}

void Session::Implementation::publish_tip(Lock& lock) {
  const auto records = records_to(history_.tip());
  const std::size_t revision = revision_;
  lock.unlock();
  const std::shared_ptr<const StepResult> result = records.empty() ? unasked_ : records.back().result;
  auto data = result ? shown(records, *result) : answer_data(records, first_frame_);
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
  data->task = task();
  data->start = options_.start;
  data->trimap = options_.trimap;
  data->model_name = model_->manifest.info.name;
  {
    const std::lock_guard lock(model_->mutex);
    data->device = model_->device;
  }
  for (const StepRecord& record : records) data->history.push_back(record.step);
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
      report.mirror_ms = result->output.mirror_ms;
      report.close_ms = result->close_ms;
      report.multiply_adds = result->output.multiply_adds;
      report.notice = result->output.notice;
      for (std::size_t k = 0; k < result->radii.size(); ++k)
        data->verdicts[report.first_click + k].radius = result->radii[k];
    }
    data->steps.push_back(report);
  }
  return data;
}

std::shared_ptr<Answer::Data> Session::Implementation::shown(const std::vector<StepRecord>& records,
                                                             const LayeredAnswer& answer,
                                                             const std::vector<bool>& obeyed) {
  auto data = answer_data(records, answer.frame);
  data->close_ups = close_up_models_.of(answer);
  set_answer(*data, answer.answer, views_.guide(answer.frame), obeyed);
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
