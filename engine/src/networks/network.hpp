// SPDX-License-Identifier: Apache-2.0
#pragma once

// A pretrained network, cut where its costs are: encode once a frame, condition once a click, decode once an
// iteration.
//
//   auto features = network.encode(frame);                    // depends on the picture only
//   auto conditioned = network.condition(*features, prompt);  // depends on the clicks, too
//   Tensor answer = network.decode(*conditioned, insertions); // the tail behind the first insertion
//
// Where gradients are on, decode is differentiable with respect to the insertions' parameters; weights are frozen
// unless they ask for gradients themselves (training). Refinement calls encode and condition without.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "layers/insertions.hpp"
#include "layers/tensor.hpp"

namespace gbrs {

/// A click as the network's input sees it, in pixels of the frame.
struct PromptClick {
  double u = 0;
  double v = 0;
  double target = 0;                            ///< > 0 includes, < 0 excludes
  std::optional<double> radius = std::nullopt;  ///< given by the user; none: the network does not know how far
};

struct Prompt {
  std::span<const PromptClick> clicks;
  Tensor previous;  ///< the answer before, [1,1,h,w] on any grid with the frame's corners; undefined: none
};

/// What depends on the frame alone.
class Encoded {
 public:
  virtual ~Encoded() = default;
};

/// What depends on frame and clicks, up to the first insertion, and the tail's share of it.
class Conditioned {
 public:
  virtual ~Conditioned() = default;
};

class Network {
 public:
  virtual ~Network() = default;

  /// Pixels R'G'B' [H,W,3] uint8 on the network's device.
  [[nodiscard]] virtual std::unique_ptr<Encoded> encode(const Tensor& frame) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const = 0;
  /// The answer [1,C,h,w] on the network's own grid, whose corners lie on the frame's.
  [[nodiscard]] virtual Tensor decode(const Conditioned& conditioned, Insertions& insertions) const = 0;

  /// Features in which likeness shows [1,C,h,w], coarse and fine, corners on the frame's.
  [[nodiscard]] virtual std::vector<Tensor> likeness_levels(const Encoded& encoded,
                                                            const Conditioned& conditioned) const = 0;

  /// Names of the sites that decode passes through insertions, in order.
  [[nodiscard]] virtual std::vector<std::string> sites() const = 0;
};

}  // namespace gbrs
