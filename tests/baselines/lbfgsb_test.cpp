// SPDX-License-Identifier: Apache-2.0
// The optimiser against scipy's fmin_l_bfgs_b: every evaluated point of tests/data/baselines/lbfgsb/traces.json, or of
// the file of that name in $GBRS_FIXTURES.

#include "baselines/lbfgsb.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "support/baselines.hpp"

namespace gbrs::test {
namespace {

using Reals = std::vector<double>;

double rosenbrock(std::span<const double> x, std::span<double> g) {
  double sum = 0;
  std::ranges::fill(g, 0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double bend = x[i + 1] - x[i] * x[i];
    sum += 100 * bend * bend + (1 - x[i]) * (1 - x[i]);
    g[i] += -400 * x[i] * bend - 2 * (1 - x[i]);
    g[i + 1] += 200 * bend;
  }
  return sum;
}

double quadratic(std::span<const double> x, std::span<double> g) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double c = std::pow(10, 4.0 * static_cast<double>(i) / static_cast<double>(x.size() - 1));
    sum += 0.5 * c * (x[i] - 1) * (x[i] - 1);
    g[i] = c * (x[i] - 1);
  }
  return sum;
}

double wavy(std::span<const double> x, std::span<double> g) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += x[i] * x[i] + 3 * std::sin(5 * x[i]);
    g[i] = 2 * x[i] + 15 * std::cos(5 * x[i]);
  }
  return sum;
}

/// From the third evaluation on 50 higher and flat.
Differentiable rising() {
  return [evaluations = 0](std::span<const double> x, std::span<double> g) mutable {
    double sum = ++evaluations > 2 ? 50 : 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += (x[i] - 3) * (x[i] - 3);
      g[i] = evaluations > 2 ? 0 : 2 * (x[i] - 3);
    }
    return sum;
  };
}

/// A click on the sum of 12 features under scales and biases, flat once it is obeyed.
double sigmoid_click(std::span<const double> x, std::span<double> g) {
  const std::size_t n = x.size() / 2;
  double z = -6, penalty = 0;
  const auto feature = [](std::size_t i) { return std::sin(1.3 * static_cast<double>(i + 1)); };
  for (std::size_t i = 0; i < n; ++i) {
    z += 2 * (feature(i) * (1 + x[i]) + x[n + i]);
    penalty += 1e-3 * (x[i] * x[i] + 10 * x[n + i] * x[n + i]);
  }
  const double p = 1 / (1 + std::exp(-z));
  const double slope = -2 * (1 - p) * p * (1 - p) * 2;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_flat = 1 - p < 0.51;
    g[i] = is_flat ? 0 : slope * feature(i) + 2e-3 * x[i];
    g[n + i] = is_flat ? 0 : slope + 2e-2 * x[n + i];
  }
  return (1 - p) * (1 - p) + penalty;
}

Differentiable problem(const std::string& name) {
  if (name.starts_with("rosenbrock")) return rosenbrock;
  if (name.starts_with("quadratic")) return quadratic;
  if (name.starts_with("wavy")) return wavy;
  if (name.starts_with("zero_gradient")) return rising();
  if (name.starts_with("sigmoid_click")) return sigmoid_click;
  throw std::invalid_argument(name);
}

TEST(Lbfgsb, EveryPointIsScipys) {
  const auto traces = read_json(baseline_data("lbfgsb") / "traces.json");
  ASSERT_FALSE(traces.empty());
  for (const auto& trace : traces) {
    const std::string name = trace.at("problem");
    SCOPED_TRACE(name);
    const auto& parameters = trace.at("parameters");
    const LbfgsbOptions options{.pairs = parameters.at("m"),
                                .least_reduction = parameters.at("factr"),
                                .least_gradient = parameters.at("pgtol"),
                                .evaluations = parameters.at("maxfun"),
                                .iterations = parameters.at("maxiter")};
    const auto& points = trace.at("trace");
    const Differentiable function = problem(name);
    std::size_t count = 0;
    const auto watched = [&](std::span<const double> x, std::span<double> gradient) {
      if (count < points.size()) {
        const Reals expected = points[count].at("x");
        for (std::size_t i = 0; i < x.size(); ++i)
          EXPECT_NEAR(x[i], expected[i], 1e-8 * std::max(1.0, std::abs(expected[i]))) << "evaluation " << count + 1;
      }
      ++count;
      return function(x, gradient);
    };
    const LbfgsbResult result = minimise(watched, trace.at("x0"), options);
    if (!trace.at("trace_complete").get<bool>()) continue;  // ends in rounding noise
    EXPECT_EQ(result.evaluations, trace.at("evaluations").get<int>());
    EXPECT_EQ(static_cast<int>(count), result.evaluations);
    EXPECT_EQ(result.iterations, trace.at("iterations").get<int>());
    EXPECT_NEAR(result.value, trace.at("final_f").get<double>(), 1e-8 * std::abs(result.value));
    EXPECT_EQ(result.reason, trace.at("task").get<std::string>());
  }
}

TEST(Lbfgsb, WhatTheFunctionThrowsComesThrough) {
  const auto failing = [](std::span<const double>, std::span<double>) -> double { throw std::runtime_error("no"); };
  EXPECT_THROW((void)minimise(failing, {1.0}, {}), std::runtime_error);
}

}  // namespace
}  // namespace gbrs::test
