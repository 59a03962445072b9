// SPDX-License-Identifier: Apache-2.0
#include "refine/runtime.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/ones.h>
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>

#include "layers/tensor.hpp"
#include "networks/products.hpp"
#include "networks/row_threads.hpp"
#include "refine/tensor_memory.hpp"

namespace gbrs {
namespace {

/// Empty if the GPU computes, else the reason.
std::string gpu_fault() {
  // A libtorch with CUDA keeps it in a library of its own, which nothing here links.
  dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
  if (!at::globalContext().hasCUDA()) return "this libtorch has no CUDA or found no GPU";
  try {
    const Tensor ones = at::ones({16, 16}, at::TensorOptions().device(c10::kCUDA));
    return ones.matmul(ones).sum().item<double>() == 4096 ? "" : "it computes wrongly";
  } catch (const c10::Error& error) {
    return error.what_without_backtrace();
  } catch (const std::exception& error) {
    return error.what();
  }
}

/// This thread's processor time, which other work on the machine does not lengthen.
double processor_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

/// The milliseconds of a 512^3 matrix product: 5 with a good BLAS library, 200 with the reference one.
double matrix_product_ms() {
  const at::NoGradGuard no_grad;
  const Tensor a = at::ones({512, 512});
  const double start = processor_ms();
  const Tensor product = a.matmul(a);
  return processor_ms() - start;
}

bool has_slow_blas() {
  constexpr double kSlowMs = 50;  // between the two above
  return matrix_product_ms() > kSlowMs && matrix_product_ms() > kSlowMs;
}

/// OpenBLAS has threads of its own, which wait for their next product so busily that torch's threads lose a processor to
/// them. Products are shared between torch's threads instead (networks/products.hpp).
void use_one_blas_thread() {
  using SetThreads = void (*)(int);
  static const auto set_threads = [] {
    void* symbol = dlsym(RTLD_DEFAULT, "openblas_set_num_threads");
    for (const char* library : {"libblas.so.3", "libopenblas.so.0"}) {
      if (symbol != nullptr) break;
      if (void* handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD)) symbol = dlsym(handle, "openblas_set_num_threads");
    }
    return reinterpret_cast<SetThreads>(symbol);
  }();
  if (set_threads != nullptr) set_threads(1);
}

void append(std::string& text, const std::string& sentence) {
  if (!text.empty()) text += ' ';
  text += sentence;
}

}  // namespace

void use_threads(int threads) {
  at::set_num_threads(threads);
  set_row_threads(threads);
  use_one_blas_thread();
}

void use_one_thread_for_operators() { at::set_num_threads(1); }

double matrix_gflops(c10::Device device) {
  constexpr int size = 1024;
  const at::NoGradGuard no_grad;
  const Tensor a = at::ones({size, size}, at::TensorOptions().device(device));
  std::vector<double> times;
  for (int i = 0; i < 10; ++i) {
    const auto start = std::chrono::steady_clock::now();
    (void)rows_times_matrix(a, a)[0][0].item<float>();  // waits for the device
    times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::sort(times.begin() + 1, times.end());  // the first one starts threads
  return 2.0 * size * size * size * 1e-9 / times[5];
}

Runtime start_runtime(Device wanted, int threads) {
  Runtime runtime;
  runtime.threads = threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  runtime.device_text = "cpu";
  use_threads(runtime.threads);
  keep_tensor_memory();
  if (wanted != Device::cpu) {
    const std::string fault = gpu_fault();
    if (fault.empty()) {
      runtime.device = c10::Device(c10::kCUDA, 0);
      runtime.device_text = "cuda: 0";
      return runtime;
    }
    if (wanted == Device::cuda)
      append(runtime.notice, "The GPU cannot be used, so the processor computes (" + fault + ").");
  }
  if (has_slow_blas()) {
    append(runtime.notice,
           "Answers are slow because libtorch uses the reference BLAS library; install libopenblas0-pthread.");
  }
  return runtime;
}

}  // namespace gbrs
