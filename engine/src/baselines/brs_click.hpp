// SPDX-License-Identifier: Apache-2.0
#pragma once

// One click's refinement by BRS (Jang and Kim, CVPR 2019) or f-BRS (Sofiiuk et al., CVPR 2020): the function of the
// variables that L-BFGS-B minimises, as the code of f-BRS has it.
//
//   kind       variables                          changes                       starts at
//   none       -
//   rgb        a map [1,3,h,w]                    the network's input           0
//   distmap    a map [1,2,h,w]                    the maps of the clicks        0
//   features   scales - 1 [C], biases [C]         the features at a site        0
//
// The variables are the parameters of a layer (layers/layer.hpp), one that adds a map or sb, counted from where it changes
// nothing. Everything is in pixels of the frame that the network sees. Where answers are flipped, the mirrored frame goes
// with the frame itself, under the same variables.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "baselines/brs_loss.hpp"
#include "baselines/lbfgsb.hpp"
#include "baselines/zoom_in.hpp"
#include "layers/insertions.hpp"
#include "networks/network.hpp"

namespace gbrs {

enum class BrsKind { none, rgb, distmap, features };

/// Of the loss L_r + L_c of G-BRS (paper, eq. 8), which Adam lowers.
struct ConsistencyOptions {
  double rate = 0.1 / 512;  ///< Adam's; the paper's for RGB-BRS
  double lambda = 100;      ///< weight of L_c
  int iterations = 20;
};

struct BrsOptions {
  BrsKind kind = BrsKind::features;
  std::string site = {};           ///< features: where
  std::size_t encoded_clicks = 8;  ///< the network is told of the first ones only; the loss knows all
  bool has_flip = true;
  std::optional<ZoomInOptions> zoom = ZoomInOptions{};
  /// Of the image or the part of it, which is shrunk to it; the published evaluation has none.
  std::optional<std::int64_t> longest_side = std::nullopt;
  double threshold = 0.49;     ///< of probabilities
  double weight = 1e-3;        ///< of the variables' squares
  double bias_factor = 10;     ///< features: how much more a bias weighs than a scale
  double least_change = 0.01;  ///< 1 - intersection over union of two masks that count as the same
  LbfgsbOptions optimiser = {};
  /// rgb, distmap: instead of BRS's loss and L-BFGS-B (baselines/consistency_click.hpp).
  std::optional<ConsistencyOptions> consistency = std::nullopt;
};

/// What a frame and its clicks are to the network, up to where the variables come in.
class BrsFrame {
 public:
  /// `input` [1,3,h,w] normalised; `clicks` all of them; `previous`: logits [1,1,h,w], or undefined.
  BrsFrame(const Network& network, const BrsOptions& options, Tensor input, std::vector<PromptClick> clicks,
           const Tensor& previous);

  [[nodiscard]] std::int64_t height() const { return input_.size(2); }
  [[nodiscard]] std::int64_t width() const { return input_.size(3); }
  [[nodiscard]] std::size_t variables() const;
  [[nodiscard]] const Tensor& like() const { return input_; }

  /// The layer that the variables are the parameters of, at the values x.
  [[nodiscard]] Insertions layer(std::span<const double> x) const;
  /// The variables at a layer's present values.
  [[nodiscard]] std::vector<double> values(const Insertions& layer) const;
  /// [items,1,h,w], differentiable with respect to the layer's parameters where gradients are on.
  [[nodiscard]] Tensor logits(Insertions& layer) const;
  /// The clicks of the frame and of the mirrored frame.
  [[nodiscard]] std::vector<std::vector<PromptClick>> items(const std::vector<PromptClick>& clicks) const;

 private:
  struct Item {
    Tensor input, previous;
    std::vector<PromptClick> clicks;
    std::unique_ptr<Encoded> encoded;
    std::unique_ptr<Conditioned> conditioned;
    bool is_mirrored = false;
  };
  [[nodiscard]] Tensor logits(const Item& item, Insertions& layer) const;
  [[nodiscard]] Insertions unset_layer() const;
  /// rgb, distmap: a map of the item with the variables added, which the mirrored item has mirrored.
  [[nodiscard]] Tensor changed(const Item& item, const Tensor& map, Insertions& layer) const;

  const Network& network_;
  const BrsOptions& options_;
  Tensor input_;
  std::vector<Item> items_;
  std::vector<SiteValues> identity_;  ///< where the layer changes nothing; empty: there is none
};

class BrsClick {
 public:
  enum class Outcome { gradient, satisfied, unchanged };

  /// `clicks`: all of them, in the frame's pixels. Keeps references.
  BrsClick(const BrsFrame& frame, const BrsOptions& options, const std::vector<PromptClick>& clicks);

  /// Loss and gradient; the gradient is zero where the clicks are obeyed already or the mask does not change.
  double operator()(std::span<const double> x, std::span<double> gradient);

  [[nodiscard]] Outcome outcome() const { return outcome_; }
  /// Logits of the lowest loss so far [items,1,h,w]; undefined before the first evaluation.
  [[nodiscard]] const Tensor& best() const { return best_; }
  [[nodiscard]] const BrsLoss::Value& errors() const { return errors_; }  ///< of the latest evaluation

 private:
  [[nodiscard]] Outcome judged(const Tensor& logits);
  /// The variables' squares, weighed; their derivatives are added to the gradient.
  [[nodiscard]] double penalty(std::span<const double> x, std::span<double> gradient) const;

  const BrsFrame& frame_;
  const BrsOptions& options_;
  BrsLoss loss_;
  BrsLoss::Value errors_;
  Outcome outcome_ = Outcome::gradient;
  Tensor best_, mask_;
  double lowest_ = 0;
};

/// The mirrored item's half brought back and averaged: [items,1,h,w] -> [1,1,h,w].
[[nodiscard]] Tensor flip_average(const Tensor& logits);

}  // namespace gbrs
