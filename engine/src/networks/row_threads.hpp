// SPDX-License-Identifier: Apache-2.0
#pragma once

// Loops over rows, shared between threads. Their number is a setting of its own: torch, whose operators on the small
// maps of a refinement lose more by waking a thread than it gains, may compute with fewer.

#include <algorithm>
#include <cstdint>

namespace gbrs {

/// How many threads the loops of the calling thread may use; at first 1.
void set_row_threads(int count);
[[nodiscard]] int row_threads();

namespace detail {
using RowWork = void (*)(void* work, std::int64_t begin, std::int64_t end);
void share_rows(std::int64_t parts, std::int64_t count, RowWork call, void* work);
}  // namespace detail

/// work(begin, end) for parts of 0..count, each of at least `least` rows. `work` does not throw.
template <class Work>
void for_row_parts(std::int64_t count, std::int64_t least, Work work) {
  const std::int64_t parts = std::clamp<std::int64_t>(count / least, 1, row_threads());
  if (parts == 1) return work(0, count);
  detail::share_rows(
      parts, count,
      [](void* shared, std::int64_t begin, std::int64_t end) { (*static_cast<Work*>(shared))(begin, end); }, &work);
}

}  // namespace gbrs
