// SPDX-License-Identifier: Apache-2.0
// That whole checkpoints are recognised is part of the parity tests; here is what happens beside that.

#include "networks/recognition.hpp"

#include <gtest/gtest.h>

namespace gbrs::test {
namespace {

WeightShapes with(std::initializer_list<std::string> keys) {
  WeightShapes shapes;
  for (const std::string& key : keys) shapes.emplace(key, std::vector<std::int64_t>{1});
  return shapes;
}

TEST(Recognition, WeightsOfNoNetworkHereAreNoNetwork) {
  EXPECT_FALSE(recognise({}).has_value());
  EXPECT_FALSE(recognise(with({"conv1.weight", "fc.weight"})).has_value());
  // a backbone alone, which several networks share
  EXPECT_FALSE(recognise(with({"mobilenetv2.Conv.weight"})).has_value());
  EXPECT_FALSE(recognise(with({"feature_extractor.backbone.layer1.0.conv1.weight"})).has_value());
}

TEST(Recognition, ClicksTellFbrsFromRitm) {
  const std::string layer = "feature_extractor.backbone.layer1.0.conv1.weight";
  EXPECT_EQ(recognise(with({layer, "rgb_conv.0.weight"}))->architecture, "fbrs-deeplab");
  EXPECT_EQ(recognise(with({layer, "maps_transform.0.weight"}))->architecture, "ritm-deeplab");
}

TEST(Recognition, MeterComesWithItsWhiteFrame) {
  const auto found = recognise(with({"encoder.mvit.0.conv2.0.weight", "decoder.conv2d_out.weight"}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->architecture, "meter");
  EXPECT_EQ(found->settings.number("white_frame", 0), 2);
}

TEST(Recognition, TheWrappersPrefixIsNoPartOfAKey) {
  EXPECT_EQ(canonical_key("module.encoder.conv.weight"), "encoder.conv.weight");
  EXPECT_EQ(canonical_key("encoder.module.weight"), "encoder.module.weight");
}

}  // namespace
}  // namespace gbrs::test
