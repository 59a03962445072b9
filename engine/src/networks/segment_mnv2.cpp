// SPDX-License-Identifier: Apache-2.0
#include "networks/segment_mnv2.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace gbrs {
namespace {

using enum Activation;

/// Discs of kDiskRadius around clicks, drawn on the CPU: at most 11 x 11 pixels a click.
void draw_disc(float* map, std::int64_t height, std::int64_t width, double u, double v) {
  constexpr double radius = SegmentMnv2::kDiskRadius + 1e-6;
  const auto first = [](double centre) { return std::max<std::int64_t>(0, std::llround(std::ceil(centre - radius))); };
  const auto last = [](double centre, std::int64_t size) {
    return std::min<std::int64_t>(size - 1, std::llround(std::floor(centre + radius)));
  };
  for (std::int64_t y = first(v); y <= last(v, height); ++y) {
    for (std::int64_t x = first(u); x <= last(u, width); ++x) {
      if (std::hypot(static_cast<double>(x) - u, static_cast<double>(y) - v) <= radius) map[y * width + x] = 1;
    }
  }
}

}  // namespace

struct SegmentMnv2::Frame final : Encoded {
  std::int64_t height = 0, width = 0;
  MobileNetV2::Skips skips;
  Tensor context;                                  // [1,128,H/16,W/16] of the frame alone
  Tensor eighth_share, quarter_share, half_share;  // the skips' shares of the separable convolutions
};

struct SegmentMnv2::Click final : Conditioned {
  Tensor context;                    // behind the residuals, for parity tests
  Tensor eighth;                     // the feature at the site [1,96,H/8,W/8]
  Tensor quarter_share, half_share;  // skips' and clicks' shares
};

Tensor click_maps(const Prompt& prompt, std::int64_t height, std::int64_t width, const at::TensorOptions& options) {
  Tensor discs = at::zeros({1, 2, height, width}, at::TensorOptions().dtype(at::kFloat));
  float* maps = discs.data_ptr<float>();
  for (const PromptClick& click : prompt.clicks) {
    draw_disc(maps + (click.target > 0 ? 0 : height * width), height, width, click.u, click.v);
  }
  const Tensor previous =
      prompt.previous.defined()
          ? upsample(prompt.previous.to(options.device(), options.dtype().toScalarType()), height, width).sigmoid()
          : at::zeros({1, 1, height, width}, options);
  return at::cat({discs.to(options.device(), previous.scalar_type()), previous}, 1)
      .contiguous(at::MemoryFormat::ChannelsLast);
}

SegmentMnv2::SegmentMnv2(Weights weights)
    : encoder_(weights, "encoder"),
      clicks_half_(
          take_convolution(weights, "clicks.half", {.in = 3, .out = 16, .kernel = 3, .activation = relu, .stride = 2})),
      clicks_quarter_(take_convolution(weights, "clicks.quarter",
                                       {.in = 16, .out = 24, .kernel = 3, .activation = relu, .stride = 2})),
      clicks_eighth_(take_convolution(weights, "clicks.eighth",
                                      {.in = 24, .out = 32, .kernel = 3, .activation = relu, .stride = 2})),
      clicks_sixteenth_(take_convolution(weights, "clicks.sixteenth",
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
      half_logit_(take_convolution(weights, "half.logit", {.in = 32, .out = 1})) {
  for (const std::int64_t dilation : {1, 2, 4, 1}) {
    const std::string key = "context.block_" + std::to_string(context_blocks_.size());
    context_blocks_.push_back(take_inverted_residual(weights, key, 128, 512, 128, 1, dilation));
  }
  weights.expect_empty();
}

std::unique_ptr<Encoded> SegmentMnv2::encode(const Tensor& frame) const {
  const at::NoGradGuard no_grad;
  if (frame.size(0) % 16 != 1 || frame.size(1) % 16 != 1 || frame.size(0) < 17 || frame.size(1) < 17) {
    throw std::invalid_argument("a frame's sides must be multiples of 16 plus one");
  }
  // [H,W,3] seen as [1,3,H,W] is channels-last memory already.
  const Tensor input = frame.to(half_logit_.weight.scalar_type()).permute({2, 0, 1}).unsqueeze(0) / 127.5 - 1;
  return std::make_unique<Frame>(encode_input(input));
}

SegmentMnv2::Frame SegmentMnv2::encode_input(const Tensor& input) const {
  Frame frame;
  frame.height = input.size(2);
  frame.width = input.size(3);
  frame.skips = encoder_(input);
  const Tensor local = context_local_(frame.skips.sixteenth);
  const Tensor pool = context_pool_(frame.skips.sixteenth.mean({2, 3}, /*keepdim=*/true));
  frame.context = context_project_(at::cat({local, pool.expand_as(local)}, 1));
  frame.eighth_share = eighth_sep_0_.share(1, eighth_skip_(frame.skips.eighth));
  frame.quarter_share = quarter_sep_0_.share(1, quarter_skip_(frame.skips.quarter));
  frame.half_share = half_sep_0_.share(1, half_skip_(frame.skips.half));
  return frame;
}

std::unique_ptr<Conditioned> SegmentMnv2::condition(const Encoded& encoded, const Prompt& prompt) const {
  const at::NoGradGuard no_grad;
  const auto& frame = dynamic_cast<const Frame&>(encoded);
  const Tensor maps = click_maps(prompt, frame.height, frame.width, frame.context.options());
  return std::make_unique<Click>(condition_maps(frame, maps));
}

SegmentMnv2::Click SegmentMnv2::condition_maps(const Frame& frame, const Tensor& maps) const {
  const Tensor half = clicks_half_(maps);
  const Tensor quarter = clicks_quarter_(half);
  const Tensor eighth = clicks_eighth_(quarter);
  Click click;
  click.context = frame.context + clicks_sixteenth_(eighth);
  for (const InvertedResidual& block : context_blocks_) click.context = block(click.context);
  const Tensor context = upsample(click.context, eighth.size(2), eighth.size(3));
  click.eighth = eighth_sep_1_(eighth_sep_0_(context, frame.eighth_share + eighth_sep_0_.share(2, eighth)));
  click.quarter_share = frame.quarter_share + quarter_sep_0_.share(2, quarter);
  click.half_share = frame.half_share + half_sep_0_.share(2, half);
  return click;
}

Tensor SegmentMnv2::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& click = dynamic_cast<const Click&>(conditioned);
  return logits(click, quarter(click, insertions.pass("eighth", click.eighth)));
}

Tensor SegmentMnv2::quarter(const Click& click, const Tensor& eighth) const {
  const Tensor up = upsample(eighth, click.quarter_share.size(2), click.quarter_share.size(3));
  return quarter_sep_0_(up, click.quarter_share);
}

Tensor SegmentMnv2::logits(const Click& click, const Tensor& quarter) const {
  const Tensor up = upsample(half_reduce_(quarter), click.half_share.size(2), click.half_share.size(3));
  return half_logit_(half_sep_0_(up, click.half_share));
}

SegmentMnv2::Levels SegmentMnv2::levels(const Tensor& input, const Tensor& clicks) const {
  const at::NoGradGuard no_grad;
  const Frame frame = encode_input(input.contiguous(at::MemoryFormat::ChannelsLast));
  const Click click = condition_maps(frame, clicks.contiguous(at::MemoryFormat::ChannelsLast));
  const Tensor at_quarter = quarter(click, click.eighth);
  return {frame.skips, click.context, click.eighth, at_quarter, logits(click, at_quarter)};
}

}  // namespace gbrs
