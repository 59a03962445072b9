// SPDX-License-Identifier: Apache-2.0
#pragma once

// HRNetV2 with object context (keys feature_extractor) as a network that clicks enter (click_network.hpp), with the
// depth and widths of its weights, and without object context where these have none.
//
//   HRNet -> joined branches 1/4                     <- site "A"
//   coarse logits (aux_head); conv3x3_ocr; object context   <- site "C"
//   cls_head: logits 1/4
//
// Watched: layer1, stage4_branch0 to 3, A_hrnet_feats, aux_low, ocr_conv3x3, ocr_context, C_ocr_distri.

#include "networks/click_network.hpp"
#include "networks/hrnet.hpp"
#include "networks/object_context.hpp"

namespace gbrs {

class ClickHrnet final : public ClickNetwork {
 public:
  static constexpr std::string_view kFbrs = "fbrs-hrnet";
  static constexpr std::string_view kRitm = "ritm-hrnet";

  /// Throws WeightError, std::invalid_argument (settings).
  ClickHrnet(Weights weights, const Settings& settings);

 protected:
  [[nodiscard]] Tensor stem(const Tensor& image) const override;
  [[nodiscard]] Start begin(const Tensor& stem) const override;
  [[nodiscard]] Tensor part(std::size_t site, const Tensor& x, const Skips& skips) const override;
  [[nodiscard]] std::span<const std::string_view> site_names() const override;

 private:
  struct Ocr {
    explicit Ocr(Weights& weights, std::int64_t channels);
    Convolution aux_0, aux_1, enter;
    ObjectContext context;
  };
  HrNet backbone_;
  std::optional<Ocr> ocr_;
  std::vector<Convolution> classify_;
};

}  // namespace gbrs
