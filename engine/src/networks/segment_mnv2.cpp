// SPDX-License-Identifier: Apache-2.0
#include "networks/segment_mnv2.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace gbrs {
namespace {

using enum Activation;

/// The pixels within `radius` of the click, drawn on the CPU.
void draw_disc(float* map, std::int64_t height, std::int64_t width, const PromptClick& click, double radius) {
  radius += 1e-6;  // a radius sqrt(k) reaches its own pixels in every precision
  const auto first = [](double at) { return std::max<std::int64_t>(0, std::llround(std::ceil(at))); };
  const auto last = [](double at, std::int64_t size) {
    return std::min<std::int64_t>(size - 1, std::llround(std::floor(at)));
  };
  for (std::int64_t y = first(click.v - radius); y <= last(click.v + radius, height); ++y) {
    const double dy = static_cast<double>(y) - click.v;
    const double reach = std::sqrt(std::max(0.0, radius * radius - dy * dy));
    const std::int64_t begin = first(click.u - reach);
    const std::int64_t end = last(click.u + reach, width);
    if (begin <= end) std::fill(map + y * width + begin, map + y * width + end + 1, 1.0F);
  }
}

}  // namespace

struct SegmentMnv2::Frame final : Encoded {
  MobileNetV2::Skips skips;
  Tensor sixteenth, context;                       // with late fusion only
  Tensor eighth_share, quarter_share, half_share;  // the skips' shares of the separable convolutions
};

struct SegmentMnv2::Click final : Conditioned {
  Tensor sixteenth, context;         // the latter behind the residuals
  Tensor eighth;                     // the feature at the site [B,96,H/8,W/8]
  Tensor quarter_share, half_share;  // skips' and clicks' shares
};

Tensor click_maps(const Prompt& prompt, std::int64_t count, std::int64_t height, std::int64_t width,
                  const at::TensorOptions& options) {
  constexpr std::int64_t previous_map = 2;
  Tensor maps = at::zeros({1, count, height, width}, at::TensorOptions().dtype(at::kFloat));
  const auto map = [&](std::int64_t index) { return maps.data_ptr<float>() + index * height * width; };
  for (const PromptClick& click : prompt.clicks) {
    const std::int64_t side = click.target > 0 ? 0 : 1;
    draw_disc(map(side), height, width, click, SegmentMnv2::kDiskRadius);
    if (count > previous_map + 1 && click.radius)
      draw_disc(map(previous_map + 1 + side), height, width, click, *click.radius);
  }
  maps = maps.to(options.device(), options.dtype().toScalarType()).contiguous(at::MemoryFormat::ChannelsLast);
  if (prompt.previous.defined()) {
    const Tensor previous = prompt.previous.to(maps.device(), maps.scalar_type());
    maps.narrow(1, previous_map, 1).copy_(upsample(previous, height, width).sigmoid());
  }
  return maps;
}

SegmentMnv2::SegmentMnv2(std::string_view architecture, Weights weights)
    : encoder_(weights, "encoder"),
      clicks_half_(take_convolution(
          weights, "clicks.half",
          {.in = architecture == kEntering ? 5 : 3, .out = 16, .kernel = 3, .activation = relu, .stride = 2})),
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
  if (architecture == kEntering) clicks_enter_ = take_convolution(weights, "clicks.enter", {.in = 32, .out = 32});
  weights.expect_empty();
}

Tensor SegmentMnv2::normalised(const Tensor& frame) const {
  // [H,W,3] seen as [1,3,H,W] is channels-last memory already.
  return frame.to(half_logit_.weight.scalar_type()).permute({2, 0, 1}).unsqueeze(0) / 127.5 - 1;
}

std::unique_ptr<Encoded> SegmentMnv2::encode_input(const Tensor& input) const {
  check_sides(input, frame_sides());
  return encode_skips(shallow(input.contiguous(at::MemoryFormat::ChannelsLast)));
}

std::unique_ptr<Encoded> SegmentMnv2::encode_skips(const MobileNetV2::Skips& skips) const {
  return std::make_unique<Frame>(encode_frame(skips));
}

