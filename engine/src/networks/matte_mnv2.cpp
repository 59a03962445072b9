// SPDX-License-Identifier: Apache-2.0
#include "networks/matte_mnv2.hpp"

#include <ATen/ops/cat.h>

#include "networks/tail.hpp"

namespace gbrs {
namespace {

using enum Activation;

constexpr std::int64_t kMapCount = 3, kDetail = 16, kFine = 8;

Tensor channels_last(const Tensor& x) { return x.contiguous(at::MemoryFormat::ChannelsLast); }

/// The trimap / 255 [B,1,H,W] as object, background and unknown, 0 or 1 each.
Tensor trimap_maps(const Tensor& trimap) {
  constexpr double kHalfLevel = 0.5 / 255;
  const Tensor object = trimap > 1 - kHalfLevel, background = trimap < kHalfLevel;
  return channels_last(at::cat({object, background, object.logical_or(background).logical_not()}, 1))
      .to(trimap.scalar_type());
}

}  // namespace

struct MatteMnv2::Frame final : Encoded, Conditioned {
  MobileNetV2::Skips skips;
  GuidedMnv2::Guided guided;     // half_share has the detail's share, too
  std::vector<Tensor> features;  // at the sites
  Tensor full_share;             // of the detail
  Tensor object, unknown;        // of the trimap, 0 or 1
};

MatteMnv2::MatteMnv2(Weights weights, const Settings&)
    : body_(weights, std::string(kMaps), kMapCount, true),
      detail_0_(take_convolution(weights, "detail.full_0",
                                 {.in = 3 + kMapCount, .out = kDetail, .kernel = 3, .activation = relu})),
      detail_1_(
          take_convolution(weights, "detail.full_1", {.in = kDetail, .out = kDetail, .kernel = 3, .activation = relu})),
      detail_half_(take_convolution(weights, "detail.half", {.in = kDetail, .out = 32, .kernel = 3, .stride = 2})),
      fine_sep_0_(weights, "fine.sep_0", {32}, 32),
      fine_reduce_(take_convolution(weights, "fine.reduce", {.in = 32, .out = kFine, .activation = relu})),
      full_fuse_(
          take_convolution(weights, "full.fuse",
                           {.in = kFine + kDetail, .out = kDetail, .kernel = 3, .activation = relu}),
          kFine, kDetail),
      full_alpha_(take_convolution(weights, "full.alpha", {.in = kDetail, .out = 1})) {
  weights.expect_empty();
}

Tensor MatteMnv2::normalised(const Tensor& frame) const {
  return normalised_batch(frame.to(body_.type()).permute({2, 0, 1}).unsqueeze(0));
}

Tensor MatteMnv2::normalised_batch(const Tensor& pixels) {
  return at::cat({pixels.narrow(1, 0, 3) / 127.5 - 1, pixels.narrow(1, 3, 1) / 255}, 1);
}

MobileNetV2::Skips MatteMnv2::shallow(const Tensor& input) const {
  return body_.shallow(channels_last(input.narrow(1, 0, 3)));
}

std::unique_ptr<Encoded> MatteMnv2::encode_input(const Tensor& input) const {
  check_sides(input, frame_sides());
  auto frame = encode_skips(shallow(input), input);
  frame->features = site_features(frame->guided.eighth, kSites.size(),
                                  [&](std::size_t number, const Tensor& x) { return part(*frame, number, x); });
  return frame;
}

std::unique_ptr<MatteMnv2::Frame> MatteMnv2::encode_skips(const MobileNetV2::Skips& skips, const Tensor& input) const {
  auto frame = std::make_unique<Frame>();
  const Tensor maps = trimap_maps(input.narrow(1, 3, 1));
  frame->object = maps.narrow(1, 0, 1);
  frame->unknown = maps.narrow(1, 2, 1);
  frame->skips = skips;
  frame->guided = body_.guide(body_.encode(skips), maps);
  const Tensor detail = detail_1_(detail_0_(channels_last(at::cat({input.narrow(1, 0, 3), maps}, 1))));
  frame->guided.half_share = frame->guided.half_share + detail_half_(detail);
  frame->full_share = full_fuse_.share(detail);
  return frame;
}

std::unique_ptr<Conditioned> MatteMnv2::condition(const Encoded& encoded, const Prompt&) const {
  return std::make_unique<Frame>(dynamic_cast<const Frame&>(encoded));
}

Tensor MatteMnv2::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& frame = dynamic_cast<const Frame&>(conditioned);
  return run_tail(kSites, frame.features, insertions,
                  [&](std::size_t number, const Tensor& x) { return part(frame, number, x); });
}

Tensor MatteMnv2::alpha(const MobileNetV2::Skips& skips, const Tensor& input) const {
  const auto frame = encode_skips(skips, input);
  Tensor x = frame->guided.eighth;
  for (std::size_t number = 0; number < kSites.size(); ++number) x = part(*frame, number, x);
  return x;
}

Tensor MatteMnv2::part(const Frame& frame, std::size_t number, const Tensor& feature) const {
  if (number == 0) return body_.quarter(frame.guided, feature);
  return number == 1 ? body_.half(frame.guided, feature) : answer(frame, feature);
}

Tensor MatteMnv2::answer(const Frame& frame, const Tensor& half) const {
  const Tensor fine = fine_reduce_(fine_sep_0_(half));
  const Tensor up = upsample(fine, frame.full_share.size(2), frame.full_share.size(3));
  const Tensor alpha = full_alpha_(full_fuse_(up, frame.full_share)) + 0.5;
  return alpha * frame.unknown + frame.object;
}

std::vector<Tensor> MatteMnv2::likeness_levels(const Encoded& encoded, const Conditioned&) const {
  const auto& frame = dynamic_cast<const Frame&>(encoded);
  return {frame.skips.eighth, frame.guided.sixteenth};
}

}  // namespace gbrs
