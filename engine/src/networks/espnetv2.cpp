// SPDX-License-Identifier: Apache-2.0
#include "networks/espnetv2.hpp"

#include <array>

namespace gbrs {
namespace {

constexpr std::array<std::string_view, 4> kSites{"level4", "bu_dec_l1", "bu_dec_l2", "bu_dec_l3"};
constexpr std::array<std::string_view, 4> kWatched{"bu_dec_l1", "bu_dec_l2", "bu_dec_l3", "bu_dec_l4"};

std::vector<EespBlock> take_blocks(Weights& weights, const std::string& key, std::int64_t channels,
                                   std::int64_t limit) {
  std::vector<EespBlock> blocks;
  for (std::string name = key + ".0"; weights.has(name + ".module_act.weight");
       name = key + "." + std::to_string(blocks.size()))
    blocks.emplace_back(weights, name, channels, channels, limit);
  return blocks;
}

Tensor all(const std::vector<EespBlock>& blocks, Tensor x) {
  for (const EespBlock& block : blocks) x = block(x);
  return x;
}

}  // namespace

Espnetv2::Widths::Widths(const Weights& weights)
    : half(weights.shape("base_net.level1.act.weight", 1)[0]),
      quarter(weights.shape("base_net.level2_0.act.weight", 1)[0]),
      eighth(weights.shape("base_net.level3_0.act.weight", 1)[0]),
      sixteenth(weights.shape("base_net.level4_0.act.weight", 1)[0]) {
  if (quarter <= half || eighth <= quarter || sixteenth <= eighth)
    throw WeightError("the levels of base_net do not grow");
}

Espnetv2::Espnetv2(Weights weights, const Settings&) : Espnetv2(weights, Widths(weights)) {}

Espnetv2::Espnetv2(Weights& weights, const Widths& widths)
    : level1_(take_conv_act(weights, "base_net.level1", {.in = 3, .out = widths.half, .kernel = 3, .stride = 2})),
      level2_0_(weights, "base_net.level2_0", widths.half, widths.quarter, 13),
      level3_0_(weights, "base_net.level3_0", widths.quarter, widths.eighth, 11),
      level3_(take_blocks(weights, "base_net.level3", widths.eighth, 9)),
      level4_0_(weights, "base_net.level4_0", widths.eighth, widths.sixteenth, 9),
      level4_(take_blocks(weights, "base_net.level4", widths.sixteenth, 7)),
      bu_dec_l1_(weights, "bu_dec_l1", widths.sixteenth, true) {
  steps_.push_back(take_step(weights, 2, widths.eighth, bu_dec_l1_.out()));
  steps_.push_back(take_step(weights, 3, widths.quarter, steps_.back().pool.out()));
  steps_.push_back(take_step(weights, 4, widths.half, steps_.back().pool.out()));
  weights.expect_empty();
}

Espnetv2::Step Espnetv2::take_step(Weights& weights, int number, std::int64_t skip, std::int64_t in) {
  const std::string l = "_l" + std::to_string(number), norm = "bu_br" + l;
  return {.share = PixelwiseGate(weights, "merge_enc_dec" + l, skip, in),
          .norm = take_normed_prelu(weights, norm + ".0", norm + ".1", in),
          .pool = PyramidPool(weights, "bu_dec" + l, in, /*has_norm=*/number != 4)};
}

Tensor Espnetv2::normalised(const Tensor& frame) const {
  return standardised(frame, kImageNetMean, kImageNetDeviation, level1_.convolution.weight);
}

ChainNetwork::Start Espnetv2::begin(const Tensor& input) const {
  check_sides(input, frame_sides());
  const Tensor half = level1_(input);
  const Tensor quarter = seen("base_net_level2_0", level2_0_(half, input));
  const Tensor eighth = seen("base_net_level3_2", all(level3_, level3_0_(quarter, input)));
  const Tensor sixteenth = seen("base_net_level4_6", all(level4_, level4_0_(eighth, input)));
  // the shares of the decoder's steps do not depend on what is inserted
  return {.feature = sixteenth,
          .skips = {steps_[0].share(eighth), steps_[1].share(quarter), steps_[2].share(half), eighth}};
}

Tensor Espnetv2::part(std::size_t site, const Tensor& x, const Skips& skips) const {
  if (site == 0) return seen(kWatched[0], bu_dec_l1_(x));
  const Step& step = steps_[site - 1];
  const Tensor& share = skips[site - 1];
  return seen(kWatched[site], step.pool(step.norm(upsample(x, share.size(2), share.size(3)) + share)));
}

std::span<const std::string_view> Espnetv2::site_names() const { return kSites; }

std::vector<Tensor> Espnetv2::likeness(const Skips& skips, const std::vector<Tensor>& features) const {
  return {skips.back(), features[0]};
}

}  // namespace gbrs
