// SPDX-License-Identifier: Apache-2.0
#include "networks/row_threads.hpp"

namespace gbrs {
namespace {

thread_local int threads = 1;

}  // namespace

void set_row_threads(int count) { threads = std::max(1, count); }

int row_threads() { return threads; }

void detail::share_rows(std::int64_t parts, std::int64_t count, RowWork call, void* work) {
#ifndef __SANITIZE_THREAD__  // which does not see what orders OpenMP's threads
#pragma omp parallel for schedule(static, 1) num_threads(static_cast<int>(parts))
#endif
  for (std::int64_t part = 0; part < parts; ++part) call(work, part * count / parts, (part + 1) * count / parts);
}

}  // namespace gbrs
