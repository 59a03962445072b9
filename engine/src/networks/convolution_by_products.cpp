// SPDX-License-Identifier: Apache-2.0
#include "networks/convolution_by_products.hpp"

#include <ATen/ops/col2im.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/im2col.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <array>

namespace gbrs {
namespace {

std::array<std::int64_t, 2> both(std::int64_t value) { return {value, value}; }

/// [B,C,H,W] -> [B,C k k,h w]: each output place's window as a column.
Tensor columns(const Tensor& x, std::int64_t kernel, const ConvolutionSettings& settings) {
  if (kernel == 1 && settings.stride == 1) return x.flatten(2);
  return at::im2col(x.contiguous(), both(kernel), both(settings.dilation), both(settings.padding),
                    both(settings.stride));
}

Tensor padded(const Tensor& x, std::int64_t padding) {
  return at::constant_pad_nd(x, {padding, padding, padding, padding});
}

/// What a kernel's place (i, j) multiplies at every output place: a view of the padded input [B,C,h,w].
Tensor shifted(const Tensor& padded_x, std::int64_t i, std::int64_t j, const Tensor& like,
               const ConvolutionSettings& settings) {
  const auto along = [&](const Tensor& values, std::int64_t axis, std::int64_t place) {
    const std::int64_t begin = place * settings.dilation;
    const std::int64_t end = begin + settings.stride * (like.size(axis) - 1) + 1;
    return values.slice(axis, begin, end, settings.stride);
  };
  return along(along(padded_x, 2, i), 3, j);
}

template <class F>
void for_each_place(std::int64_t kernel, F function) {
  for (std::int64_t i = 0; i < kernel; ++i)
    for (std::int64_t j = 0; j < kernel; ++j) function(i, j);
}

/// The kernel's values at one place, one a channel: [1,C,1,1].
Tensor values_at(const Tensor& weight, std::int64_t i, std::int64_t j) {
  return weight.select(3, j).select(2, i).view({1, -1, 1, 1});
}

std::int64_t output_length(std::int64_t length, std::int64_t kernel, const ConvolutionSettings& settings) {
  return (length + 2 * settings.padding - settings.dilation * (kernel - 1) - 1) / settings.stride + 1;
}

}  // namespace

Tensor convolve_by_products(const Tensor& x, const Tensor& weight, const ConvolutionSettings& settings) {
  const std::int64_t kernel = weight.size(2);
  const std::int64_t height = output_length(x.size(2), kernel, settings);
  const std::int64_t width = output_length(x.size(3), kernel, settings);
  if (settings.groups == 1) {
    const Tensor y = at::matmul(weight.reshape({weight.size(0), -1}), columns(x, kernel, settings));
    return y.view({x.size(0), weight.size(0), height, width});
  }
  Tensor y = at::zeros({x.size(0), weight.size(0), height, width}, x.options());
  const Tensor wide = padded(x, settings.padding);
  for_each_place(kernel, [&](std::int64_t i, std::int64_t j) {
    y.addcmul_(shifted(wide, i, j, y, settings), values_at(weight, i, j));
  });
  return y;
}

Tensor x_gradient_by_products(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                              const ConvolutionSettings& settings) {
  const std::int64_t kernel = weight.size(2);
  if (settings.groups == 1) {
    const Tensor spread = at::matmul(weight.reshape({weight.size(0), -1}).t(), gradient.flatten(2));
    if (kernel == 1 && settings.stride == 1) return spread.view(x.sizes());
    return at::col2im(spread, x.sizes().slice(2), both(kernel), both(settings.dilation), both(settings.padding),
                      both(settings.stride));
  }
  const Tensor wide = at::zeros_like(padded(x, settings.padding));
  for_each_place(kernel, [&](std::int64_t i, std::int64_t j) {
    shifted(wide, i, j, gradient, settings).addcmul_(gradient, values_at(weight, i, j));
  });
  return wide.slice(2, settings.padding, settings.padding + x.size(2))
      .slice(3, settings.padding, settings.padding + x.size(3));
}

WeightGradients weight_gradients_by_products(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                                             const ConvolutionSettings& settings) {
  const std::int64_t kernel = weight.size(2);
  WeightGradients result{.weight = {}, .bias = gradient.sum({0, 2, 3})};
  if (settings.groups == 1) {
    const Tensor products = at::matmul(gradient.flatten(2), columns(x, kernel, settings).transpose(1, 2));
    result.weight = products.sum(0).view(weight.sizes());
    return result;
  }
  const Tensor wide = padded(x, settings.padding);
  result.weight = at::empty_like(weight);
  for_each_place(kernel, [&](std::int64_t i, std::int64_t j) {
    const Tensor sums = (gradient * shifted(wide, i, j, gradient, settings)).sum({0, 2, 3});
    result.weight.select(3, j).select(2, i).copy_(sums.unsqueeze(1));
  });
  return result;
}

}  // namespace gbrs
