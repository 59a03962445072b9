// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network that clicks do not enter, whose tail is a chain of parts between sites (tail.hpp). A network says how the
// first site's feature comes about, and what stands behind each site.

#include <span>
#include <string_view>
#include <vector>

#include "networks/network.hpp"

namespace gbrs {

class ChainNetwork : public Network {
 public:
  [[nodiscard]] std::unique_ptr<Encoded> encode_input(const Tensor& input) const final;
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const final;
  [[nodiscard]] Tensor decode(const Conditioned& conditioned, Insertions& insertions) const final;
  [[nodiscard]] std::vector<Tensor> likeness_levels(const Encoded& encoded, const Conditioned& conditioned) const final;
  [[nodiscard]] std::vector<std::string> sites() const final;

 protected:
  /// What parts need beside the chain's feature: skips, sizes by their tensors.
  using Skips = std::vector<Tensor>;
  struct Start {
    Tensor feature;  ///< of the first site
    Skips skips;     ///< as the network's own parts number them
  };
  /// input [B,C,H,W], channels last. Throws std::invalid_argument for sizes that do not fit.
  [[nodiscard]] virtual Start begin(const Tensor& input) const = 0;
  /// From a site's feature to the next one's; from the last site's to the answer.
  [[nodiscard]] virtual Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const = 0;
  [[nodiscard]] virtual std::span<const std::string_view> site_names() const = 0;
  /// For likeness_levels; `features` are those of the sites.
  [[nodiscard]] virtual std::vector<Tensor> likeness(const Skips& skips, const std::vector<Tensor>& features) const = 0;

 private:
  struct Frame;
};

}  // namespace gbrs
