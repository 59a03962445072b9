// SPDX-License-Identifier: Apache-2.0
// A file of any bytes is refused with a reason, or its tensors share its data out among them without gap or overlap.

#include <cstdlib>

#include "models/safetensors.hpp"
#include "support/refused.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const auto file = gbrs::Safetensors::parse({bytes, bytes + size}, "fuzzed");
  if (!file) {
    const bool is_good = gbrs::test::is_refusal(file.error().message, "fuzzed");
    if (!is_good || file.error().code != gbrs::ErrorCode::damaged) std::abort();
    return 0;
  }
  std::size_t shared = 0;
  for (const gbrs::TensorEntry& entry : file->entries()) {
    const auto values = file->data(entry);
    std::size_t count = 1;
    for (const auto length : entry.shape) count *= static_cast<std::size_t>(length);
    if (values.size() != count * gbrs::size_of(entry.type) || entry.begin != shared) std::abort();
    shared += values.size();
    // reads them, for the sanitizer
    volatile unsigned sum = 0;
    for (const std::byte value : values) sum = sum + std::to_integer<unsigned>(value);
  }
  if (8 + shared > size) std::abort();
  return 0;
}
