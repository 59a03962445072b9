// SPDX-License-Identifier: Apache-2.0
// The level of a decoder that is computed row by row, against the same level from torch's operators in 64 bits.

#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/full.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <gtest/gtest.h>

#include "networks/separable_rows.hpp"
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

class SeparableRowsOf : public testing::TestWithParam<const SeparableRows*> {};

/// One row [width][channels] of a channels-last image [1,channels,1,width].
Tensor as_image(const Tensor& row, std::int64_t channels) { return row.view({1, 1, -1, channels}).permute({0, 3, 1, 2}); }
/// 0 and 1 as bytes of eight bits.
Tensor as_bits(const Tensor& values) {
  const Tensor places = at::tensor({1, 2, 4, 8, 16, 32, 64, 128}, at::kByte);
  return (values.reshape({-1, 8}).to(at::kByte) * places).sum(1).to(at::kByte);
}
Tensor as_row(const Tensor& image) { return image.permute({0, 2, 3, 1}).contiguous().view(-1); }

TEST_P(SeparableRowsOf, ComputesProducts) {
  const SeparableRows& rows = *GetParam();
  for (const std::int64_t width : {1, 6, 13}) {
    constexpr std::int64_t in = 7, out = 32;
    const Tensor row = wavy({width, in}, 0, at::kFloat), matrix = wavy({in, out}, 1, at::kFloat);
    const Tensor addend = wavy({width, out}, 2, at::kFloat);
    Tensor result = at::zeros({width, out}, at::kFloat), positive = at::full({width * out / 8}, 7, at::kByte);
    for (const bool has_bias : {false, true}) {
      rows.product_relu(row.data_ptr<float>(), matrix.data_ptr<float>(), addend.data_ptr<float>(), has_bias ? 0 : out,
                        width, in, out, result.data_ptr<float>(), positive.data_ptr<std::uint8_t>());
      const Tensor expected = at::relu(row.mm(matrix) + (has_bias ? addend.slice(0, 0, 1) : addend));
      EXPECT_TRUE(is_near(result, expected, 1e-5)) << rows.instructions;
      EXPECT_TRUE(is_equal(positive, as_bits(result > 0))) << rows.instructions;
    }
    rows.product_where(row.data_ptr<float>(), matrix.data_ptr<float>(), positive.data_ptr<std::uint8_t>(), width, in,
                       out, result.data_ptr<float>());
    const Tensor is_positive = row.mm(matrix) + addend.slice(0, 0, 1) > 0;  // of the last one above
    EXPECT_TRUE(is_near(result, row.mm(matrix) * is_positive, 1e-5)) << rows.instructions;
    rows.where(addend.data_ptr<float>(), positive.data_ptr<std::uint8_t>(), width * out, result.data_ptr<float>());
    EXPECT_TRUE(is_equal(result, addend * is_positive)) << rows.instructions;
    Tensor sums = at::zeros({width}, at::kFloat);
    const Tensor weights = wavy({out}, 3, at::kFloat);
    rows.dot(addend.data_ptr<float>(), weights.data_ptr<float>(), 0.25F, width, out, sums.data_ptr<float>());
    EXPECT_TRUE(is_near(sums, addend.mv(weights) + 0.25, 1e-5)) << rows.instructions;
  }
}

TEST_P(SeparableRowsOf, ConvolvesRows) {
  const SeparableRows& rows = *GetParam();
  constexpr std::int64_t width = 11, channels = 32;
  const Tensor image = wavy({3, width, channels}).to(at::kFloat), kernel = wavy({9, channels}, 1).to(at::kFloat);
  const Tensor bias = wavy({channels}, 2).to(at::kFloat);
  Tensor padded = at::zeros({3, width + 2, channels}, at::kFloat);
  padded.slice(1, 1, width + 1).copy_(image);
  const Tensor weight = kernel.t().reshape({channels, 1, 3, 3});
  for (const bool has_below : {true, false}) {
    const float* around[3] = {padded[0].data_ptr<float>(), padded[1].data_ptr<float>(),
                              has_below ? padded[2].data_ptr<float>() : nullptr};
    const Tensor seen = has_below ? image : at::cat({image.slice(0, 0, 2), at::zeros_like(image.slice(0, 2))}, 0);
    const Tensor all = at::conv2d(seen.permute({2, 0, 1}).unsqueeze(0), weight, {}, {1, 1}, at::IntArrayRef({0, 1}), {1, 1}, channels);
    Tensor row = at::zeros({width * channels}, at::kFloat);
    rows.depthwise(around, kernel.data_ptr<float>(), width, channels, row.data_ptr<float>());
    EXPECT_TRUE(is_near(row, as_row(all), 1e-5)) << rows.instructions;
    Tensor positive = at::full({width * channels / 8}, 7, at::kByte);
    rows.depthwise_relu(around, kernel.data_ptr<float>(), bias.data_ptr<float>(), width, channels,
                        row.data_ptr<float>(), positive.data_ptr<std::uint8_t>());
    const Tensor expected = at::relu(as_row(all + bias.view({1, -1, 1, 1})));
    EXPECT_TRUE(is_near(row, expected, 1e-5)) << rows.instructions;
    EXPECT_TRUE(is_equal(positive, as_bits(row > 0))) << rows.instructions;
  }
}

TEST_P(SeparableRowsOf, UpsamplesAndGathersAsAdjoints) {
  const SeparableRows& rows = *GetParam();
  constexpr std::int64_t width = 5, fine = 2 * width - 1, channels = 32;
  const Tensor coarse = wavy({2, width * channels}).to(at::kFloat);
  Tensor padded = at::full({(fine + 2) * channels}, 9.0, at::kFloat);
  rows.upsample(coarse[0].data_ptr<float>(), coarse[1].data_ptr<float>(), width, channels, padded.data_ptr<float>());
  EXPECT_EQ(padded.slice(0, 0, channels).abs().sum().item<float>(), 0);
  EXPECT_EQ(padded.slice(0, (fine + 1) * channels).abs().sum().item<float>(), 0);
  const Tensor row = padded.slice(0, channels, (fine + 1) * channels);
  const Tensor middle = at::upsample_bilinear2d(as_image(coarse.mean({0}), channels), {1, fine}, true);
  EXPECT_TRUE(is_near(row, as_row(middle), 1e-6)) << rows.instructions;
  // <upsample(a, b), g> = <a, gather(_, _, g)> + <b, gather(g, _, _)>
  const Tensor g = wavy({fine * channels}, 3).to(at::kFloat), none = at::zeros({fine * channels}, at::kFloat);
  Tensor of_above = at::zeros({width * channels}, at::kFloat), of_below = at::zeros_like(of_above);
  rows.gather(nullptr, none.data_ptr<float>(), g.data_ptr<float>(), width, channels, of_above.data_ptr<float>());
  rows.gather(g.data_ptr<float>(), none.data_ptr<float>(), nullptr, width, channels, of_below.data_ptr<float>());
  const auto product = [](const Tensor& a, const Tensor& b) { return (a * b).sum().item<float>(); };
  EXPECT_NEAR(product(row, g), product(coarse[0], of_above) + product(coarse[1], of_below), 1e-3);
  EXPECT_GT(g.abs().sum().item<float>(), 1);
}

INSTANTIATE_TEST_SUITE_P(EveryInstructionSet, SeparableRowsOf, testing::ValuesIn(all_separable_rows()),
                         [](const auto& row) { return std::string(row.param->instructions); });

}  // namespace
}  // namespace gbrs::test
