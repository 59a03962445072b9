// SPDX-License-Identifier: Apache-2.0
// A file of any bytes is refused with a reason, or the values of its tensors all lie in it.

#include <cstdlib>

#include "models/tensor_file.hpp"
#include "support/refused.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const auto file = gbrs::TensorFile::parse({bytes, bytes + size}, "fuzzed");
  if (!file) {
    if (!gbrs::test::is_refusal(file.error().message, "fuzzed")) std::abort();
    return 0;
  }
  std::size_t read = 0;
  for (const auto& tensor : file->tensors()) {
    std::size_t count = 1;
    for (const auto length : tensor.shape) count *= static_cast<std::size_t>(length);
    if (count * gbrs::size_of(tensor.type) > size) std::abort();
    read += count;
    if (read > 10'000'000) break;  // tensors may share their storage
    // reads them, for the sanitizer
    volatile double sum = 0;
    sum = sum + file->sum(tensor);
  }
  return 0;
}
