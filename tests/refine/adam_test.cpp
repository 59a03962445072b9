// SPDX-License-Identifier: Apache-2.0
#include "refine/adam.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

Tensor leaf(double value) { return at::tensor(std::vector<double>{value}, at::kDouble).set_requires_grad(true); }

TEST(Adam, TheFirstStepIsTheRateWhateverTheGradientsSize) {
  for (const double factor : {1e-3, 1.0, 1e6}) {
    const Tensor p = leaf(2);
    (p * factor).sum().backward();
    Adam adam(0.05);
    adam.step({p});
    // eps 1e-8 against a gradient of 1e-3 shortens the step by 1e-5 of its length
    EXPECT_NEAR(p.item<double>(), 2 - 0.05, 0.05 * 2e-5);
    EXPECT_FALSE(p.grad().defined());
  }
}

TEST(Adam, FollowsTheWrittenFormula) {
  const Tensor p = leaf(0.7);
  Adam adam(0.01);
  double value = 0.7, first = 0, second = 0;
  for (int t = 1; t <= 25; ++t) {
    (p * p * p).sum().backward();
    adam.step({p});
    const double g = 3 * value * value;
    first = 0.9 * first + 0.1 * g;
    second = 0.999 * second + 0.001 * g * g;
    value -= 0.01 * (first / (1 - std::pow(0.9, t))) / (std::sqrt(second / (1 - std::pow(0.999, t))) + 1e-8);
    EXPECT_NEAR(p.item<double>(), value, 1e-14) << t;
  }
}

TEST(Adam, ContinuesFromAStateAndLeavesTheOriginalAlone) {
  const Tensor p = leaf(0.7);
  Adam whole(0.01);
  for (int t = 0; t < 3; ++t) {
    (p * p).sum().backward();
    whole.step({p});
  }
  const AdamState kept = whole.state();
  const double moment = kept.first[0].item<double>();
  const Tensor q = p.detach().clone().set_requires_grad(true);
  Adam continued(0.01, kept);
  (q * q).sum().backward();
  continued.step({q});
  EXPECT_EQ(kept.first[0].item<double>(), moment);
  (p * p).sum().backward();
  whole.step({p});
  EXPECT_EQ(p.item<double>(), q.item<double>());
  EXPECT_EQ(continued.state().steps, 4);
}

TEST(Adam, AParameterWithoutGradientStays) {
  const Tensor p = leaf(1), q = leaf(1);
  p.sum().backward();
  Adam(0.1).step({p, q});
  EXPECT_EQ(q.item<double>(), 1);
  EXPECT_LT(p.item<double>(), 1);
}

}  // namespace
}  // namespace gbrs::test
