// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reader of ZIP archives of any origin as PyTorch writes them: stored, not compressed, below 4 GB. An entry is a view
// of the archive's own bytes, so that no archive can take more memory than it has.
// Source: PKWARE's APPNOTE.TXT, sections 4.3 to 4.5.

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "gbrs/error.hpp"

namespace gbrs {

class ZipArchive {
 public:
  static bool looks_like_zip(std::span<const std::byte> bytes);

  /// The bytes must outlive the archive. Errors: damaged, unsupported (compressed or encrypted entries); the sentence
  /// says what is wrong, with `name` for the file.
  static Expected<ZipArchive> open(std::span<const std::byte> bytes, std::string_view name);

  /// By their names in the archive, which are never taken for places on a disk.
  [[nodiscard]] const std::map<std::string, std::span<const std::byte>, std::less<>>& entries() const {
    return entries_;
  }

 private:
  std::map<std::string, std::span<const std::byte>, std::less<>> entries_;
};

}  // namespace gbrs
