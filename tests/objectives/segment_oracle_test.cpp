// SPDX-License-Identifier: Apache-2.0
// Attention masks and the segmentation objective against the oracle: values and gradients.

#include <gtest/gtest.h>

#include <algorithm>

#include "objectives/attention.hpp"
#include "objectives/segment.hpp"
#include "support/oracle.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

std::vector<OracleCase> cases_of(const std::string& kind) {
  std::vector<OracleCase> cases = read_oracle("losses");
  std::erase_if(cases, [&](const OracleCase& oracle) {
    return oracle.settings.at("kind") != kind || (kind == "loss" && oracle.settings.at("task") != "is");
  });
  return cases;
}

class MaskOracle : public testing::TestWithParam<OracleCase> {};

TEST_P(MaskOracle, DiscAndGaussianMatch) {
  const auto& settings = GetParam().settings;
  const GridClick click{.u = settings.at("u"), .v = settings.at("v"), .radius = settings.at("r"), .target = 1};
  const auto mask = [&](MaskShape shape) { return attention_mask(shape, click, settings.at("H"), settings.at("W")); };
  EXPECT_TRUE(is_near(mask(MaskShape::disc), to_tensor(GetParam().at("disc")), 0));
  EXPECT_TRUE(matches(mask(MaskShape::gaussian), GetParam().at("gauss")));
}

INSTANTIATE_TEST_SUITE_P(Cases, MaskOracle, testing::ValuesIn(cases_of("mask")), CaseName());

class SegmentLossOracle : public testing::TestWithParam<OracleCase> {
 protected:
  static void check(at::ScalarType type) {
    const OracleCase& oracle = GetParam();
    const std::int64_t height = oracle.settings.at("H");
    const std::int64_t width = oracle.settings.at("W");
    const auto map = [&](const char* name) { return to_tensor(oracle.at(name), type).view({1, 1, height, width}); };
    ClickList list{.clicks = {}, .first_new = 0};
    const std::vector<double>& rows = oracle.at("clicks_uvrl").values;
    for (std::size_t i = 0; i < rows.size(); i += 4)
      list.clicks.push_back({rows[i], rows[i + 1], rows[i + 2], rows[i + 3]});
    list.first_new = list.clicks.size() - 1;

    // float32: sums over all pixels in another order, relative 1e-5 (the oracle's description)
    const auto near = [&](double actual, const char* name) {
      const OracleArray& expected = oracle.at(name);
      const double tolerance =
          type == at::kDouble ? expected.tolerance_f64() : expected.tolerance_f32() + 1e-5 * expected.largest();
      EXPECT_NEAR(actual, expected.values[0], tolerance) << name;
    };
    const bool uses_keep = oracle.settings.at("use_lc");
    const double lambda = uses_keep ? oracle.settings.at("lambda_").get<double>() : 0;
    for (const bool keep_only : {false, true}) {
      // L_r alone by lambda 0; L_c alone as the difference, since the two are summed
      const Tensor f = map("f").set_requires_grad(true);
      const SegmentObjective objective({.lambda = keep_only ? lambda : 0, .stop = StopRule::none});
      const Loss loss = objective.begin(map("f_prev"), list)->evaluate(f);
      EXPECT_EQ(loss.stop, 0);
      near(loss.refine, "L_r");
      loss.total.backward();
      if (!keep_only) {
        EXPECT_TRUE(matches(f.grad(), oracle.at("grad.L_r")));
      } else if (uses_keep) {
        near(loss.keep, "L_c");
        EXPECT_NEAR(loss.total.item<double>(), loss.refine + loss.keep, 1e-6 * (1 + loss.refine + loss.keep));
        const Tensor expected = to_tensor(oracle.at("grad.L_r")) + to_tensor(oracle.at("grad.L_c"));
        const auto tolerance = [&](const char* name) {
          return type == at::kDouble ? oracle.at(name).tolerance_f64() : oracle.at(name).tolerance_f32();
        };
        EXPECT_TRUE(is_near(f.grad(), expected, tolerance("grad.L_r") + tolerance("grad.L_c")));
      }
    }
  }
};

TEST_P(SegmentLossOracle, ValuesAndGradientsMatchInFloat64) { check(at::kDouble); }
TEST_P(SegmentLossOracle, ValuesAndGradientsMatchInFloat32) { check(at::kFloat); }

TEST_P(SegmentLossOracle, TheMaskIsTheNewestClicksDisc) {
  const OracleCase& oracle = GetParam();
  const std::vector<double>& rows = oracle.at("clicks_uvrl").values;
  const std::size_t last = rows.size() - 4;
  const GridClick click{rows[last], rows[last + 1], rows[last + 2], rows[last + 3]};
  const Tensor mask = attention_mask(MaskShape::disc, click, oracle.settings.at("H"), oracle.settings.at("W"));
  EXPECT_TRUE(is_near(mask, to_tensor(oracle.at("M")), 0));
}

INSTANTIATE_TEST_SUITE_P(Cases, SegmentLossOracle, testing::ValuesIn(cases_of("loss")), CaseName());

}  // namespace
}  // namespace gbrs::test
