// SPDX-License-Identifier: Apache-2.0
#include "networks/mobilenetv2_classifier.hpp"

#include <array>

namespace gbrs {
namespace {

constexpr std::array<std::string_view, 2> kSites{"block12", "block16"};
constexpr std::int64_t kFeatures = 1280;

}  // namespace

MobileNetV2Classifier::MobileNetV2Classifier(Weights weights, const Settings& settings)
    : backbone_(weights, "mobilenetv2", 32, settings.text("padding", "symmetric") == "same"),
      features_(take_convolution(weights, "mobilenetv2.Conv_1",
                                 {.in = 320, .out = kFeatures, .activation = Activation::relu6})),
      classifier_(
          take_convolution(weights, "classifier", {.in = kFeatures, .out = weights.shape("classifier.weight", 4)[0]})) {
  weights.expect_empty();
}

Tensor MobileNetV2Classifier::normalised(const Tensor& frame) const {
  return (frame.to(classifier_.weight.scalar_type()) / 127.5 - 1).permute({2, 0, 1}).unsqueeze(0);
}

ChainNetwork::Start MobileNetV2Classifier::begin(const Tensor& input) const {
  check_sides(input, frame_sides());
  const Tensor quarter = seen("expanded_conv_2", backbone_.blocks(backbone_.stem(input), 0, 2));
  const Tensor eighth = seen("expanded_conv_5", backbone_.blocks(quarter, 3, 5));
  return {.feature = seen("expanded_conv_12", backbone_.blocks(eighth, 6, 12)), .skips = {eighth}};
}

Tensor MobileNetV2Classifier::part(std::size_t site, const Tensor& x, const Skips&) const {
  if (site == 0) return seen("expanded_conv_16", backbone_.blocks(x, 13, 16));
  return seen("logits", classifier_(features_(x).mean({2, 3}, /*keepdim=*/true)));
}

std::span<const std::string_view> MobileNetV2Classifier::site_names() const { return kSites; }

std::vector<Tensor> MobileNetV2Classifier::likeness(const Skips& skips, const std::vector<Tensor>& features) const {
  return {skips[0], features[1]};
}

}  // namespace gbrs
