// SPDX-License-Identifier: Apache-2.0
// What the oracle does not see of layers and insertions: exact identity under scaling, the meaning of sigma,
// several sites, keeping and restoring values, ties of the channel selection.

#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "layers/insertions.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

constexpr LayerType kTypes[] = {LayerType::sb, LayerType::bmsb, LayerType::bmsbm, LayerType::bmconv, LayerType::rgb};

/// Gives every parameter of every site other values than at the start.
void disturb(Insertions& insertions, double phase = 0.3) {
  std::vector<SiteValues> all = insertions.values();
  for (SiteValues& site : all) {
    for (auto& [name, value] : site.values) value = value + 0.1 * wavy(value.sizes(), phase++, value.scalar_type());
  }
  insertions.set_values(all);
}

TEST(Insertions, EveryLayerIsTheExactIdentityAtItsStartValues) {
  for (const LayerType type : kTypes) {
    for (const at::MemoryFormat format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
      for (const WeightMode mode : {WeightMode::project, WeightMode::sigmoid}) {
        const Tensor m = (3.7 * wavy({1, 24, 9, 7}, 0, at::kFloat)).contiguous(format);
        Insertions insertions(
            {.type = type, .sites = {"a"}, .is_scaled = true, .top_channels = 5, .weight_mode = mode});
        EXPECT_TRUE(is_equal(insertions.pass("a", m), m)) << "type " << static_cast<int>(type);
      }
    }
  }
}

