// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inside of Session: the history under a mutex, and the worker that computes what the current version of it
// lacks. Calls change the history and wake the worker; the worker alone talks to the network.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "gbrs/session.hpp"
#include "imaging/picture.hpp"
#include "imaging/trimap.hpp"
#include "models/model_state.hpp"
#include "session/close_up_models.hpp"
#include "session/frame.hpp"
#include "session/frame_views.hpp"
#include "session/history.hpp"
#include "session/object_finder.hpp"
#include "session/path_clicks.hpp"
#include "session/rendering.hpp"

namespace gbrs {

class Session::Implementation {
 public:
  /// `options` of a matte have a trimap of the picture's size, those of other tasks none.
  Implementation(std::shared_ptr<Model::State> model, std::shared_ptr<const Picture> picture, SessionOptions options);
  ~Implementation();
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  /// One on a picture that others may have, too. Errors: those of create(), but for the picture's.
  static Expected<Session> session(std::shared_ptr<Model::State> model, std::shared_ptr<const Picture> picture,
                                   SessionOptions options);
  [[nodiscard]] const std::shared_ptr<const Picture>& picture() const { return picture_; }

  /// Runs `edit(history)` under the lock, stops a computation that is not wanted any more, wakes the worker.
  template <class Edit>
  auto change(Edit edit);
  /// Changes click `index` by `edit(click)`, checked like a new one.
  template <class Edit>
  Expected<void> change_click(std::size_t index, Edit edit);
  /// Runs `read(history)` under the lock.
  template <class Read>
  auto inspect(Read read) const;

  Expected<void> check(const Click& click) const;
  [[nodiscard]] bool is_in_picture(double x, double y) const;
  /// What is wrong with the click's target for the model's task; empty: nothing.
  [[nodiscard]] std::string_view fault_of_target(const Click& click) const;
  /// Brings a box into the picture. Errors: those of check(click) and inside().
  Expected<void> check(Step& step) const;
  /// The part of the box that lies in the picture. Errors: invalid_argument.
  [[nodiscard]] Expected<Box> inside(const Box& box) const;
  Expected<void> preview(std::optional<Click> click);
  std::optional<Answer> previewed() const;
  void cancel();
  Expected<Answer> wait();
  Expected<Answer> detailed(const std::function<void(double)>& progress, const std::stop_token& stop);
  Answer answer() const;
  Progress progress() const;
  std::optional<Error> error() const;
  void on_change(std::function<void()> function);

 private:
  using Lock = std::unique_lock<std::mutex>;

  // The worker. Each of these is called with the lock held and gives it back held.
  void work(const std::stop_token& stop);
  [[nodiscard]] bool is_idle() const;
  void prepare(Lock& lock, const std::stop_token& stop);
  void compute(Lock& lock, const NodePointer& node);
  void publish_tip(Lock& lock);
  void compute_preview(Lock& lock);
  void fail(Error error);
  void fail_at(std::size_t revision, Lock& lock, Error error);

