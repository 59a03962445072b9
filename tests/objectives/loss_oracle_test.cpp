// SPDX-License-Identifier: Apache-2.0
// Attention masks and the objectives of all tasks against the oracle: values and gradients.

#include <ATen/ops/argmax.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "objectives/attention.hpp"
#include "objectives/consistency.hpp"
#include "objectives/task_objective.hpp"
#include "support/oracle.hpp"
#include "support/oracle_clicks.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

std::vector<OracleCase> cases_of(const std::string& kind) {
  std::vector<OracleCase> cases = read_oracle("losses");
  std::erase_if(cases, [&](const OracleCase& oracle) { return oracle.settings.at("kind") != kind; });
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

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MaskOracle);  // a folder may lack the kind
INSTANTIATE_TEST_SUITE_P(Cases, MaskOracle, testing::ValuesIn(cases_of("mask")), CaseName());

class LossOracle : public testing::TestWithParam<OracleCase> {
 protected:
  LossOracle() : oracle_(GetParam()), task_(oracle_.settings.at("task")) {
    const OracleArray& rows = oracle_.at("clicks_uvrl");
    for (std::size_t i = 0; i < rows.values.size() / 4; ++i) list_.clicks.push_back(oracle_click(rows, i, task_));
    list_.first_new = list_.clicks.empty() ? 0 : list_.clicks.size() - 1;
    if (oracle_.has("stroke")) list_.strokes = oracle_strokes(oracle_.at("stroke"), oracle_.settings.at("C"));
  }

  [[nodiscard]] Tensor map(const char* name, at::ScalarType type = at::kDouble) const {
    const std::int64_t height = oracle_.settings.at("H"), width = oracle_.settings.at("W");
    return to_tensor(oracle_.at(name), type).view({1, -1, height, width});
  }

  /// float32: sums over all pixels in another order, relative 1e-5 (the oracle's description)
  [[nodiscard]] double tolerance(const char* name, at::ScalarType type) const {
    const OracleArray& expected = oracle_.at(name);
    return type == at::kDouble ? expected.tolerance_f64() : expected.tolerance_f32() + 1e-5 * expected.largest();
  }
  void expect_near(double actual, const char* name, at::ScalarType type) const {
    EXPECT_NEAR(actual, oracle_.at(name).values[0], tolerance(name, type)) << name;
  }

  void check(at::ScalarType type) const {
    const bool uses_keep = oracle_.settings.at("use_lc");
    for (const bool has_keep : {false, true}) {
      // L_r alone by lambda 0; L_c alone as the difference, since the two are summed
      const Tensor f = map("f", type).set_requires_grad(true);
      MethodOptions method = oracle_method(oracle_.settings);
      if (task_ != "push") method.consistency = has_keep ? oracle_.settings.at("lambda_").get<double>() : 0.0;
      const auto objective = task_objective(oracle_task(task_), method);
      const Loss loss = objective->begin(map("f_prev", type), list_)->evaluate(f);
      EXPECT_FALSE(loss.stop.has_value());
      expect_near(loss.refine, "L_r", type);
      loss.total.backward();
      if (!has_keep) {
        EXPECT_TRUE(is_near(f.grad(), to_tensor(oracle_.at("grad.L_r")), tolerance("grad.L_r", type)));
      } else if (uses_keep || task_ == "push") {
        expect_near(loss.keep, "L_c", type);
        EXPECT_NEAR(loss.total.item<double>(), loss.refine + loss.keep, 1e-6 * (1 + loss.refine + loss.keep));
        const Tensor expected = to_tensor(oracle_.at("grad.L_r")) + to_tensor(oracle_.at("grad.L_c"));
        EXPECT_TRUE(is_near(f.grad(), expected, tolerance("grad.L_r", type) + tolerance("grad.L_c", type)));
      }
    }
  }

  const OracleCase& oracle_;
  const std::string task_;
  ClickList list_;
};

TEST_P(LossOracle, ValuesAndGradientsMatchInFloat64) { check(at::kDouble); }
TEST_P(LossOracle, ValuesAndGradientsMatchInFloat32) { check(at::kFloat); }

TEST_P(LossOracle, TheMaskIsTheNewestClicksAndTheClassKeptThePreviousOne) {
  const Tensor previous = map("f_prev");
  if (oracle_.has("M")) {
    const MaskShape shape = oracle_.settings.at("mask") == "gauss" ? MaskShape::gaussian : MaskShape::disc;
    EXPECT_TRUE(matches(new_clicks_mask(shape, previous, list_), oracle_.at("M")));
  }
  if (oracle_.has("c_prev")) {
    EXPECT_TRUE(is_near(at::argmax(previous, 1), to_tensor(oracle_.at("c_prev")), 0));
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LossOracle);  // a folder may lack the kind
INSTANTIATE_TEST_SUITE_P(Cases, LossOracle, testing::ValuesIn(cases_of("loss")), CaseName());

}  // namespace
}  // namespace gbrs::test
