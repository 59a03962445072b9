// SPDX-License-Identifier: Apache-2.0
#include "networks/segment_mnv2.hpp"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace gbrs {
namespace {

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

struct SegmentMnv2::Frame final : Encoded, GuidedMnv2::Frame {
  explicit Frame(GuidedMnv2::Frame frame) : GuidedMnv2::Frame(std::move(frame)) {}
};

struct SegmentMnv2::Click final : Conditioned, GuidedMnv2::Guided {
  explicit Click(GuidedMnv2::Guided guided) : GuidedMnv2::Guided(std::move(guided)) {}
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
    : body_(weights, "clicks", architecture == kEntering ? 5 : 3, architecture == kEntering),
      logit_(take_convolution(weights, "half.logit", {.in = 32, .out = 1})),
      half_and_logit_(body_.half_and(logit_)) {
  weights.expect_empty();
}

Tensor SegmentMnv2::normalised(const Tensor& frame) const {
  // [H,W,3] seen as [1,3,H,W] is channels-last memory already.
  return frame.to(body_.type()).permute({2, 0, 1}).unsqueeze(0) / 127.5 - 1;
}

std::unique_ptr<Encoded> SegmentMnv2::encode_input(const Tensor& input) const {
  check_sides(input, frame_sides());
  return encode_skips(shallow(input.contiguous(at::MemoryFormat::ChannelsLast)));
}

std::unique_ptr<Encoded> SegmentMnv2::encode_skips(const MobileNetV2::Skips& skips) const {
  return std::make_unique<Frame>(body_.encode(skips));
}

std::unique_ptr<Conditioned> SegmentMnv2::condition(const Encoded& encoded, const Prompt& prompt) const {
  const Tensor& half = dynamic_cast<const Frame&>(encoded).skips.half;
  const Tensor maps = click_maps(prompt, click_map_count(), 2 * half.size(2) - 1, 2 * half.size(3) - 1, half.options());
  return condition_maps(encoded, maps);
}

std::unique_ptr<Conditioned> SegmentMnv2::condition_maps(const Encoded& encoded, const Tensor& maps) const {
  return std::make_unique<Click>(body_.guide(dynamic_cast<const Frame&>(encoded), maps));
}

Tensor SegmentMnv2::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& click = dynamic_cast<const Click&>(conditioned);
  return body_.answer(click, insertions.pass("eighth", click.eighth), half_and_logit_);
}

std::vector<Tensor> SegmentMnv2::likeness_levels(const Encoded& encoded, const Conditioned& conditioned) const {
  return {dynamic_cast<const Frame&>(encoded).skips.eighth, dynamic_cast<const Click&>(conditioned).sixteenth};
}

SegmentMnv2::Levels SegmentMnv2::levels(const Tensor& input, const Tensor& maps) const {
  const GuidedMnv2::Frame frame = body_.encode(shallow(input.contiguous(at::MemoryFormat::ChannelsLast)));
  const GuidedMnv2::Guided click = body_.guide(frame, maps.contiguous(at::MemoryFormat::ChannelsLast));
  const Tensor at_quarter = body_.quarter(click, click.eighth);
  return {frame.skips, click.sixteenth, click.context, click.eighth, at_quarter,
          logit_(body_.half(click, at_quarter))};
}

}  // namespace gbrs
