// SPDX-License-Identifier: Apache-2.0
#include "baselines/brs_predictor.hpp"

#include <ATen/ops/logit.h>

#include <algorithm>

#include "networks/convolution.hpp"

namespace gbrs {
namespace {

constexpr std::size_t kUnrefined = 1;  // clicks
constexpr double kCertain = 1e-7;      // probabilities are kept so far from 0 and 1 when they become logits

/// The nearest side that the network takes.
std::int64_t fitted_side(std::int64_t side, const FrameSides& sides) {
  const std::int64_t steps = (side - sides.rest + sides.step / 2) / sides.step;
  const std::int64_t least = (sides.least - sides.rest + sides.step - 1) / sides.step;
  return std::max(steps, least) * sides.step + sides.rest;
}

/// Pixel centres of the first and the last pixel lie on each other, as in resizing.
double scale(std::int64_t from, std::int64_t to) {
  return from > 1 ? static_cast<double>(to - 1) / static_cast<double>(from - 1) : 1;
}

}  // namespace

void BrsPredictor::begin(const Tensor& pixels) {
  const at::NoGradGuard no_grad;
  input_ = network_.normalised(pixels);
  zoom_.reset();
  if (options_.zoom) zoom_.emplace(*options_.zoom, input_.size(2), input_.size(3));
  clicks_.clear();
  frame_.reset();
  variables_.clear();
  probability_ = Tensor();
  optimised_.reset();
}

std::unique_ptr<BrsFrame> BrsPredictor::framed(std::vector<PromptClick> clicks) const {
  const at::NoGradGuard no_grad;
  const auto looked_at = [&](const Tensor& map) { return zoom_ ? zoom_->crop(map) : map; };
  Tensor previous;
  if (probability_.defined()) previous = at::logit(looked_at(probability_), kCertain);
  const Size size = frame_size();
  return std::make_unique<BrsFrame>(network_, options_, upsample(looked_at(input_), size.height, size.width),
                                    std::move(clicks), previous);
}

BrsPredictor::Size BrsPredictor::looked_at() const {
  if (!zoom_) return {.height = input_.size(2), .width = input_.size(3)};
  const auto [height, width] = zoom_->size();
  return {.height = height, .width = width};
}

BrsPredictor::Size BrsPredictor::frame_size() const {
  const FrameSides sides = network_.frame_sides();
  const Size size = looked_at();
  return {.height = fitted_side(size.height, sides), .width = fitted_side(size.width, sides)};
}

std::vector<PromptClick> BrsPredictor::placed() const {
  std::vector<PromptClick> clicks = zoom_ ? zoom_->placed(clicks_) : clicks_;
  const Size from = looked_at(), to = frame_size();
  for (PromptClick& click : clicks) {
    click.v *= scale(from.height, to.height);
    click.u *= scale(from.width, to.width);
  }
  return clicks;
}

Tensor BrsPredictor::add(const PromptClick& click) {
  clicks_.push_back(click);
  const bool has_moved = zoom_ && zoom_->look(clicks_);
  const std::vector<PromptClick> clicks = placed();
  if (!frame_ || has_moved || clicks_.size() <= options_.encoded_clicks || options_.kind == BrsKind::none)
    frame_ = framed(clicks);
  if (variables_.size() != frame_->variables() || (has_moved && options_.kind != BrsKind::features))
    variables_.assign(frame_->variables(), 0);
  optimised_.reset();
  Tensor logits;
  if (options_.kind != BrsKind::none && clicks_.size() > kUnrefined) {
    BrsClick refined(*frame_, options_, clicks);
    optimised_ = minimise([&](auto x, auto gradient) { return refined(x, gradient); }, variables_, options_.optimiser);
    variables_ = optimised_->x;
    logits = refined.best();
  } else {
    const at::NoGradGuard no_grad;
    logits = frame_->answer(variables_).logits;
  }
  const at::NoGradGuard no_grad;
  const Tensor probability = flip_average(logits).sigmoid();
  const bool is_whole = !zoom_ || !zoom_->box();
  probability_ = is_whole ? upsample(probability, input_.size(2), input_.size(3)) : zoom_->restored(probability);
  if (zoom_ && is_whole) zoom_->remember(probability_);
  return probability_[0][0];
}

}  // namespace gbrs
