// SPDX-License-Identifier: Apache-2.0
#include "networks/upsampled_separable.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>

#include "networks/input_gradient.hpp"
#include "networks/row_loops.hpp"
#include "networks/row_threads.hpp"
#include "networks/rows.hpp"

namespace gbrs {
namespace {

Tensor empty_bits(std::int64_t height, std::int64_t row_length) {
  return at::empty({height, row_length / 8}, at::TensorOptions().dtype(at::kByte));
}
std::uint8_t* bits(const Tensor& rows, std::int64_t row) { return rows.data_ptr<std::uint8_t>() + row * rows.size(1); }

/// Threads share a map's fine rows in parts of at least so many.
constexpr std::int64_t kLeastRows = 32;

const float* floats(const Tensor& tensor) { return tensor.data_ptr<float>(); }

}  // namespace

class UpsampledSeparable::Gradient {
 public:
  Gradient(Weights weights, Positive positive) : weights_(std::move(weights)), positive_(std::move(positive)) {}

  Tensor operator()(const Tensor& given) const {
    const Tensor gradient = channels_last(given);
    const std::int64_t height = gradient.size(2), width = gradient.size(3);
    const Tensor result = empty_image(weights_.channels(), (height + 1) / 2, (width + 1) / 2);
    for_row_parts(result.size(2), kLeastRows / 2, [&](std::int64_t begin, std::int64_t end) {
      compute(gradient, Image(result), begin, end);
    });
    count_multiply_adds(height * width * multiply_adds_a_pixel(weights_));
    return result;
  }

 private:
  /// Rows begin to end of the gradient with respect to x. Each is made of three fine rows of the upsampled x's
  /// gradient, each of which is made of three of the depthwise convolution's.
  void compute(const Tensor& gradient, const Image& coarse, std::int64_t begin, std::int64_t end) const {
    const RowLoops& rows = row_loops();
    const std::int64_t channels = coarse.channels, height = gradient.size(2), width = gradient.size(3);
    RowRing of_depthwise(4, (width + 2) * channels), of_upsampled(3, width * channels);
    Row of_pointwise(width * weights_.pointwise.out());
    Row of_head(width * (weights_.has_head() ? weights_.head.out() : 0));
    std::int64_t next_depthwise = std::max<std::int64_t>(0, 2 * begin - 2);
    const auto add_depthwise = [&](std::int64_t at) {
      pointwise_gradient(gradient, at, of_head.get(), of_pointwise.get());
      float* const padded = of_depthwise[at];
      std::fill_n(padded, channels, 0.0F);
      std::fill_n(padded + (width + 1) * channels, channels, 0.0F);
      rows.product_where(of_pointwise.get(), floats(weights_.pointwise.turned), bits(positive_.depthwise, at), width,
                         weights_.pointwise.out(), channels, padded + channels);
    };
    std::int64_t next_upsampled = std::max<std::int64_t>(0, 2 * begin - 1);
    const auto add_upsampled = [&](std::int64_t at) {
      for (; next_depthwise <= std::min(at + 1, height - 1); ++next_depthwise) add_depthwise(next_depthwise);
      const std::array<const float*, 3> around{at > 0 ? of_depthwise[at - 1] : nullptr, of_depthwise[at],
                                               at + 1 < height ? of_depthwise[at + 1] : nullptr};
      rows.depthwise(around.data(), floats(weights_.turned_kernel), width, channels, of_upsampled[at]);
    };
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t center = 2 * row;
      for (; next_upsampled <= std::min(center + 1, height - 1); ++next_upsampled) add_upsampled(next_upsampled);
      rows.gather(center > 0 ? of_upsampled[center - 1] : nullptr, of_upsampled[center],
                  center + 1 < height ? of_upsampled[center + 1] : nullptr, coarse.width, channels, coarse[row]);
    }
  }

  /// Row `at` of the gradient before the pointwise convolution's ReLU.
  void pointwise_gradient(const Tensor& gradient, std::int64_t at, float* of_head, float* of_pointwise) const {
    const RowLoops& rows = row_loops();
    const Image given(gradient);
    if (!weights_.has_head()) {
      rows.where(given[at], bits(positive_.pointwise, at), given.row_length(), of_pointwise);
      return;
    }
    const float* before = given[at];
    if (weights_.has_head_relu()) {
      rows.where(before, bits(positive_.head, at), given.row_length(), of_head);
      before = of_head;
    }
    rows.product_where(before, floats(weights_.head.turned), bits(positive_.pointwise, at), given.width, given.channels,
                       weights_.pointwise.out(), of_pointwise);
  }

  Weights weights_;
  Positive positive_;
};

UpsampledSeparable::Matrix::Matrix(const Convolution& pointwise)
    : values(pointwise.weight.flatten(1).t().contiguous()),
      turned(pointwise.weight.flatten(1).contiguous()),
      bias(pointwise.bias) {}

