// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "gbrs/error.hpp"

namespace gbrs {

/// A file that appears at once and complete: it is written as NAME.part beside its place, brought to the disk, and
/// renamed. What a killed program left under that name is written over; without finish() nothing remains of it. One
/// writer a file.
class PendingFile {
 public:
  explicit PendingFile(const std::filesystem::path& path);
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile();

  void write(std::span<const std::byte> bytes);
  /// Errors: io, of this or what came before; the file that was there is unchanged.
  [[nodiscard]] Expected<void> finish();

 private:
  std::string path_;
  std::string temporary_;
  int file_ = -1;
  int problem_ = 0;  ///< errno of the first failure
};

}  // namespace gbrs