TEST(Insertions, ALayerKeepsTheMemoryFormatThatTheNetworkRunsIn) {
  const Tensor m = wavy({1, 24, 9, 7}, 0, at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
  for (const LayerType type : kTypes) {
    Insertions insertions({.type = type, .sites = {"a"}});
    EXPECT_TRUE(insertions.pass("a", m).is_contiguous(at::MemoryFormat::ChannelsLast)) << static_cast<int>(type);
  }
}

TEST(Insertions, AScaledLayerWorksOnFeaturesDividedBySigma) {
  const Tensor m = 0.04 * wavy({1, 6, 5, 4}) + 0.1;
  for (const LayerType type : kTypes) {
    Insertions scaled({.type = type, .sites = {"a"}, .is_scaled = true});
    Insertions plain({.type = type, .sites = {"a"}, .is_scaled = false});
    (void)scaled.pass("a", m);
    (void)plain.pass("a", m);
    disturb(scaled);
    disturb(plain);
    const double sigma = scaled.values()[0].sigma;
    // other order of products: some units in the last place of values near 1
    EXPECT_TRUE(is_near(scaled.pass("a", m), plain.pass("a", m / sigma) * sigma, 1e-14)) << static_cast<int>(type);
  }
}

TEST(Insertions, SigmaIsTheDeviationOfTheFirstFeatureAndStays) {
  const Tensor m = 0.5 * wavy({1, 6, 5, 4}) + 2;
  Insertions insertions({.type = LayerType::sb, .sites = {"a"}, .is_scaled = true});
  (void)insertions.pass("a", m);
  const double sigma = (m - m.mean()).pow(2).mean().sqrt().item<double>();
  EXPECT_NEAR(insertions.values()[0].sigma, sigma, 1e-12);
  (void)insertions.pass("a", 10 * m);
  EXPECT_NEAR(insertions.values()[0].sigma, sigma, 1e-12);
}

TEST(Insertions, SigmaIsThatOfTheChannelsNamed) {
  Tensor m = 0.01 * wavy({1, 4, 5, 4});
  m.select(1, 3).fill_(7);  // something that is no colour
  Insertions insertions({.type = LayerType::rgb, .sites = {"x"}, .is_scaled = true, .channels = {0, 1, 2}});
  (void)insertions.pass("x", m);
  EXPECT_NEAR(insertions.values()[0].sigma, m.narrow(1, 0, 3).std(/*unbiased=*/false).item<double>(), 1e-12);
}

TEST(Insertions, ConstantFeaturesAreNotScaled) {
  Insertions insertions({.type = LayerType::bmconv, .sites = {"a"}, .is_scaled = true});
  (void)insertions.pass("a", at::ones({1, 3, 2, 2}));
  EXPECT_EQ(insertions.values()[0].sigma, 1.0);
}

TEST(Insertions, APlaceWithoutLayerPassesTheTensorItself) {
  const Tensor m = wavy({1, 3, 2, 2});
  Insertions insertions({.type = LayerType::sb, .sites = {"a"}});
  EXPECT_TRUE(insertions.pass("b", m).is_same(m));
  EXPECT_TRUE(insertions.parameters().empty());
  Insertions none({.type = LayerType::none, .sites = {"a"}});
  EXPECT_TRUE(none.pass("a", m).is_same(m));
}

TEST(Insertions, SeveralSitesHaveParametersOfTheirOwn) {
  Insertions insertions({.type = LayerType::sb, .sites = {"a", "b"}});
  const Tensor at_a = wavy({1, 3, 4, 4});
  const Tensor at_b = wavy({1, 2, 8, 8});
  (void)insertions.pass("b", insertions.pass("a", at_a).narrow(1, 0, 2).repeat({1, 1, 2, 2}));
  (void)insertions.pass("b", at_b);
  ASSERT_EQ(insertions.parameters().size(), 4U);
  EXPECT_EQ(insertions.parameters()[0].size(0), 3);
  EXPECT_EQ(insertions.parameters()[2].size(0), 2);
  EXPECT_EQ(insertions.values()[0].site, "a");
  EXPECT_EQ(insertions.values()[1].site, "b");
}

TEST(Insertions, KeptValuesAreCopiesAndContinueExactly) {
  const Tensor m = wavy({1, 8, 5, 4}, 0, at::kFloat);
  for (const LayerType type : kTypes) {
    const InsertionOptions options{.type = type, .sites = {"a"}, .is_scaled = true, .top_channels = 3};
    Insertions first(options);
    (void)first.pass("a", m);
    disturb(first);
    const std::vector<SiteValues> kept = first.values();
    const Tensor before = first.pass("a", m);
    disturb(first, 0.9);
    Insertions second(options);
    second.set_values(kept);
    EXPECT_TRUE(is_equal(second.pass("a", m), before)) << static_cast<int>(type);
  }
}

TEST(Insertions, ParametersOfAnotherFrameAreRefused) {
  Insertions insertions({.type = LayerType::bmsb, .sites = {"a"}});
  (void)insertions.pass("a", wavy({1, 3, 4, 5}));
  EXPECT_THROW((void)insertions.pass("a", wavy({1, 3, 5, 4})), std::invalid_argument);
}

TEST(Insertions, OnlyTheProjectedWeightIsClamped) {
  for (const WeightMode mode : {WeightMode::project, WeightMode::sigmoid}) {
    Insertions insertions({.type = LayerType::bmsbm, .sites = {"a"}, .weight_mode = mode});
    (void)insertions.pass("a", wavy({1, 3, 4, 5}));
    std::vector<SiteValues> values = insertions.values();
    for (auto& [name, value] : values[0].values) value = value + 7;
    insertions.set_values(values);
    insertions.project();
    const std::vector<SiteValues> projected = insertions.values();
    for (const auto& [name, value] : projected[0].values) {
      if (name == "w") {
        EXPECT_EQ(value.item<double>(), mode == WeightMode::project ? 1.0 : 7.0);
      } else {
        EXPECT_GE(value.min().item<double>(), 7.0) << name;
      }
    }
  }
}

TEST(Insertions, TheChannelWeightHasNoGradientBeforeTheBiasMapMoves) {
  const Tensor m = wavy({1, 3, 4, 5});
  Insertions insertions({.type = LayerType::bmconv, .sites = {"a"}});
  (insertions.pass("a", m) * wavy({1, 3, 4, 5}, 2)).sum().backward();
  EXPECT_EQ(insertions.parameters()[1].grad().abs().max().item<double>(), 0.0);
  EXPECT_GT(insertions.parameters()[0].grad().abs().max().item<double>(), 0.0);
}

TEST(Insertions, OnlyTheChannelsNamedAreTouched) {
  const Tensor m = wavy({1, 5, 4, 6});
  Insertions insertions({.type = LayerType::rgb, .sites = {"x"}, .channels = {3, 1}});
  (void)insertions.pass("x", m);
  std::vector<SiteValues> values = insertions.values();
  ASSERT_EQ(values[0].values[0].value.sizes(), (at::IntArrayRef{1, 2, 4, 6}));
  values[0].values[0].value.select(1, 0).fill_(2);
  values[0].values[0].value.select(1, 1).fill_(-1);
  insertions.set_values(values);
  const Tensor moved_by = insertions.pass("x", m) - m;
  const double expected[] = {0, -1, 0, 2, 0};
  for (int channel = 0; channel < 5; ++channel)
    EXPECT_TRUE(is_near(moved_by[0][channel], at::full({4, 6}, expected[channel]), 1e-15)) << channel;
}

TEST(TopChannels, AreOrderedBySignedMeanThenByNumber) {
  const Tensor one = at::ones({2, 3}, at::kDouble);
  const Tensor m = at::stack({one * -9, one * 2, one * 5, one * 2, one * 0}).unsqueeze(0);
  EXPECT_TRUE(is_near(top_channels(m, 3), at::tensor(std::vector<std::int64_t>{2, 1, 3}), 0));
  EXPECT_TRUE(is_near(top_channels(m, 99), at::tensor(std::vector<std::int64_t>{2, 1, 3, 4, 0}), 0));
}

TEST(Insertions, BiasMapsMoveWithTheFrameAndChannelsKeepTheirs) {
  for (const LayerType type : {LayerType::bmsb, LayerType::bmsbm, LayerType::bmconv, LayerType::rgb}) {
    Insertions insertions({.type = type, .sites = {"a"}});
    (void)insertions.pass("a", wavy({1, 3, 9, 9}));
    std::vector<SiteValues> old = insertions.values();
    for (Parameter& parameter : old[0].values) {
      parameter.value = wavy(parameter.value.sizes(), 0.7, parameter.value.scalar_type());
      if (!parameter.is_map()) continue;
      for (int y = 0; y < 9; ++y)  // a plane: bilinear resampling keeps it
        for (int x = 0; x < 9; ++x) parameter.value.select(-1, x).select(-1, y).fill_(2 * x - 3 * y + 1);
    }
    // the new frame shows the middle half across, twice as fine, and reaches beyond the old one's right edge
    const auto fresh = moved(old[0], {.scale_x = 1, .shift_x = 0.5, .scale_y = 0.5, .shift_y = 0}, 17, 9);
    ASSERT_EQ(fresh.shape, (std::vector<std::int64_t>{1, 3, 17, 9}));
    for (std::size_t k = 0; k < old[0].values.size(); ++k) {
      const Tensor& value = fresh.values[k].value;
      if (!fresh.values[k].is_map()) {
        EXPECT_TRUE(is_equal(value, old[0].values[k].value)) << old[0].values[k].name;
        continue;
      }
      for (int y = 0; y < 17; ++y)
        for (int x = 0; x < 9; ++x)
          EXPECT_NEAR(value.select(-1, x).select(-1, y).mean().item<double>(),
                      x + 2 <= 8 ? 2 * (x + 2) - 3 * (2 + y * 0.25) + 1 : 0, 1e-12);
    }
    Insertions next({.type = type, .sites = {"a"}});
    next.set_values({fresh});
    EXPECT_EQ(next.pass("a", wavy({1, 3, 17, 9})).sizes(), (at::IntArrayRef{1, 3, 17, 9}));
  }
}

}  // namespace
}  // namespace gbrs::test
