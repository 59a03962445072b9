// SPDX-License-Identifier: Apache-2.0
// What is computed row by row, and shared between threads, against torch's operators in 64 bits.

#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/prelu.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <gtest/gtest.h>

#include "networks/fine_depthwise.hpp"
#include "networks/prelu.hpp"
#include "networks/products.hpp"
#include "networks/row_threads.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

/// As many threads for the rows as are asked for, until the end of a test.
struct RowThreads {
  explicit RowThreads(int count) { set_row_threads(count); }
  ~RowThreads() { set_row_threads(1); }
};

/// Whether `computed` of single x is `expected` of the same x in 64 bits, and its gradient that one's.
template <class Computed, class Expected>
void expect_same(const Tensor& x, Computed computed, Expected expected) {
  const Tensor single = x.to(at::kFloat).set_requires_grad(true), wide = x.clone().set_requires_grad(true);
  const Tensor y = computed(single), truth = expected(wide);
  ASSERT_EQ(y.sizes(), truth.sizes());
  EXPECT_TRUE(is_near(y, truth, 1e-5));
  const Tensor cotangent = wavy(y.sizes(), 6);
  (y * cotangent.to(at::kFloat)).sum().backward();
  (truth * cotangent).sum().backward();
  EXPECT_TRUE(is_near(single.grad(), wide.grad(), 1e-5));
  EXPECT_GT(wide.grad().abs().max().item<double>(), 0.1);
}

struct Grid {
  std::int64_t channels, height, width, fine_height, fine_width;
};

TEST(FineDepthwise, ValueAndGradientAreThoseOfTorch) {
  for (const int threads : {1, 3}) {
    const RowThreads guard(threads);
    for (const Grid& grid : {Grid{10, 12, 16, 24, 32}, Grid{10, 12, 16, 18, 24}, Grid{3, 5, 7, 8, 11},
                             Grid{32, 6, 9, 6, 9}, Grid{20, 100, 5, 150, 10}, Grid{1, 1, 1, 5, 5}}) {
      const Tensor kernel = wavy({grid.channels, 1, 3, 3}, 3);
      const Convolution layer{.weight = kernel.to(at::kFloat), .bias = {}, .groups = grid.channels};
      expect_same(
          wavy({1, grid.channels, grid.height, grid.width}, 1),
          [&](const Tensor& x) { return fine_depthwise(layer, x, grid.fine_height, grid.fine_width); },
          [&](const Tensor& x) {
            const Tensor fine = at::upsample_bilinear2d(x, {grid.fine_height, grid.fine_width}, /*align_corners=*/true);
            return at::adaptive_avg_pool2d(at::conv2d(fine, kernel, {}, 1, 1, 1, grid.channels),
                                           {grid.height, grid.width});
          });
    }
  }
}

TEST(FineDepthwise, TakesBatchesByOperators) {
  const Tensor kernel = wavy({4, 1, 3, 3}, 3, at::kFloat), x = wavy({2, 4, 5, 6}, 1, at::kFloat);
  const Convolution layer{.weight = kernel, .bias = {}, .groups = 4};
  const Tensor both = fine_depthwise(layer, x, 10, 12);
  EXPECT_TRUE(is_near(both.narrow(0, 1, 1), fine_depthwise(layer, x.narrow(0, 1, 1), 10, 12), 1e-5));
}

TEST(NormedPRelu, ValueAndGradientAreThoseOfTorch) {
  for (const int threads : {1, 2}) {
    const RowThreads guard(threads);
    for (const std::int64_t channels : {1, 10, 48}) {
      const Tensor scale = wavy({channels}, 1) + 1.5, shift = wavy({channels}, 2), slopes = wavy({channels}, 3);
      const auto single = [](const Tensor& values) { return values.to(at::kFloat); };
      const NormedPRelu layer{.norm = {.scale = single(scale), .shift = single(shift)},
                              .activation = {.slopes = single(slopes)}};
      const Tensor x = wavy({2, channels, 131, 67}, 4);
      const auto expected = [&](const Tensor& from) {
        return at::prelu(at::addcmul(shift.view({1, -1, 1, 1}), from, scale.view({1, -1, 1, 1})), slopes);
      };
      expect_same(x, layer, expected);
      expect_same(x, layer.activation, [&](const Tensor& from) { return at::prelu(from, slopes); });
      if (channels < 10) continue;
      const Tensor part = layer.part(3, 5)(single(x.narrow(1, 3, 5)));
      EXPECT_TRUE(is_near(part, expected(x).narrow(1, 3, 5), 1e-5));
    }
  }
}

TEST(RowsTimesMatrix, IsTorchsProduct) {
  const Tensor rows = wavy({701, 96}, 1), matrix = wavy({96, 200}, 2), bias = wavy({200}, 3);
  const auto single = [](const Tensor& values) { return values.to(at::kFloat); };
  for (const int threads : {1, 2, 5}) {
    const RowThreads guard(threads);
    EXPECT_TRUE(is_near(rows_times_matrix(single(rows), single(matrix)), rows.mm(matrix), 1e-4)) << threads;
    EXPECT_TRUE(is_near(rows_times_matrix(single(rows), single(matrix), single(bias)), rows.mm(matrix) + bias, 1e-4));
    EXPECT_EQ(rows_times_matrix(single(rows).narrow(0, 0, 0), single(matrix)).size(0), 0);
  }
}

}  // namespace
}  // namespace gbrs::test
