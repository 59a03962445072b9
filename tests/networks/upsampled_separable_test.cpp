// SPDX-License-Identifier: Apache-2.0
// The level of a decoder that is computed row by row, against the same level from torch's operators in 64 bits.

#include <ATen/ops/conv2d.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <gtest/gtest.h>

#include <utility>

#include "networks/row_threads.hpp"
#include "networks/upsampled_separable.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

struct Sizes {
  std::int64_t in, out, height, width, head;  // head: its channels, 0: none
};

struct Level {
  explicit Level(const Sizes& s)
      : x(wavy({1, s.in, s.height, s.width}, 1)),
        shares(wavy({1, s.out, 2 * s.height - 1, 2 * s.width - 1}, 2)),
        kernel(wavy({s.in, 1, 3, 3}, 3)),
        bias(wavy({s.in}, 4) * 0.3),
        matrix(wavy({s.out, s.in, 1, 1}, 5) * 0.2) {
    if (s.head == 0) return;
    head = wavy({s.head, s.out, 1, 1}, 7) * 0.3;
    head_bias = wavy({s.head}, 8);
  }

  /// By torch's operators, in the tensors' own precision.
  [[nodiscard]] Tensor by_torch(const Tensor& from) const {
    const Tensor fine = at::upsample_bilinear2d(from, shares.sizes().slice(2), /*align_corners=*/true);
    const Tensor between = at::relu(at::conv2d(fine, kernel, bias, 1, 1, 1, kernel.size(0)));
    const Tensor y = at::relu(at::conv2d(between, matrix) + shares);
    if (!head.defined()) return y;
    const Tensor answer = at::conv2d(y, head, head_bias);
    return head.size(0) > 1 ? at::relu(answer) : answer;
  }
  [[nodiscard]] UpsampledSeparable by_rows() const {
    const UpsampledSeparable level({.weight = kernel.to(at::kFloat),
                                    .bias = bias.to(at::kFloat),
                                    .activation = Activation::relu,
                                    .groups = kernel.size(0)},
                                   {.weight = matrix.to(at::kFloat), .bias = {}, .activation = Activation::relu});
    if (!head.defined()) return level;
    return {level, {.weight = head.to(at::kFloat), .bias = head_bias.to(at::kFloat)}};
  }

  Tensor x, shares, kernel, bias, matrix, head, head_bias;
};

TEST(UpsampledSeparable, ValueAndGradientAreThoseOfTorch) {
  for (const Sizes& sizes : {Sizes{32, 32, 2, 2, 0}, Sizes{96, 64, 3, 9, 32}, Sizes{32, 64, 24, 5, 0},
                             Sizes{64, 32, 41, 18, 1}, Sizes{32, 32, 2, 7, 64}}) {
    const Level level(sizes);
    const Tensor wide = level.x.clone().set_requires_grad(true);
    const Tensor x = level.x.to(at::kFloat).set_requires_grad(true);
    const Tensor expected = level.by_torch(wide);
    const UpsampledSeparable by_rows = level.by_rows();
    const Tensor shares = level.shares.to(at::kFloat);
    ASSERT_TRUE(by_rows.fits(x, shares));
    const Tensor y = by_rows(x, shares);
    ASSERT_EQ(y.sizes(), expected.sizes());
    EXPECT_TRUE(is_near(y, expected, 1e-5));
    EXPECT_TRUE(y.is_contiguous(at::MemoryFormat::ChannelsLast));
    const Tensor cotangent = wavy(y.sizes(), 6);
    (y * cotangent.to(at::kFloat)).sum().backward();
    (expected * cotangent).sum().backward();
    EXPECT_TRUE(is_near(x.grad(), wide.grad(), 1e-5)) << sizes.height;
    EXPECT_GT(wide.grad().abs().max().item<double>(), 0.1);
  }
}

TEST(UpsampledSeparable, RefusesWhatItsRowsCannotHold) {
  const Level level({32, 32, 3, 4, 0});
  const auto single = [](const Tensor& x) { return x.to(at::kFloat); };
  const UpsampledSeparable by_rows = level.by_rows();
  EXPECT_FALSE(by_rows.fits(level.x, level.shares)) << "64 bits";
  EXPECT_FALSE(by_rows.fits(single(level.x), single(level.shares).narrow(2, 0, 4))) << "another size";
  EXPECT_FALSE(by_rows.fits(single(level.x).expand({2, -1, -1, -1}), single(level.shares).expand({2, -1, -1, -1})));
  const Level narrow({24, 32, 3, 4, 0});
  EXPECT_FALSE(narrow.by_rows().fits(single(narrow.x), single(narrow.shares))) << "24 channels fill no two vectors";
  const Level odd_head({32, 32, 3, 4, 5});
  EXPECT_FALSE(odd_head.by_rows().fits(single(odd_head.x), single(odd_head.shares))) << "nor do five";
  const UpsampledSeparable learning({.weight = single(level.kernel).set_requires_grad(true), .bias = single(level.bias)},
                                    {.weight = single(level.matrix), .bias = {}});
  EXPECT_FALSE(learning.fits(single(level.x), single(level.shares))) << "weights that change";
}

TEST(UpsampledSeparable, ThreadsShareItsRows) {
  const Level level({32, 32, 50, 7, 32});
  const UpsampledSeparable by_rows = level.by_rows();
  const auto computed = [&](int threads) {
    set_row_threads(threads);
    const Tensor x = level.x.to(at::kFloat).set_requires_grad(true);
    const Tensor y = by_rows(x, level.shares.to(at::kFloat));
    (y * wavy(y.sizes(), 6, at::kFloat)).sum().backward();
    set_row_threads(1);
    return std::pair(y.detach(), x.grad());
  };
  const auto alone = computed(1);
  for (const int threads : {2, 3, 8}) {
    const auto shared = computed(threads);
    EXPECT_TRUE(is_equal(shared.first, alone.first)) << threads;
    EXPECT_TRUE(is_equal(shared.second, alone.second)) << threads;
  }
}

}  // namespace
}  // namespace gbrs::test
