// SPDX-License-Identifier: Apache-2.0
#include "networks/prelu.hpp"

#include <ATen/ops/empty_like.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/prelu.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <vector>

#include "networks/input_gradient.hpp"
#include "networks/row_loops.hpp"
#include "networks/row_threads.hpp"
#include "networks/rows.hpp"

namespace gbrs {
namespace {

/// v = scale x + shift; the answer is v where that is positive, else slope v. For as many pixels as make a row worth a
/// vector loop, whatever the number of channels.
class Rows {
 public:
  Rows(const BatchNorm* norm, const Tensor& slopes)
      : scales_(repeated(norm != nullptr ? norm->scale : at::ones_like(slopes))),
        shifts_(repeated(norm != nullptr ? norm->shift : at::zeros_like(slopes))),
        slopes_(repeated(slopes)) {}

  void forward(const float* x, std::int64_t count, float* y) const {
    each_row(count, [this, x, y](std::int64_t at, std::int64_t length) {
      row_loops().prelu(x + at, scales_.data(), shifts_.data(), slopes_.data(), length, y + at);
    });
  }

  void backward(const float* x, const float* gradient, std::int64_t count, float* result) const {
    each_row(count, [this, x, gradient, result](std::int64_t at, std::int64_t length) {
      row_loops().prelu_gradient(x + at, gradient + at, scales_.data(), shifts_.data(), slopes_.data(), length,
                                 result + at);
    });
  }

 private:
  static std::vector<float> repeated(const Tensor& values) {
    constexpr std::int64_t kLeast = 256;
    const Tensor plain = values.contiguous();
    const float* const begin = plain.data_ptr<float>();
    std::vector<float> row;
    while (static_cast<std::int64_t>(row.size()) < kLeast) row.insert(row.end(), begin, begin + plain.numel());
    return row;
  }

  template <class Work>
  void each_row(std::int64_t count, Work work) const {
    constexpr std::int64_t kLeast = 512;
    const auto length = static_cast<std::int64_t>(slopes_.size());
    for_row_parts((count + length - 1) / length, kLeast, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) work(row * length, std::min(length, count - row * length));
    });
  }

  std::vector<float> scales_, shifts_, slopes_;  // of a row
};

Tensor activated(const Tensor& x, const BatchNorm* norm, const Tensor& slopes) {
  if (!x.is_cpu() || x.scalar_type() != at::kFloat || slopes.requires_grad())
    return at::prelu(norm != nullptr ? (*norm)(x) : x, slopes);
  const Rows rows(norm, slopes);
  const Tensor values = channels_last(x.detach());
  const Tensor y = at::empty_like(values);
  rows.forward(values.data_ptr<float>(), values.numel(), y.data_ptr<float>());
  if (wants_gradient(x))
    set_input_gradient(y, x, [rows, values](const Tensor& given) {
      const Tensor gradient = channels_last(given), result = at::empty_like(values);
      rows.backward(values.data_ptr<float>(), gradient.data_ptr<float>(), values.numel(), result.data_ptr<float>());
      return result;
    });
  return y;
}

}  // namespace

Tensor PRelu::operator()(const Tensor& x) const { return activated(x, nullptr, slopes); }

PRelu take_prelu(Weights& weights, const std::string& key, std::int64_t channels) {
  return {.slopes = weights.take(key + ".weight", {channels})};
}

Tensor NormedPRelu::operator()(const Tensor& x) const { return activated(x, &norm, activation.slopes); }

NormedPRelu NormedPRelu::part(std::int64_t first, std::int64_t count) const {
  const auto of = [&](const Tensor& values) { return values.narrow(0, first, count); };
  return {.norm = {.scale = of(norm.scale), .shift = of(norm.shift)}, .activation = {.slopes = of(activation.slopes)}};
}

NormedPRelu take_normed_prelu(Weights& weights, const std::string& norm, const std::string& activation,
                              std::int64_t channels, double epsilon) {
  return {.norm = take_batch_norm(weights, norm, channels, epsilon),
          .activation = take_prelu(weights, activation, channels)};
}

}  // namespace gbrs
