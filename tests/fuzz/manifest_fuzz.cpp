// SPDX-License-Identifier: Apache-2.0
// A manifest of any bytes is refused with a sentence, or is within the bounds that the engine counts on.

#include <cstdlib>
#include <string_view>

#include "models/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = gbrs::parse_manifest(text, "folder");
  if (!manifest) {
    if (manifest.error().message.empty() || manifest.error().code != gbrs::ErrorCode::damaged) std::abort();
    return 0;
  }
  const auto& input = manifest->input;
  if (input.multiple < 1 || input.long_side < 1 || input.long_side > 4097) std::abort();
  if (input.long_side % input.multiple != 1 % input.multiple) std::abort();
  const auto& refinement = manifest->refinement;
  if (refinement.top_channels < 0 || refinement.region.steps < 1 || refinement.region.steps > 1000) std::abort();
  for (const auto& [type, rate] : refinement.rates)
    if (!(rate > 0)) std::abort();
  if (manifest->info.weights_sha256.size() != 64) std::abort();
  return 0;
}