SegmentMnv2::Frame SegmentMnv2::encode_frame(const MobileNetV2::Skips& skips) const {
  Frame frame;
  frame.skips = skips;
  if (!clicks_enter_) {
    frame.sixteenth = encoder_.deep(skips.eighth);
    frame.context = context(frame.sixteenth);
  }
  frame.eighth_share = eighth_sep_0_.share(1, eighth_skip_(skips.eighth));
  frame.quarter_share = quarter_sep_0_.share(1, quarter_skip_(skips.quarter));
  frame.half_share = half_sep_0_.share(1, half_skip_(skips.half));
  return frame;
}

Tensor SegmentMnv2::context(const Tensor& sixteenth) const {
  const Tensor local = context_local_(sixteenth);
  const Tensor pool = context_pool_(sixteenth.mean({2, 3}, /*keepdim=*/true));
  return context_project_(at::cat({local, pool.expand_as(local)}, 1));
}

std::unique_ptr<Conditioned> SegmentMnv2::condition(const Encoded& encoded, const Prompt& prompt) const {
  const Tensor& half = dynamic_cast<const Frame&>(encoded).skips.half;
  const Tensor maps = click_maps(prompt, click_map_count(), 2 * half.size(2) - 1, 2 * half.size(3) - 1, half.options());
  return condition_maps(encoded, maps);
}

std::unique_ptr<Conditioned> SegmentMnv2::condition_maps(const Encoded& encoded, const Tensor& maps) const {
  return std::make_unique<Click>(condition_frame(dynamic_cast<const Frame&>(encoded), maps));
}

SegmentMnv2::Click SegmentMnv2::condition_frame(const Frame& frame, const Tensor& maps) const {
  const Tensor half = clicks_half_(maps);
  const Tensor quarter = clicks_quarter_(half);
  const Tensor eighth = clicks_eighth_(quarter);
  Click click;
  click.sixteenth = clicks_enter_ ? encoder_.deep((*clicks_enter_)(eighth, frame.skips.eighth)) : frame.sixteenth;
  click.context = (clicks_enter_ ? context(click.sixteenth) : frame.context) + clicks_sixteenth_(eighth);
  for (const InvertedResidual& block : context_blocks_) click.context = block(click.context);
  const Tensor upsampled = upsample(click.context, eighth.size(2), eighth.size(3));
  click.eighth = eighth_sep_1_(eighth_sep_0_(upsampled, frame.eighth_share + eighth_sep_0_.share(2, eighth)));
  click.quarter_share = frame.quarter_share + quarter_sep_0_.share(2, quarter);
  click.half_share = frame.half_share + half_sep_0_.share(2, half);
  return click;
}

Tensor SegmentMnv2::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& click = dynamic_cast<const Click&>(conditioned);
  return logits(click, quarter(click, insertions.pass("eighth", click.eighth)));
}

std::vector<Tensor> SegmentMnv2::likeness_levels(const Encoded& encoded, const Conditioned& conditioned) const {
  return {dynamic_cast<const Frame&>(encoded).skips.eighth, dynamic_cast<const Click&>(conditioned).sixteenth};
}

Tensor SegmentMnv2::quarter(const Click& click, const Tensor& eighth) const {
  const Tensor up = upsample(eighth, click.quarter_share.size(2), click.quarter_share.size(3));
  return quarter_sep_0_(up, click.quarter_share);
}

Tensor SegmentMnv2::logits(const Click& click, const Tensor& quarter) const {
  const Tensor up = upsample(half_reduce_(quarter), click.half_share.size(2), click.half_share.size(3));
  return half_logit_(half_sep_0_(up, click.half_share));
}

SegmentMnv2::Levels SegmentMnv2::levels(const Tensor& input, const Tensor& maps) const {
  const Frame frame = encode_frame(shallow(input.contiguous(at::MemoryFormat::ChannelsLast)));
  const Click click = condition_frame(frame, maps.contiguous(at::MemoryFormat::ChannelsLast));
  const Tensor at_quarter = quarter(click, click.eighth);
  return {frame.skips, click.sixteenth, click.context, click.eighth, at_quarter, logits(click, at_quarter)};
}

}  // namespace gbrs
