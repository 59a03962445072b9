// SPDX-License-Identifier: Apache-2.0
#include "networks/chain_network.hpp"

#include "networks/tail.hpp"

namespace gbrs {

// One object is both: the clicks change nothing.
struct ChainNetwork::Frame final : Encoded, Conditioned {
  Start start;
  std::vector<Tensor> features;  // of all sites
};

std::unique_ptr<Encoded> ChainNetwork::encode_input(const Tensor& input) const {
  auto frame = std::make_unique<Frame>();
  frame->start = begin(input.contiguous(at::MemoryFormat::ChannelsLast));
  frame->features = site_features(frame->start.feature, site_names().size(),
                                  [&](std::size_t site, const Tensor& x) { return part(site, x, frame->start.skips); });
  return frame;
}

std::unique_ptr<Conditioned> ChainNetwork::condition(const Encoded& encoded, const Prompt&) const {
  return std::make_unique<Frame>(dynamic_cast<const Frame&>(encoded));
}

Tensor ChainNetwork::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& frame = dynamic_cast<const Frame&>(conditioned);
  return run_tail(site_names(), frame.features, insertions,
                  [&](std::size_t site, const Tensor& x) { return part(site, x, frame.start.skips); });
}

std::vector<Tensor> ChainNetwork::likeness_levels(const Encoded& encoded, const Conditioned&) const {
  const auto& frame = dynamic_cast<const Frame&>(encoded);
  return likeness(frame.start.skips, frame.features);
}

std::vector<std::string> ChainNetwork::sites() const { return names_of(site_names()); }

}  // namespace gbrs
