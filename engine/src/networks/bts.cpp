// SPDX-License-Identifier: Apache-2.0
#include "networks/bts.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/upsample_nearest2d.h>

#include <array>

namespace gbrs {
namespace {

constexpr std::array<std::string_view, 1> kSites{"norm5"};
constexpr double kNamedEpsilon = 1.1e-5;  ///< of the decoder's norms that have names
constexpr double kKittiFocal = 715.0873;  ///< pixels, for which KITTI's depths are given
constexpr std::array<std::int64_t, 5> kDilations{3, 6, 12, 18, 24};
constexpr std::array<std::int64_t, 3> kCells{8, 4, 2};
enum Skip { relu0_share, pool0_share, transition1_share, transition2_share, transition1 };

Tensor doubled(const Tensor& x) { return at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}); }

/// Every r-th row and column.
Tensor sampled(const Tensor& x, std::int64_t r) { return x.slice(2, 0, std::nullopt, r).slice(3, 0, std::nullopt, r); }

Tensor joined(std::vector<Tensor> parts) { return at::cat(parts, 1).contiguous(at::MemoryFormat::ChannelsLast); }

Convolution take_3x3(Weights& weights, const std::string& key, std::int64_t in, std::int64_t out,
                     std::int64_t dilation = 1) {
  return take_convolution(weights, key, {.in = in, .out = out, .kernel = 3, .dilation = dilation, .has_bias = false});
}

std::string cells(std::int64_t r) { return std::to_string(r) + "x" + std::to_string(r); }

}  // namespace

Bts::Bts(Weights weights, const Settings& settings)
    : max_depth_(settings.number("max_depth", 10)), focal_scale_(1), encoder_(weights, "encoder.base_model.") {
  if (settings.text("dataset", "nyu") == "kitti") focal_scale_ = settings.number("focal", kKittiFocal) / kKittiFocal;
  if (!(max_depth_ > 0) || !(focal_scale_ > 0))
    throw std::invalid_argument("settings max_depth and focal: not above 0");
  const DenseNet::Channels& channels = encoder_.channels();
  const auto out = [&](const std::string& key) { return weights.shape("decoder." + key + ".weight", 4)[0]; };
  const auto up = [&](int number, std::int64_t in, std::int64_t skip, std::int64_t extra) {
    ups_.push_back(take_up(weights, number, in, skip, extra));
    return ups_.back().join.out();
  };
  const std::int64_t i5 = up(5, channels.deep, channels.transitions[1], 0);
  const std::int64_t c4 = out("upconv4.conv") + channels.transitions[0];
  const std::int64_t i4 = up(4, i5, channels.transitions[0], 0);
  bn4_2_ = take_batch_norm(weights, "decoder.bn4_2", i4, kNamedEpsilon);
  std::int64_t in = c4;
  for (const std::int64_t dilation : kDilations) {
    atrous_.push_back(take_atrous(weights, dilation, atrous_.empty() ? i4 : in));
    in += atrous_.back().dilated.weight.size(0);
  }
  const std::int64_t f = out("daspp_conv.0");
  atrous_join_ = take_3x3(weights, "decoder.daspp_conv.0", in - c4 + i4, f);
  const std::int64_t i3 = up(3, f, channels.stem, 1);
  const std::int64_t i2 = up(2, i3, channels.stem, 1);
  const std::int64_t u1 = out("upconv1.conv"), last = out("conv1.0");
  upconv1_ = take_3x3(weights, "decoder.upconv1.conv", i2, u1);
  const std::array<std::int64_t, 3> inputs{f, i3, i2};
  for (std::size_t i = 0; i < kCells.size(); ++i)
    reductions_.push_back(take_reduction(weights, "decoder.reduc" + cells(kCells[i]), inputs[i], /*is_planar=*/true));
  reductions_.push_back(take_reduction(weights, "decoder.reduc1x1", u1, /*is_planar=*/false));
  conv1_ = take_3x3(weights, "decoder.conv1.0", u1 + 4, last);
  get_depth_ = take_3x3(weights, "decoder.get_depth.0", last, 1);
  weights.expect_empty();
}

Bts::Up Bts::take_up(Weights& weights, int number, std::int64_t in, std::int64_t skip, std::int64_t extra) const {
  const std::string index = std::to_string(number), up = "decoder.upconv" + index + ".conv";
  const std::string conv = "decoder.conv" + index + ".0";
  const std::int64_t width = weights.shape(up + ".weight", 4)[0], out = weights.shape(conv + ".weight", 4)[0];
  // of the inputs [enlarged, skip, extra] the skip is there before the iterations
  return {.up = take_3x3(weights, up, in, width),
          .norm = take_batch_norm(weights, "decoder.bn" + index, width, kNamedEpsilon),
          .join = SplitConvolution(take_3x3(weights, conv, width + skip + extra, out), width, skip)};
}

