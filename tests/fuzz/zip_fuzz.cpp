// SPDX-License-Identifier: Apache-2.0
// Any bytes are refused with a reason, or are an archive whose entries lie in them.

#include <cstdlib>

#include "models/zip_archive.hpp"
#include "support/refused.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const auto archive = gbrs::ZipArchive::open({bytes, size}, "fuzzed");
  if (!archive) {
    const auto code = archive.error().code;
    if (!gbrs::test::is_refusal(archive.error().message, "fuzzed") ||
        (code != gbrs::ErrorCode::damaged && code != gbrs::ErrorCode::unsupported))
      std::abort();
    return 0;
  }
  for (const auto& [name, entry] : archive->entries())
    if (entry.size() > size || entry.data() < bytes || entry.data() + entry.size() > bytes + size) std::abort();
  return 0;
}
