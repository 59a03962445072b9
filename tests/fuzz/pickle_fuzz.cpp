// SPDX-License-Identifier: Apache-2.0
// Any bytes are refused with a reason, or are a pickle whose objects name objects and texts of the pickle.

#include <cstdlib>

#include "models/pickle.hpp"
#include "support/refused.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const auto pickle = gbrs::Pickle::read({bytes, size}, "fuzzed");
  if (!pickle) {
    const bool is_good = gbrs::test::is_refusal(pickle.error().message, "fuzzed");
    if (!is_good || pickle.error().code != gbrs::ErrorCode::damaged) std::abort();
    return 0;
  }
  if (pickle->size() > size || pickle->count() > gbrs::Pickle::kMaxObjects) std::abort();
  // reads texts, for the sanitizer
  volatile unsigned sum = 0;
  std::size_t read = 0;
  for (std::size_t i = 0; i < pickle->count(); ++i) {
    const gbrs::PickleObject& object = (*pickle)[static_cast<std::uint32_t>(i)];
    for (const std::uint32_t item : object.items)
      if (item >= pickle->count()) std::abort();
    read += object.text.size();
    if (read > 10'000'000) break;  // many may be the same
    for (const char c : object.text) sum = sum + static_cast<unsigned char>(c);
  }
  static_cast<void>(pickle->find(pickle->root(), "state_dict"));
  return 0;
}