Bts::Atrous Bts::take_atrous(Weights& weights, std::int64_t dilation, std::int64_t in) const {
  const std::string key = "decoder.daspp_" + std::to_string(dilation) + ".atrous_conv.";
  const std::string sequence = key + "aconv_sequence.";
  const std::int64_t width = weights.shape(sequence + "1.weight", 4)[0];
  const std::int64_t out = weights.shape(sequence + "4.weight", 4)[0];
  return {.first = dilation == kDilations.front() ? BatchNorm()
                                                  : take_batch_norm(weights, key + "first_bn", in, kNamedEpsilon),
          .reduce = take_normed(weights, sequence + "1", sequence + "2",
                                {.in = in, .out = width, .activation = Activation::relu, .has_bias = false}),
          .dilated = take_3x3(weights, sequence + "4", width, out, dilation)};
}

Tensor Bts::normalised(const Tensor& frame) const {
  return standardised(frame, kImageNetMean, kImageNetDeviation, conv1_.weight);
}

ChainNetwork::Start Bts::begin(const Tensor& input) const {
  check_sides(input, frame_sides());
  const DenseNet::Levels levels = encoder_.levels(input);
  seen("skip0_relu0", levels.relu0);
  seen("skip1_pool0", levels.pool0);
  seen("denseblock1", levels.blocks[0]);
  seen("denseblock2", levels.blocks[1]);
  seen("denseblock3", levels.blocks[2]);
  seen("denseblock4", levels.blocks[3]);
  seen("skip2_transition1", levels.transitions[0]);
  seen("skip3_transition2", levels.transitions[1]);
  seen("transition3", levels.transitions[2]);
  seen("norm5", levels.norm5);
  if (is_watched()) seen("norm5_channel_mean", levels.norm5.mean({0, 2, 3}));
  return {.feature = levels.norm5,
          .skips = {ups_[3].join.share(levels.relu0), ups_[2].join.share(levels.pool0),
                    ups_[1].join.share(levels.transitions[0]), ups_[0].join.share(levels.transitions[1]),
                    levels.transitions[0]}};
}

Tensor Bts::enlarged(const Up& up, const Tensor& x) const { return up.norm(at::elu(up.up(doubled(x)))); }

Tensor Bts::part(std::size_t, const Tensor& x, const Skips& skips) const {
  const Tensor up5 = seen("upconv5_bn5", enlarged(ups_[0], x.relu()));
  const Tensor i5 = seen("iconv5", at::elu(ups_[0].join(up5, skips[transition2_share])));
  const Tensor up4 = seen("upconv4_bn4", enlarged(ups_[1], i5));
  const Tensor i4 = seen("iconv4_bn", bn4_2_(at::elu(ups_[1].join(up4, skips[transition1_share]))));
  const Tensor f = seen("daspp_feat", dense_atrous(joined({up4, skips[transition1]}), i4));

  std::vector<Tensor> scaled{scaled_planes(0, f)};
  const Tensor up3 = seen("upconv3_bn3", enlarged(ups_[2], f));
  const Tensor i3 = seen("iconv3", at::elu(ups_[2].join(joined({up3, sampled(scaled[0], 4)}), skips[pool0_share])));
  scaled.push_back(scaled_planes(1, i3));
  const Tensor up2 = seen("upconv2_bn2", enlarged(ups_[3], i3));
  const Tensor i2 = seen("iconv2", at::elu(ups_[3].join(joined({up2, sampled(scaled[1], 2)}), skips[relu0_share])));
  scaled.push_back(scaled_planes(2, i2));
  return seen("final_depth", depth(i2, scaled));
}

/// Branches of growing dilation, each of which sees those before it.
Tensor Bts::dense_atrous(const Tensor& c4, const Tensor& i4) const {
  std::vector<Tensor> inputs{c4}, outputs{i4};
  for (std::size_t k = 0; k < atrous_.size(); ++k) {
    const Atrous& branch = atrous_[k];
    const Tensor x = k == 0 ? i4 : branch.first(joined(inputs));
    const Tensor y = branch.dilated(branch.reduce(x.relu()));
    if (is_watched()) seen("daspp_" + std::to_string(kDilations[k]), y);
    inputs.push_back(y);
    outputs.push_back(y);
  }
  return at::elu(atrous_join_(joined(outputs)));
}

/// Depth / max_depth at full size from the planes of the cells.
Tensor Bts::scaled_planes(std::size_t index, const Tensor& x) const {
  const std::string name = cells(kCells[index]);
  const Tensor cell = seen("reduc" + name, planes(reductions_[index](x), max_depth_));
  return seen("depth_" + name + "_scaled", plane_depth(cell, kCells[index]) / max_depth_);
}

Tensor Bts::depth(const Tensor& i2, const std::vector<Tensor>& scaled) const {
  const Tensor u1 = seen("upconv1", at::elu(upconv1_(doubled(i2))));
  const Tensor r = seen("reduc1x1", reductions_.back()(u1).sigmoid());
  const Tensor last = seen("iconv1", at::elu(conv1_(joined({u1, r, scaled[2], scaled[1], scaled[0]}))));
  return get_depth_(last).sigmoid() * (max_depth_ * focal_scale_);
}

std::span<const std::string_view> Bts::site_names() const { return kSites; }

std::vector<Tensor> Bts::likeness(const Skips& skips, const std::vector<Tensor>& features) const {
  return {skips[transition1], features[0]};
}

}  // namespace gbrs
