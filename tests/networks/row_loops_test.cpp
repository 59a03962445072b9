// SPDX-License-Identifier: Apache-2.0
// Loops over rows, with every set of instructions that this processor has, against torch's operators.

#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "networks/row_loops.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

class RowLoopsOf : public testing::TestWithParam<const RowLoops*> {};

/// One row [width][channels] of a channels-last image [1,channels,1,width].
Tensor as_image(const Tensor& row, std::int64_t channels) { return row.view({1, 1, -1, channels}).permute({0, 3, 1, 2}); }
/// 0 and 1 as bytes of eight bits.
Tensor as_bits(const Tensor& values) {
  const Tensor places = at::tensor({1, 2, 4, 8, 16, 32, 64, 128}, at::kByte);
  return (values.reshape({-1, 8}).to(at::kByte) * places).sum(1).to(at::kByte);
}
Tensor as_row(const Tensor& image) { return image.permute({0, 2, 3, 1}).contiguous().view(-1); }

TEST_P(RowLoopsOf, ComputesProducts) {
  const RowLoops& rows = *GetParam();
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

TEST_P(RowLoopsOf, ConvolvesRows) {
  const RowLoops& rows = *GetParam();
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

TEST_P(RowLoopsOf, UpsamplesAndGathersAsAdjoints) {
  const RowLoops& rows = *GetParam();
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

TEST_P(RowLoopsOf, MixesRowsAndSpreadsPixels) {
  const RowLoops& rows = *GetParam();
  constexpr std::int64_t width = 9, count = 4;
  const std::int64_t channels = 2 * rows.lanes;
  const Tensor image = wavy({count, width, channels}, 0, at::kFloat), kernel = wavy({3, 3, channels}, 1, at::kFloat);
  const Tensor weights = wavy({3, count}, 2, at::kFloat);
  std::vector<const float*> given;
  for (std::int64_t t = 0; t < count; ++t) given.push_back(image[t].data_ptr<float>());
  Tensor mixed = at::zeros({3, width, channels}, at::kFloat);
  float* into[3] = {mixed[0].data_ptr<float>(), mixed[1].data_ptr<float>(), mixed[2].data_ptr<float>()};
  rows.mix(given.data(), weights.data_ptr<float>(), count, kernel.data_ptr<float>(), width, channels, into);
  const Tensor expected = at::einsum("it,txc,ijc->jxc", {weights, image, kernel});
  EXPECT_TRUE(is_near(mixed, expected, 1e-5)) << rows.instructions;

  constexpr std::int64_t places = width - count + 1;
  const Tensor shares = wavy({places, 3, count}, 3, at::kFloat);
  Tensor row = at::zeros({places, channels}, at::kFloat);
  rows.spread(into, shares.data_ptr<float>(), count, places, channels, row.data_ptr<float>());
  const Tensor windows = mixed.unfold(1, count, 1);  // [3,places,channels,count]
  EXPECT_TRUE(is_near(row, at::einsum("xjt,jxct->xc", {shares, windows}), 1e-5)) << rows.instructions;
}

TEST_P(RowLoopsOf, ActivatesWithSlopes) {
  const RowLoops& rows = *GetParam();
  for (const std::int64_t count : {1, 15, 16, 50}) {
    const Tensor x = wavy({count}, 0, at::kFloat), scale = wavy({count}, 1, at::kFloat);
    const Tensor shift = wavy({count}, 2, at::kFloat), slope = wavy({count}, 3, at::kFloat);
    Tensor y = at::zeros({count}, at::kFloat), gradient = at::zeros({count}, at::kFloat);
    rows.prelu(x.data_ptr<float>(), scale.data_ptr<float>(), shift.data_ptr<float>(), slope.data_ptr<float>(), count,
               y.data_ptr<float>());
    const Tensor v = x * scale + shift;
    EXPECT_TRUE(is_near(y, at::where(v > 0, v, v * slope), 1e-6)) << rows.instructions;
    rows.prelu_gradient(x.data_ptr<float>(), slope.data_ptr<float>(), scale.data_ptr<float>(), shift.data_ptr<float>(),
                        slope.data_ptr<float>(), count, gradient.data_ptr<float>());
    EXPECT_TRUE(is_near(gradient, slope * scale * at::where(v > 0, at::ones_like(v), slope), 1e-6))
        << rows.instructions;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryInstructionSet, RowLoopsOf, testing::ValuesIn(all_row_loops()),
                         [](const auto& row) { return std::string(row.param->instructions); });

}  // namespace
}  // namespace gbrs::test
