// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hierarchical multi-scale attention (Tao et al.) on HRNetV2-W48 with object context, "hmsa": semantic segmentation,
// with the widths and classes of its weights.
//
//   for every scale s of the picture:
//     HRNet up to stage 4   <- sites "sS.in1" to "sS.in3" (384 channels at 1/32, 192 at 1/16, 96 at 1/8)
//     stage 4               <- sites "sS.p1" to "sS.p3" (the same branches)
//     branches joined, object context: class logits and attention at 1/4, enlarged to the scale's size
//   logits of the scales fused by their attentions: [1,K,H,W]
//
// S is the scale with one decimal. Setting scales: "0.5,1.0"; 1.0 must be among them. decode begins behind stage 4
// unless something is inserted in front of it. Sizes are free, 32 pixels at least at the smallest scale.
// Watched: "sS_" and the names of the tables in the case folders hmsa_*.

#include "networks/hrnet.hpp"
#include "networks/network.hpp"
#include "networks/object_context.hpp"
#include "networks/settings.hpp"

namespace gbrs {

class Hmsa final : public Network {
 public:
  static constexpr std::string_view kName = "hmsa";

  /// Throws WeightError, std::invalid_argument (settings).
  Hmsa(Weights weights, const Settings& settings);

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] FrameSides frame_sides() const override;
  [[nodiscard]] std::unique_ptr<Encoded> encode_input(const Tensor& input) const override;
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const override;
  [[nodiscard]] Tensor decode(const Conditioned& conditioned, Insertions& insertions) const override;
  /// Branches at 1/8 and 1/32 of scale 1.
  [[nodiscard]] std::vector<Tensor> likeness_levels(const Encoded& encoded,
                                                    const Conditioned& conditioned) const override;
  /// Of every scale, the lowest first: in1 to in3, p1 to p3.
  [[nodiscard]] std::vector<std::string> sites() const override;

 private:
  struct Scale {
    double factor;
    std::string name;  ///< "s0.5"
  };
  struct Features {
    std::int64_t height, width;        ///< of the scale's picture
    HrNet::Branches inputs, branches;  ///< of stage 4
  };
  struct Frame;
  /// At the size of the scale's picture.
  struct Output {
    Tensor logits, attention;
  };
  [[nodiscard]] Features features(const Scale& scale, const Tensor& input) const;
  [[nodiscard]] HrNet::Branches branches(const Scale& scale, const Features& features, Insertions& insertions) const;
  [[nodiscard]] Output output(const Scale& scale, const Features& features, const HrNet::Branches& branches) const;
  void show(const Scale& scale, std::string_view name, const Tensor& feature) const;

  std::vector<Scale> scales_;  ///< the lowest first
  HrNet backbone_;
  Convolution enter_, aux_0_, aux_1_;
  ObjectContext context_;
  Convolution classify_;
  std::array<Convolution, 3> attention_;
};

}  // namespace gbrs
