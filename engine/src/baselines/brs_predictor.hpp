// SPDX-License-Identifier: Apache-2.0
#pragma once

// The published predictor of BRS and f-BRS: zoom-in, the mirrored image beside the image, and from the second click on
// refinement, whose variables are kept from click to click.

#include <optional>
#include <vector>

#include "baselines/brs_click.hpp"

namespace gbrs {

class BrsPredictor {
 public:
  /// Keeps a reference to the network. Throws std::invalid_argument for a kind or site that the network has not.
  BrsPredictor(const Network& network, BrsOptions options) : network_(network), options_(std::move(options)) {}

  /// Pixels [H,W,3] uint8 on the network's device; forgets everything of the image before.
  void begin(const Tensor& pixels);
  /// The answer to all clicks so far and this one, in pixels of the image: probabilities [H,W].
  Tensor add(const PromptClick& click);

  [[nodiscard]] const std::vector<double>& variables() const { return variables_; }
  /// Goes on from the variables of another run of the same clicks.
  void set_variables(std::vector<double> variables) { variables_ = std::move(variables); }
  /// What the last click's optimiser came to; nothing where there was no refinement.
  [[nodiscard]] const std::optional<LbfgsbResult>& optimised() const { return optimised_; }

 private:
  [[nodiscard]] MapSize looked_at() const;                ///< the image's or the part's
  [[nodiscard]] MapSize limited_size() const;             ///< the same within the limit of the longest side
  [[nodiscard]] MapSize frame_size() const;               ///< the nearest to that which the network takes
  [[nodiscard]] std::vector<PromptClick> placed() const;  ///< the clicks in the frame's pixels
  [[nodiscard]] Tensor cropped(const Tensor& map) const;
  [[nodiscard]] std::unique_ptr<BrsFrame> framed(std::vector<PromptClick> clicks) const;
  /// Logits after refinement [items,1,h,w]; moves the variables.
  Tensor refined(const std::vector<PromptClick>& clicks);
  /// The image's probabilities from the frame's logits, remembered.
  [[nodiscard]] Tensor restored(const Tensor& logits);

  const Network& network_;
  BrsOptions options_;
  Tensor input_;  // [1,3,H,W]
  std::optional<ZoomIn> zoom_;
  std::vector<PromptClick> clicks_;
  std::unique_ptr<BrsFrame> frame_;
  std::vector<double> variables_;
  Tensor probability_;  // [1,1,H,W]
  std::optional<LbfgsbResult> optimised_;
};

}  // namespace gbrs
