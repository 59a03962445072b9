// SPDX-License-Identifier: Apache-2.0
#include "objectives/start.hpp"

#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <cmath>

#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

Tensor own() { return wavy({1, 1, 6, 8}) + 3; }

TEST(Start, WithoutAClickTheAnswerIsExactlyTheStart) {
  const Tensor given = wavy({1, 1, 6, 8}, 2.5);
  for (const bool fits_scale : {false, true}) {
    const Start start(own(), given, fits_scale);
    EXPECT_EQ(start.change(own()).abs().max().item<double>(), 0);
    for (const GridClick place : {GridClick{0, 0}, {3, 2}, {7, 5}})
      EXPECT_EQ(start.at(own(), place),
                given[0][0][static_cast<int>(place.v)][static_cast<int>(place.u)].item<double>());
  }
}

TEST(Start, ScaleIsTheLeastSquaresFitAndMayBeNegative) {
  EXPECT_NEAR(Start(own(), 2.5 * own() - 7, true).scale(), 2.5, 1e-12);
  EXPECT_NEAR(Start(own(), -0.4 * own() + 1, true).scale(), -0.4, 1e-12);
  EXPECT_EQ(Start(own(), 2.5 * own() - 7, false).scale(), 1);
  // against the normal equations, with a start of its own detail
  const Tensor given = 2 * own() + 0.3 * wavy({1, 1, 6, 8}, 1);
  const Tensor f = own() - own().mean(), s = given - given.mean();
  EXPECT_NEAR(Start(own(), given, true).scale(), ((f * s).sum() / (f * f).sum()).item<double>(), 1e-12);
}

TEST(Start, WhatTheNetworkShouldSayMakesTheAnswerTheTarget) {
  const Tensor given = 2 * own() + 0.3 * wavy({1, 1, 6, 8}, 1);
  const Start start(own(), given, true);
  const GridClick click{3, 2, 0, 11};
  const Tensor answer = at::full({1, 1, 6, 8}, start.to_network(click), at::kDouble);
  EXPECT_NEAR(start.at(answer, click), 11, 1e-12);
}

TEST(Start, PixelsWithoutValueDoNotCountAndAreFilledFromTheNetwork) {
  Tensor given = 2 * own() - 1;
  given.narrow(3, 0, 3).fill_(std::nan(""));
  const Start start(own(), given, true);
  EXPECT_NEAR(start.scale(), 2, 1e-12);
  EXPECT_NEAR(start.at(own(), {1, 4}), 2 * own()[0][0][4][1].item<double>() - 1, 1e-12);
}

TEST(Start, AConstantOrUnknownStartKeepsTheNetworksScale) {
  const Tensor flat = at::full({1, 1, 6, 8}, 5.0, at::kDouble);
  EXPECT_EQ(Start(own(), flat, true).scale(), 1);
  EXPECT_EQ(Start(flat, own(), true).scale(), 1);
  const Start unknown(own(), flat * std::nan(""), true);
  EXPECT_EQ(unknown.scale(), 1);
  EXPECT_EQ(unknown.at(own(), {3, 2}), own()[0][0][2][3].item<double>());
}

}  // namespace
}  // namespace gbrs::test
