// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where torch computes and with how many threads. Set on purpose: torch's default would take every core it
// sees, and the BLAS library has threads of its own that torch's setting does not reach.

#include <c10/core/Device.h>

#include <string>

#include "gbrs/model.hpp"

namespace gbrs {

struct Runtime {
  c10::Device device = c10::kCPU;
  std::string device_text;  ///< "cpu", "cuda: 0"
  std::string notice;       ///< one or two sentences for the user, or empty
  int threads = 1;
};

/// Chooses the device, sets the threads, and looks whether the BLAS library is usable (5 ms where it is).
/// A missing or failing GPU gives the CPU and a notice if it was asked for, never an error.
[[nodiscard]] Runtime start_runtime(Device wanted, int threads);

/// GFLOP/s of 1024^3 float32 matrix products on the calling thread's threads, the median of nine.
[[nodiscard]] double matrix_gflops(c10::Device device);

/// The thread count holds for a calling thread only (OpenMP): every call from outside begins with this.
void use_threads(int threads);

/// Until the next use_threads(), torch's operators keep to the calling thread; loops over rows (networks/row_threads.hpp)
/// are shared as before. Operators on small maps lose more by waking a thread, 50 us, than they gain.
void use_one_thread_for_operators();

}  // namespace gbrs
