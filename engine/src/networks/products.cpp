// SPDX-License-Identifier: Apache-2.0
#include "networks/products.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>

#include <algorithm>

#include "networks/row_threads.hpp"

namespace gbrs {

Tensor rows_times_matrix(const Tensor& rows, const Tensor& matrix, const Tensor& bias) {
  constexpr std::int64_t kLeastMultiplyAdds = 1 << 22;  // of a thread: some 60 us
  const std::int64_t of_row = std::max<std::int64_t>(1, matrix.numel());
  const Tensor result = at::empty({rows.size(0), matrix.size(1)}, rows.options());
  const auto compute = [&](std::int64_t begin, std::int64_t end) {
    const at::NoGradGuard no_grad;  // holds for a thread
    Tensor part = result.narrow(0, begin, end - begin);
    const Tensor some = rows.narrow(0, begin, end - begin);
    if (bias.defined())
      at::addmm_out(part, bias, some, matrix);
    else
      at::mm_out(part, some, matrix);
  };
  if (rows.is_cpu())
    for_row_parts(rows.size(0), kLeastMultiplyAdds / of_row + 1, compute);
  else
    compute(0, rows.size(0));
  return result;
}

}  // namespace gbrs
