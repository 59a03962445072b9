// SPDX-License-Identifier: Apache-2.0
#include "networks/matte_mnv2.hpp"

#include <ATen/ops/cat.h>

#include "networks/known_colours.hpp"
#include "networks/rows.hpp"
#include "networks/tail.hpp"

namespace gbrs {
namespace {

using enum Activation;

constexpr std::int64_t kMapCount = 4, kGiven = 3 + kMapCount + 6, kDetail = 16, kFine = 8;

}  // namespace

struct MatteMnv2::Frame final : Encoded, Conditioned {
  Tensor eighth;                 // of the encoder's skips
  GuidedMnv2::Guided guided;     // half_share has the detail's share, too
  std::vector<Tensor> features;  // at the sites
  Tensor full_share;             // of the detail
  Tensor object, unknown;        // of the trimap, 0 or 1
};

MatteMnv2::MatteMnv2(Weights weights, const Settings&)
    : body_(weights, std::string(kMaps), kMapCount, true),
      detail_0_(
          take_convolution(weights, "detail.full_0", {.in = kGiven, .out = kDetail, .kernel = 3, .activation = relu})),
      detail_1_(
          take_convolution(weights, "detail.full_1", {.in = kDetail, .out = kDetail, .kernel = 3, .activation = relu})),
      detail_half_(take_convolution(weights, "detail.half", {.in = kDetail, .out = 32, .kernel = 3, .stride = 2})),
      fine_sep_0_(weights, "fine.sep_0", {32}, 32),
      fine_reduce_(take_convolution(weights, "fine.reduce", {.in = 32, .out = kFine, .activation = relu})),
      full_fuse_(take_convolution(weights, "full.fuse",
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

MatteMnv2::Given MatteMnv2::given(const Tensor& input) const {
  constexpr double kHalfLevel = 0.5 / 255;
  const Tensor colours = channels_last(input.narrow(1, 0, 3)), trimap = input.narrow(1, 3, 1);
  const Tensor object = (trimap > 1 - kHalfLevel).to(input.scalar_type());
  const Tensor background = (trimap < kHalfLevel).to(input.scalar_type());
  const Tensor unknown = 1 - object - background;
  const Tensor of_object = spread_colours(colours, object), of_background = spread_colours(colours, background);
  const Tensor estimate = way_between(colours, of_object, of_background) * unknown;
  const Tensor maps = channels_last(at::cat({object, background, unknown, estimate}, 1));
  return {.skips = body_.shallow(colours),
          .maps = maps,
          .detail = channels_last(at::cat({colours, maps, of_object, of_background}, 1))};
}

MatteMnv2::Given MatteMnv2::Given::to(at::ScalarType type) const {
  return {.skips = {.half = skips.half.to(type), .quarter = skips.quarter.to(type), .eighth = skips.eighth.to(type)},
          .maps = maps.to(type),
          .detail = detail.to(type)};
}

std::unique_ptr<Encoded> MatteMnv2::encode_input(const Tensor& input) const {
  check_sides(input, frame_sides());
  auto frame = encode_given(given(input));
  frame->features = site_features(frame->guided.eighth, kSites.size(),
                                  [&](std::size_t number, const Tensor& x) { return part(*frame, number, x); });
  return frame;
}

std::unique_ptr<MatteMnv2::Frame> MatteMnv2::encode_given(const Given& given) const {
  auto frame = std::make_unique<Frame>();
  frame->object = given.maps.narrow(1, 0, 1);
  frame->unknown = given.maps.narrow(1, 2, 1);
  frame->eighth = given.skips.eighth;
  frame->guided = body_.guide(body_.encode(given.skips), given.maps);
  const Tensor detail = detail_1_(detail_0_(given.detail));
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

Tensor MatteMnv2::alpha(const Given& given) const {
  const auto frame = encode_given(given);
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
  return {frame.eighth, frame.guided.sixteenth};
}

}  // namespace gbrs
