// SPDX-License-Identifier: Apache-2.0
#include "baselines/brs_predictor.hpp"

#include <ATen/ops/logit.h>

#include <algorithm>
#include <cmath>

#include "baselines/consistency_click.hpp"
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

Tensor BrsPredictor::cropped(const Tensor& map) const { return zoom_ ? zoom_->crop(map) : map; }

std::unique_ptr<BrsFrame> BrsPredictor::framed(std::vector<PromptClick> clicks) const {
  const at::NoGradGuard no_grad;
  Tensor previous;
  if (probability_.defined()) previous = at::logit(cropped(probability_), kCertain);
  for (PromptClick& click : clicks) click.radius.reset();  // the published networks know of places only
  const MapSize size = frame_size();
  return std::make_unique<BrsFrame>(network_, options_, upsample(cropped(input_), size.height, size.width),
                                    std::move(clicks), previous);
}

MapSize BrsPredictor::looked_at() const {
  return zoom_ ? zoom_->size() : MapSize{.height = input_.size(2), .width = input_.size(3)};
}

MapSize BrsPredictor::limited_size() const { return limited(looked_at(), options_.longest_side); }

MapSize BrsPredictor::frame_size() const {
  const FrameSides sides = network_.frame_sides();
  const MapSize size = limited_size();
  return {.height = fitted_side(size.height, sides), .width = fitted_side(size.width, sides)};
}

std::vector<PromptClick> BrsPredictor::placed() const {
  const MapSize from = limited_size(), to = frame_size();
  std::vector<PromptClick> clicks = scaled(zoom_ ? zoom_->placed(clicks_) : clicks_, looked_at(), from);
  for (PromptClick& click : clicks) {
    click.v *= scale(from.height, to.height);
    click.u *= scale(from.width, to.width);
    if (click.radius) *click.radius *= std::sqrt(scale(from.height, to.height) * scale(from.width, to.width));
  }
  return clicks;
}

Tensor BrsPredictor::refined(const std::vector<PromptClick>& clicks) {
  if (options_.consistency) {
    Tensor before;
    const at::NoGradGuard no_grad;
    if (probability_.defined())
      before = upsample(cropped(probability_), frame_->height(), frame_->width())[0][0] > options_.threshold;
    Insertions layer = frame_->layer(variables_);
    const Tensor logits = refined_with_consistency(*frame_, layer, clicks, before, *options_.consistency);
    variables_ = frame_->values(layer);
    return logits;
  }
  BrsClick refined(*frame_, options_, clicks);
  optimised_ = minimise([&](auto x, auto gradient) { return refined(x, gradient); }, variables_, options_.optimiser);
  variables_ = optimised_->x;
  return refined.best();
}

Tensor BrsPredictor::restored(const Tensor& logits) {
  const at::NoGradGuard no_grad;
  Tensor probability = flip_average(logits).sigmoid();
  if (const MapSize size = looked_at(); limited_size() != size)
    probability = upsample(probability, size.height, size.width);
  if (zoom_ && zoom_->box()) return zoom_->restored(probability);
  probability = upsample(probability, input_.size(2), input_.size(3));
  if (zoom_) zoom_->remember(probability);
  return probability;
}

Tensor BrsPredictor::add(const PromptClick& click) {
  clicks_.push_back(click);
  // what is shrunk counts as moved at every click, as in the published code
  const bool has_moved = (zoom_ && zoom_->look(clicks_)) || limited_size() != looked_at();
  const std::vector<PromptClick> clicks = placed();
  if (!frame_ || has_moved || clicks_.size() <= options_.encoded_clicks || options_.kind == BrsKind::none)
    frame_ = framed(clicks);
  if (variables_.size() != frame_->variables() || (has_moved && options_.kind != BrsKind::features))
    variables_.assign(frame_->variables(), 0);
  optimised_.reset();
  Tensor logits;
  if (options_.kind != BrsKind::none && clicks_.size() > kUnrefined) {
    logits = refined(clicks);
  } else {
    const at::NoGradGuard no_grad;
    Insertions layer = frame_->layer(variables_);
    logits = frame_->logits(layer);
  }
  probability_ = restored(logits);
  return probability_[0][0];
}

}  // namespace gbrs