  // The worker, without the lock.
  /// What the network is told at a step: the clicks of its path that nothing contradicts, and those that stand for
  /// boxes.
  struct StepClicks {
    PathClicks all;
    std::vector<Click> clicks;
    std::size_t first_new = 0;  ///< the step's own are clicks[first_new..]
    std::optional<Box> box;     ///< the step's, for which the click stands that it then has
    bool is_stroke = false;     ///< the step
    const StepResult* before = nullptr;
  };
  using Suffices = std::function<bool(const FrameMap&)>;
  /// Of contradicting clicks the network gets the newest only.
  [[nodiscard]] StepClicks step_clicks(const std::vector<StepRecord>& records) const;
  [[nodiscard]] std::optional<Answer> preview_of(std::vector<StepRecord> records);
  Expected<void> load_and_encode(const std::stop_token& stop);
  /// Whether clicks are about the objects that they lie in.
  [[nodiscard]] bool has_objects() const;
  /// What the network says before any click.
  Expected<void> answer_unasked();
  /// A step for nothing while nobody waits: the first one takes ten times as long as the next.
  void warm_up();
  [[nodiscard]] Task task() const { return *model_->manifest.task; }
  [[nodiscard]] int iterations() const {
    return options_.method.iterations.value_or(model_->manifest.refinement.iterations);
  }
  /// A step in the view's frame as the session was asked for it, without clicks and what came before.
  [[nodiscard]] StepInput question(const FrameView& view) const;
  [[nodiscard]] bool zooms() const { return task() == Task::segment && options_.method.zooms; }
  [[nodiscard]] Frame choose_frame(const StepClicks& step) const;
  /// "As there" where alpha is known is that alpha: such places may lie beside the frame.
  [[nodiscard]] Click with_known_target(Click click) const;
  Expected<std::shared_ptr<StepResult>> run_step(const std::vector<StepRecord>& records, const std::stop_token& stop,
                                                 bool is_last);
  /// The step in the frame of the object; in a wider one again where an answer is cut off.
  Expected<std::shared_ptr<StepResult>> run_step_of_object(const StepClicks& step,
                                                           const std::vector<StepRecord>& records,
                                                           const std::stop_token& stop, bool is_last);
  /// `suffices`: whether the first answer will do in this frame.
  Expected<std::shared_ptr<StepResult>> run_step_in(const Frame& frame, const StepClicks& step,
                                                    const std::vector<StepRecord>& records, const std::stop_token& stop,
                                                    bool is_last, const Suffices& suffices);
  /// Finds the objects of the step's own clicks, and anew those that they change, where clicks are about objects, and
  /// tells them to those that are seen.
  Expected<void> tell_objects(const StepClicks& step, StepResult& result, std::span<FrameClick> seen);
  struct CloserLook {
    std::size_t click = 0;  ///< of StepClicks::clicks
    Frame frame;
  };
  /// Those that follow the step, where they are worth it.
  [[nodiscard]] std::vector<CloserLook> closer_looks(const StepClicks& step, const StepResult& result) const;
  /// Adds the close-ups to the step's result, which stays as it is where a look fails, with a notice.
  void look_closer(const StepClicks& step, std::span<const CloserLook> looks, StepResult& result);
  /// What the network says in `frame` about the last of the clicks, told what `result` shows there.
  Expected<CloseUp> close_up_of(const Frame& frame, std::span<const Click> clicks, const StepResult& result);
  [[nodiscard]] cv::Size picture_size() const { return {picture_->width(), picture_->height()}; }
  /// What is shown of the step at the end of `records` while it is computed.
  void publish_on_the_way(const std::vector<StepRecord>& records, const LayeredAnswer& answer, int iteration);
  [[nodiscard]] std::vector<bool> obeyed_of(const PathClicks& all, const std::vector<bool>& seen) const;
  /// On the way into the step, on a grid of `frame`; none: nothing was selected.
  [[nodiscard]] std::optional<FrameMap> answer_before(const StepResult* before, const Frame& frame) const;
  [[nodiscard]] std::shared_ptr<Answer::Data> answer_data(const std::vector<StepRecord>& records,
                                                          const Frame& frame) const;
  /// What the network says of the picture in its own scale after a step, where something in first_frame_ is unknown.
  /// CV_32F, of its box's size; empty: stopped.
  [[nodiscard]] Expected<cv::Mat> own_scale_answer(const StepOutput& step, const std::function<void(double)>& progress,
                                                   const std::stop_token& stop) const;
  /// The answer after the steps of `records`. `obeyed`: see add_corrections.
  [[nodiscard]] std::shared_ptr<Answer::Data> shown(const std::vector<StepRecord>& records, const LayeredAnswer& answer,
                                                    const std::vector<bool>& obeyed);
  [[nodiscard]] std::shared_ptr<Answer::Data> shown(const std::vector<StepRecord>& records, const StepResult& result) {
    return shown(records, {result.frame, result.output.answer, result.close_ups}, result.obeyed);
  }
  void publish(std::shared_ptr<Answer::Data> data, std::optional<Progress> progress);
  void notify();
  void set_progress(Progress progress);

  const std::shared_ptr<Model::State> model_;
  const std::shared_ptr<const Picture> picture_;
  const SessionOptions options_;
  const Frame first_frame_;  ///< the whole picture; matte: what is unknown with its surroundings

  // The worker's own.
  FrameViews views_;
  FrameViews close_views_;
  CloseUpModels close_up_models_;
  std::optional<FrameMap> start_logits_;       ///< segment: in the first frame
  std::optional<FrameMap> start_values_;       ///< matte, depth: the same
  std::optional<ObjectFinder> object_finder_;  ///< semantic, where clicks are about objects
  std::shared_ptr<const StepResult> unasked_;  ///< other tasks than segment: what the network says before any click

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;  ///< wakes the worker, and those who wait
  History history_;
  std::size_t revision_ = 0;         ///< of the history
  std::size_t failed_revision_ = 0;  ///< the one at which error_ happened; it is not tried again
  std::optional<Error> error_;
  bool is_prepared_ = false;
  bool is_answered_ = false;  ///< answer_ belongs to the current version and is final
  Answer answer_;
  Progress progress_;
  const StepNode* running_ = nullptr;  ///< what the worker computes
  std::stop_source running_stop_;
  std::optional<Click> wanted_preview_;  ///< not computed yet
  std::optional<Answer> preview_;
  std::size_t preview_calls_ = 0;
  std::function<void()> on_change_;

  std::jthread worker_;  ///< last: starts when the rest is there, joins before the rest goes
};

template <class Edit>
auto Session::Implementation::change(Edit edit) {
  const std::lock_guard lock(mutex_);
  const NodePointer before = history_.tip();
  auto result = edit(history_);
  if (history_.tip() != before) {
    ++revision_;
    is_answered_ = false;
    wanted_preview_.reset();
    preview_.reset();
    if (running_ != nullptr && !history_.contains(running_)) running_stop_.request_stop();
    changed_.notify_all();
  }
  return result;
}

template <class Read>
auto Session::Implementation::inspect(Read read) const {
  const std::lock_guard lock(mutex_);
  return read(history_);
}

template <class Edit>
Expected<void> Session::Implementation::change_click(std::size_t index, Edit edit) {
  return change([&](History& history) -> Expected<void> {
    std::vector<Click> clicks;
    for (const Step& step : history.steps()) clicks.insert(clicks.end(), step.clicks.begin(), step.clicks.end());
    if (index < clicks.size()) {
      edit(clicks[index]);
      if (auto checked = check(clicks[index]); !checked) return checked;
    }
    return history.replace(index, index < clicks.size() ? std::optional(clicks[index]) : std::nullopt);
  });
}

}  // namespace gbrs
