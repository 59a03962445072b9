// SPDX-License-Identifier: Apache-2.0
#pragma once

// DenseNet (Huang et al.) as torchvision names its parts: four blocks whose layers see all layers before them. Growth,
// depths and widths are read off the weights (161: growth 48, blocks of 6, 12, 36, 24).

#include <array>
#include <string>
#include <vector>

#include "networks/batch_norm.hpp"

namespace gbrs {

class DenseNet {
 public:
  /// `prefix` with its dot.
  DenseNet(Weights& weights, const std::string& prefix);

  struct Levels {
    Tensor relu0;                       ///< 1/2
    Tensor pool0;                       ///< 1/4
    std::array<Tensor, 3> transitions;  ///< 1/8, 1/16, 1/32
    std::array<Tensor, 4> blocks;
    Tensor norm5;  ///< 1/32, no ReLU
  };
  /// x [B,3,H,W].
  [[nodiscard]] Levels levels(const Tensor& x) const;

  /// Of relu0 and pool0, of the transitions, of norm5.
  struct Channels {
    std::int64_t stem = 0;
    std::array<std::int64_t, 3> transitions{};
    std::int64_t deep = 0;
  };
  [[nodiscard]] const Channels& channels() const { return channels_; }

 private:
  struct Layer {
    BatchNorm norm1;
    Convolution conv1, conv2;  ///< norm2 and ReLU are in the first
  };
  struct Transition {
    BatchNorm norm;
    Convolution conv;
  };
  std::vector<Layer> take_block(Weights& weights, const std::string& key, std::int64_t& channels);
  [[nodiscard]] static Tensor run(const std::vector<Layer>& block, const Tensor& x);

  Convolution stem_;
  std::array<std::vector<Layer>, 4> blocks_;
  std::vector<Transition> transitions_;
  BatchNorm norm5_;
  Channels channels_;
};

}  // namespace gbrs
