// SPDX-License-Identifier: Apache-2.0
// The second half of a step whose clicks are about small parts of the object: see close_up.hpp.

#include <chrono>
#include <exception>
#include <format>
#include <new>
#include <string_view>

#include "session/implementation.hpp"
#include "session/resampling.hpp"

namespace gbrs {

std::vector<Session::Implementation::CloserLook> Session::Implementation::closer_looks(const StepClicks& step,
                                                                                      const StepResult& result) const {
  const bool is_wanted = options_.method.comes_close.value_or(model_->manifest.input.close_ups);
  const bool has_answer = step.before != nullptr || start_logits_;
  // a stopped step is its first answer alone
  if (!zooms() || !is_wanted || !has_answer || step.box || step.is_stroke || !result.output.is_refined) return {};
  std::vector<CloserLook> looks;
  for (std::size_t i = step.first_new; i < step.clicks.size(); ++i) {
    const Click& click = step.clicks[i];
    const CloseUp* const seen = newest_at(click, result.close_ups);
    if (!click.radius && seen == nullptr) continue;  // nobody said that it is about a part
    const double radius = result.output.radii[i - step.first_new] / result.frame.scale();
    auto frame = close_up_frame(result.frame, click, radius, model_->manifest.input);
    // what lies on top has to be told, too, of a click that reaches farther or as far as the network thinks
    if (!frame && seen != nullptr && disagrees(*seen, click)) frame = seen->frame;
    if (frame) looks.push_back({.click = i, .frame = *frame});
  }
  return looks;
}

void Session::Implementation::look_closer(const StepClicks& step, std::span<const CloserLook> looks,
                                          StepResult& result) {
  const auto begun = std::chrono::steady_clock::now();
  const CloseUps before = result.close_ups;
  const auto failed = [&](std::string_view why) {
    result.close_ups = before;
    std::string& notice = result.output.notice;
    notice += std::format("{}The closer look at the click failed: {}", notice.empty() ? "" : " ", why);
  };
  try {
    for (const CloserLook& look : looks) {
      auto close_up = close_up_of(look.frame, std::span(step.clicks).first(look.click + 1), result);
      if (!close_up) return failed(close_up.error().message);
      result.close_ups =
          with_another(result.close_ups, std::make_shared<const CloseUp>(std::move(*close_up)), picture_size());
    }
  } catch (const std::bad_alloc&) {
    return failed("There is not enough memory.");
  } catch (const std::exception& problem) {  // OpenCV's own, of memory, too; no thread
    return failed(problem.what());
  }
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - begun;
  result.close_ms = spent.count();
}

Expected<CloseUp> Session::Implementation::close_up_of(const Frame& frame, std::span<const Click> clicks,
                                                       const StepResult& result) {
  const auto view = close_views_.find_or_encode(frame, *model_->network);
  if (!view) return std::unexpected(view.error());
  std::vector<FrameClick> seen;
  for (const Click& click : clicks)
    if (frame.holds(click)) seen.push_back(frame.to_frame(click));
  const FrameMap previous = joined({result.frame, result.output.answer, result.close_ups}, frame);
  StepInput input = question(**view);
  input.clicks = seen;
  input.first_new = seen.size() - 1;
  input.answer_before = &previous;
  input.method.region = 0;  // for what the network cannot know; here it sees all that is meant
  auto output = model_->network->step(input);
  if (!output) return std::unexpected(output.error());
  take_back_elsewhere(output->answer, previous, frame, seen.back(), output->radii.back());
  auto object = moved(result.output.answer, result.frame, frame, {output->answer.width, output->answer.height});
  return CloseUp{.frame = frame, .answer = std::move(output->answer), .object = std::move(object)};
}

}  // namespace gbrs
