// SPDX-License-Identifier: Apache-2.0
#include "networks/guided_mnv2.hpp"

#include <ATen/ops/cat.h>

namespace gbrs {

using enum Activation;

GuidedMnv2::GuidedMnv2(Weights& weights, const std::string& prefix, std::int64_t map_count, bool maps_enter)
    : encoder_(weights, "encoder"),
      maps_half_(take_convolution(weights, prefix + ".half",
                                  {.in = map_count, .out = 16, .kernel = 3, .activation = relu, .stride = 2})),
      maps_quarter_(take_convolution(weights, prefix + ".quarter",
                                     {.in = 16, .out = 24, .kernel = 3, .activation = relu, .stride = 2})),
      maps_eighth_(take_convolution(weights, prefix + ".eighth",
                                    {.in = 24, .out = 32, .kernel = 3, .activation = relu, .stride = 2})),
      maps_sixteenth_(take_convolution(weights, prefix + ".sixteenth",
                                       {.in = 32, .out = 128, .kernel = 3, .activation = relu, .stride = 2})),
      context_local_(take_convolution(weights, "context.local", {.in = 320, .out = 128, .activation = relu})),
      context_pool_(take_convolution(weights, "context.pool", {.in = 320, .out = 128, .activation = relu})),
      context_project_(take_convolution(weights, "context.project", {.in = 256, .out = 128, .activation = relu})),
      eighth_skip_(take_convolution(weights, "eighth.skip", {.in = 32, .out = 32, .activation = relu})),
      eighth_sep_0_(weights, "eighth.sep_0", {128, 32, 32}, 96),
      eighth_sep_1_(weights, "eighth.sep_1", {96}, 96),
      quarter_skip_(take_convolution(weights, "quarter.skip", {.in = 24, .out = 24, .activation = relu})),
      quarter_sep_0_(weights, "quarter.sep_0", {96, 24, 24}, 64),
      half_reduce_(take_convolution(weights, "half.reduce", {.in = 64, .out = 32, .activation = relu})),
      half_skip_(take_convolution(weights, "half.skip", {.in = 16, .out = 16, .activation = relu})),
      half_sep_0_(weights, "half.sep_0", {32, 16, 16}, 32),
      quarter_and_reduce_(quarter_sep_0_, half_reduce_) {
  for (const std::int64_t dilation : {1, 2, 4, 1}) {
    const std::string key = "context.block_" + std::to_string(context_blocks_.size());
    context_blocks_.push_back(take_inverted_residual(weights, key, 128, 512, 128, 1, dilation));
  }
  if (maps_enter) maps_enter_ = take_convolution(weights, prefix + ".enter", {.in = 32, .out = 32});
}

GuidedMnv2::Frame GuidedMnv2::encode(const MobileNetV2::Skips& skips) const {
  Frame frame;
  frame.skips = skips;
  if (!maps_enter_) {
    frame.sixteenth = encoder_.deep(skips.eighth);
    frame.context = context(frame.sixteenth);
  }
  frame.eighth_share = eighth_sep_0_.share(1, eighth_skip_(skips.eighth));
  frame.quarter_share = quarter_sep_0_.share(1, quarter_skip_(skips.quarter));
  frame.half_share = half_sep_0_.share(1, half_skip_(skips.half));
  return frame;
}

Tensor GuidedMnv2::context(const Tensor& sixteenth) const {
  const Tensor local = context_local_(sixteenth);
  const Tensor pool = context_pool_(sixteenth.mean({2, 3}, /*keepdim=*/true));
  return context_project_(at::cat({local, pool.expand_as(local)}, 1));
}

GuidedMnv2::Guided GuidedMnv2::guide(const Frame& frame, const Tensor& maps) const {
  const Tensor half = maps_half_(maps);
  const Tensor quarter = maps_quarter_(half);
  const Tensor eighth = maps_eighth_(quarter);
  Guided guided;
  guided.sixteenth = maps_enter_ ? encoder_.deep((*maps_enter_)(eighth, frame.skips.eighth)) : frame.sixteenth;
  guided.context = (maps_enter_ ? context(guided.sixteenth) : frame.context) + maps_sixteenth_(eighth);
  for (const InvertedResidual& block : context_blocks_) guided.context = block(guided.context);
  guided.eighth = eighth_sep_1_(
      eighth_sep_0_.upsampled(guided.context, frame.eighth_share + eighth_sep_0_.share(2, eighth)));
  guided.quarter_share = frame.quarter_share + quarter_sep_0_.share(2, quarter);
  guided.half_share = frame.half_share + half_sep_0_.share(2, half);
  return guided;
}

Tensor GuidedMnv2::quarter(const Guided& guided, const Tensor& eighth) const {
  return quarter_sep_0_.upsampled(eighth, guided.quarter_share);
}

Tensor GuidedMnv2::half(const Guided& guided, const Tensor& quarter) const {
  return half_sep_0_.upsampled(half_reduce_(quarter), guided.half_share);
}

}  // namespace gbrs
