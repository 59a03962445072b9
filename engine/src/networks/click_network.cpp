// SPDX-License-Identifier: Apache-2.0
#include "networks/click_network.hpp"

#include <ATen/ops/cat.h>

#include "networks/tail.hpp"

namespace gbrs {
namespace {

/// Onto the first channels; ResNets with three convolutions in their stem have more than the clicks.
Tensor added(const Tensor& features, const Tensor& clicks) {
  const std::int64_t width = clicks.size(1);
  if (features.size(1) == width) return features + clicks;
  return at::cat({features.slice(1, 0, width) + clicks, features.slice(1, width)}, 1);
}

}  // namespace

struct ClickNetwork::Image final : Encoded {
  Tensor input;
  Tensor stem;  // where the clicks do not change the image
};

struct ClickNetwork::Clicked final : Conditioned {
  Start start;
  std::vector<Tensor> features;  // of all sites
};

Tensor ClickNetwork::normalised(const Tensor& frame) const {
  return standardised(frame, kImageNetMean, kImageNetDeviation, fusion_.like());
}

std::unique_ptr<Encoded> ClickNetwork::encode_input(const Tensor& input) const {
  check_sides(input, frame_sides());
  auto image = std::make_unique<Image>();
  image->input = input.contiguous(at::MemoryFormat::ChannelsLast);
  if (!fusion_.is_early()) image->stem = stem(image->input);
  return image;
}

Tensor ClickNetwork::click_maps(const Encoded& encoded, std::span<const PromptClick> clicks) const {
  const Tensor& input = dynamic_cast<const Image&>(encoded).input;
  return fusion_.click_maps(clicks, input.size(2), input.size(3), input);
}

std::unique_ptr<Conditioned> ClickNetwork::condition(const Encoded& encoded, const Prompt& prompt) const {
  return condition_maps(encoded, click_maps(encoded, prompt.clicks), prompt.previous);
}

std::unique_ptr<Conditioned> ClickNetwork::condition_maps(const Encoded& encoded, const Tensor& maps,
                                                          const Tensor& previous) const {
  const auto& image = dynamic_cast<const Image&>(encoded);
  seen("dist_maps", maps);
  auto clicked = std::make_unique<Clicked>();
  clicked->start =
      begin(fusion_.is_early() ? stem(seen("fused_input", fusion_.fused(image.input, maps)))
                               : added(image.stem, seen("maps_transform", fusion_.transformed(maps, previous))));
  clicked->features =
      site_features(clicked->start.feature, site_names().size(),
                    [&](std::size_t site, const Tensor& x) { return part(site, x, clicked->start.skips); });
  return clicked;
}

Tensor ClickNetwork::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& clicked = dynamic_cast<const Clicked&>(conditioned);
  const Tensor logits = run_tail(site_names(), clicked.features, insertions,
                                 [&](std::size_t site, const Tensor& x) { return part(site, x, clicked.start.skips); });
  return seen("logits_low", logits);
}

std::vector<Tensor> ClickNetwork::likeness_levels(const Encoded&, const Conditioned& conditioned) const {
  return dynamic_cast<const Clicked&>(conditioned).start.likeness;
}

std::vector<std::string> ClickNetwork::sites() const { return names_of(site_names()); }

}  // namespace gbrs