UpsampledSeparable::UpsampledSeparable(const Convolution& depthwise, const Convolution& pointwise) {
  if (depthwise.weight.requires_grad() || pointwise.weight.requires_grad()) return;
  const Tensor kernel = depthwise.weight.flatten(1).t().contiguous();  // [9,C]
  weights_ = {.kernel = kernel,
              .turned_kernel = kernel.flip({0}).contiguous(),
              .bias = depthwise.bias.contiguous(),
              .pointwise = Matrix(pointwise),
              .head = {}};
}

UpsampledSeparable::UpsampledSeparable(const UpsampledSeparable& level, const Convolution& head)
    : UpsampledSeparable(level) {
  if (head.weight.requires_grad()) weights_ = {};
  if (weights_.kernel.defined()) weights_.head = Matrix(head);
}

std::int64_t UpsampledSeparable::multiply_adds_a_pixel(const Weights& weights) {
  return weights.kernel.numel() + weights.pointwise.size() + weights.head.size();
}

bool UpsampledSeparable::fits(const Tensor& x, const Tensor& shares) const {
  if (!weights_.kernel.defined() || weights_.kernel.scalar_type() != at::kFloat) return false;
  const auto fills_vectors = [](std::int64_t count) { return count % row_loops().channel_step == 0; };
  return x.is_cpu() && x.scalar_type() == at::kFloat && x.size(0) == 1 && shares.size(0) == 1 &&
         fills_vectors(x.size(1)) && fills_vectors(shares.size(1)) &&
         (!weights_.has_head_relu() || fills_vectors(weights_.head.out())) && x.size(2) > 1 && x.size(3) > 1 &&
         shares.size(2) == 2 * x.size(2) - 1 && shares.size(3) == 2 * x.size(3) - 1;
}

/// Fills `result`.
UpsampledSeparable::Positive UpsampledSeparable::compute(const Tensor& x, const Tensor& shares,
                                                         const Tensor& result) const {
  const std::int64_t height = result.size(2), width = result.size(3);
  Positive kept{.depthwise = empty_bits(height, width * x.size(1)),
                .pointwise = empty_bits(height, width * shares.size(1)),
                .head = weights_.has_head_relu() ? empty_bits(height, width * result.size(1)) : Tensor()};
  for_row_parts(height, kLeastRows, [&](std::int64_t begin, std::int64_t end) {
    compute(Image(x), Image(shares), Image(result), kept, begin, end);
  });
  count_multiply_adds(height * width * multiply_adds_a_pixel(weights_));
  return kept;
}

/// Rows begin to end.
void UpsampledSeparable::compute(const Image& coarse, const Image& addend, const Image& fine, const Positive& kept,
                                 std::int64_t begin, std::int64_t end) const {
  const RowLoops& rows = row_loops();
  const std::int64_t channels = coarse.channels, middle = addend.channels, height = fine.height, width = fine.width;
  RowRing upsampled(4, (width + 2) * channels);
  Row between(width * channels), before_head(weights_.has_head() ? width * middle : 0);
  std::int64_t next = std::max<std::int64_t>(0, begin - 1);  // to be upsampled
  for (std::int64_t at = begin; at < end; ++at) {
    for (; next <= std::min(at + 1, height - 1); ++next)
      rows.upsample(coarse[next / 2], next % 2 == 0 ? nullptr : coarse[next / 2 + 1], coarse.width, channels,
                    upsampled[next]);
    const std::array<const float*, 3> around{at > 0 ? upsampled[at - 1] : nullptr, upsampled[at],
                                             at + 1 < height ? upsampled[at + 1] : nullptr};
    rows.depthwise_relu(around.data(), floats(weights_.kernel), floats(weights_.bias), width, channels,
                        between.get(), bits(kept.depthwise, at));
    float* const y = weights_.has_head() ? before_head.get() : fine[at];
    rows.product_relu(between.get(), floats(weights_.pointwise.values), addend[at], middle, width, channels, middle,
                      y, bits(kept.pointwise, at));
    if (weights_.has_head_relu()) {
      rows.product_relu(y, floats(weights_.head.values), floats(weights_.head.bias), 0, width, middle, fine.channels,
                        fine[at], bits(kept.head, at));
    } else if (weights_.has_head()) {
      rows.dot(y, floats(weights_.head.values), *floats(weights_.head.bias), width, middle, fine[at]);
    }
  }
}

Tensor UpsampledSeparable::operator()(const Tensor& x, const Tensor& shares) const {
  const Tensor result = empty_image(weights_.has_head() ? weights_.head.out() : shares.size(1), shares.size(2),
                                    shares.size(3));
  Positive positive = compute(channels_last(x.detach()), channels_last(shares.detach()), result);
  if (wants_gradient(x)) set_input_gradient(result, x, Gradient(weights_, std::move(positive)));
  return result;
}

}  // namespace gbrs
