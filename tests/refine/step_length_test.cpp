// SPDX-License-Identifier: Apache-2.0
#include "refine/step_length.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

/// A step of two parameters from 0 to (0.1, -0.2), and what is left of it after the search.
struct Search {
  /// `share`: of the way, as a function of the step's length in units of its first.
  explicit Search(const std::function<double(double)>& share) {
    search_step_length(before, parameters, [&] {
      ++evaluations;
      return share(length());
    });
  }
  [[nodiscard]] double length() const { return parameters[0].item<double>() / 0.1; }

  std::vector<Tensor> before{at::tensor(std::vector{0.0}, at::kDouble), at::tensor(std::vector{0.0}, at::kDouble)};
  std::vector<Tensor> parameters{at::tensor(std::vector{0.1}, at::kDouble), at::tensor(std::vector{-0.2}, at::kDouble)};
  int evaluations = 0;
};

TEST(StepLength, IsFoundOnTheStepsLine) {
  const auto curves = {std::function<double(double)>([](double length) { return 0.3 * length; }),
                       std::function<double(double)>([](double length) { return 40 * length; }),
                       std::function<double(double)>([](double length) { return 1.5 * std::tanh(length / 9); }),
                       std::function<double(double)>([](double length) { return std::exp(length) - 1; })};
  for (const auto& share : curves) {
    const Search search(share);
    EXPECT_NEAR(share(search.length()), 1, 0.02);
    EXPECT_NEAR(search.parameters[1].item<double>(), -0.2 * search.length(), 1e-12);
    EXPECT_LE(search.evaluations, 12);
  }
}

TEST(StepLength, AStepThatIsRightStays) {
  const Search search([](double length) { return length; });
  EXPECT_EQ(search.evaluations, 1);
  EXPECT_EQ(search.length(), 1);
}

TEST(StepLength, AwayFromTheGoalHardlyAnythingMoves) {
  for (const double share : {-0.5, std::nan("")}) {
    const Search search([&](double length) { return share * length; });
    EXPECT_LT(std::abs(search.length()), 0.01);
  }
}

}  // namespace
}  // namespace gbrs::test
