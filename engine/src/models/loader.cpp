// SPDX-License-Identifier: Apache-2.0
#include "models/loader.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <format>
#include <mutex>
#include <thread>

#include "gbrs/version.hpp"

namespace gbrs {
namespace {

constexpr const char* kFileName = "libgbrs-torch.so";

std::vector<std::filesystem::path> candidates() {
  if (const char* path = std::getenv("GBRS_BACKEND"); path != nullptr && *path == '/') return {path};
  const auto beside = library_folder();
  return {beside / kFileName, beside / "gbrs" / kFileName, std::filesystem::path(GBRS_BACKEND_DIR) / kFileName};
}

struct OpenedBackend {
  void* library = nullptr;
  const Backend* backend = nullptr;
};

Expected<OpenedBackend> open_backend() {
  std::string tried;
  for (const auto& path : candidates()) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      tried += path.string() + ": no such file\n";
      continue;
    }
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    const auto function =
        library != nullptr ? reinterpret_cast<BackendFunction>(dlsym(library, "gbrs_backend")) : nullptr;
    if (function == nullptr) {
      const char* reason = dlerror();
      tried += path.string() + ": " + (reason != nullptr ? reason : "no function gbrs_backend") + "\n";
      continue;
    }
    const Backend* backend = function();
    if (std::string_view(backend->version) != GBRS_VERSION)
      return failure(
          ErrorCode::unavailable,
          std::format("The computing library {} is of version {}, but version {} is needed: install both anew.",
                      path.string(), backend->version, GBRS_VERSION));
    if (backend->border_size != kBorderSize)
      return failure(
          ErrorCode::unavailable,
          std::format("The computing library {} is older than the program: install both anew.", path.string()));
    return OpenedBackend{library, backend};
  }
  return failure(ErrorCode::unavailable,
                 std::format("The computing library {} or libtorch could not be loaded: install gbrs anew.", kFileName),
                 tried);
}

/// Opened once for the process; tried again as long as it fails.
Expected<OpenedBackend> opened_backend() {
  static std::mutex mutex;
  static OpenedBackend opened;
  const std::lock_guard lock(mutex);
  if (opened.backend != nullptr) return opened;
  auto result = open_backend();
  if (result) opened = *result;
  return result;
}

}  // namespace

void prepare_environment() {
  // OpenBLAS makes its threads when it is loaded and does not listen to torch's number of threads later.
  setenv("OPENBLAS_NUM_THREADS", std::to_string(std::max(1U, std::thread::hardware_concurrency())).c_str(), 0);
  // OpenMP's threads spin while they wait for each other: with other work on the processors a click of 50 ms
  // took 300 to 1600 ms (2 threads on 2 cores at load 4).
  setenv("OMP_WAIT_POLICY", "passive", 0);
}

std::filesystem::path library_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&library_folder), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code error;
  const auto path = std::filesystem::canonical(info.dli_fname, error);
  return error ? std::filesystem::path{} : path.parent_path();
}

Expected<const Backend*> load_backend() {
  const auto opened = opened_backend();
  if (!opened) return std::unexpected(opened.error());
  return opened->backend;
}

Expected<void*> backend_symbol(const char* name) {
  const auto opened = opened_backend();
  if (!opened) return std::unexpected(opened.error());
  if (void* symbol = dlsym(opened->library, name)) return symbol;
  return failure(ErrorCode::unavailable, "The computing library is incomplete: install gbrs anew.", dlerror());
}

}  // namespace gbrs
