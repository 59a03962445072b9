// SPDX-License-Identifier: Apache-2.0
#include "networks/transposed_convolution.hpp"

#include <ATen/ops/pixel_shuffle.h>
#include <ATen/ops/zeros.h>

namespace gbrs {

Tensor TransposedConvolution::operator()(const Tensor& x) const {
  return at::pixel_shuffle(cells(x), 2).contiguous(at::MemoryFormat::ChannelsLast);
}

TransposedConvolution take_transposed_convolution(Weights& weights, const std::string& key, std::int64_t in,
                                                  std::int64_t out, std::int64_t kernel) {
  const Tensor weight = weights.take(key + ".weight", {in, out, kernel, kernel});
  // Output pixel 2i + a takes input i with kernel row a (k = 2). With k = 3 and padding 1 pixel 2i takes input i with
  // row 1, and pixel 2i + 1 takes input i with row 2 and input i + 1 with row 0. The same along columns.
  const std::int64_t window = kernel == 2 ? 1 : 3, centre = window / 2;
  Tensor cells = at::zeros({out, 2, 2, in, window, window}, weight.options());
  for (std::int64_t row = 0; row < kernel; ++row) {
    for (std::int64_t column = 0; column < kernel; ++column) {
      const auto pixel = [&](std::int64_t k) { return kernel == 2 ? k : (k + 1) % 2; };
      const auto place = [&](std::int64_t k) { return kernel == 3 && k == 0 ? centre + 1 : centre; };
      cells.select(1, pixel(row))
          .select(1, pixel(column))
          .select(3, place(column))
          .select(2, place(row))
          .copy_(weight.select(3, column).select(2, row).t());
    }
  }
  Convolution convolution;
  convolution.weight = cells.view({4 * out, in, window, window}).contiguous(at::MemoryFormat::ChannelsLast);
  return {.cells = convolution};
}

}  // namespace gbrs
