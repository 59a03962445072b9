// SPDX-License-Identifier: Apache-2.0
#include "networks/row_loops.hpp"

#include <array>

namespace gbrs {

// row_loops_kernels.cpp, once each
namespace baseline {
extern const RowLoops rows;
}
#ifdef GBRS_HAS_X86_ROWS
namespace x86_64_v3 {
extern const RowLoops rows;
}
namespace x86_64_v4 {
extern const RowLoops rows;
}
#endif

std::span<const RowLoops* const> all_row_loops() {
#ifdef GBRS_HAS_X86_ROWS
  static constexpr std::array all{&baseline::rows, &x86_64_v3::rows, &x86_64_v4::rows};
  const bool has_v3 = __builtin_cpu_supports("x86-64-v3"), has_v4 = has_v3 && __builtin_cpu_supports("x86-64-v4");
  const std::size_t count = has_v4 ? 3 : has_v3 ? 2 : 1;
#else
  static constexpr std::array all{&baseline::rows};
  const std::size_t count = 1;
#endif
  return std::span(all).first(count);
}

const RowLoops& row_loops() {
  static const RowLoops& fastest = *all_row_loops().back();
  return fastest;
}

}  // namespace gbrs
