// SPDX-License-Identifier: Apache-2.0
#include "models/pending_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace gbrs {

PendingFile::PendingFile(const std::filesystem::path& path) : path_(path.string()), temporary_(path_ + ".part") {
  file_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  problem_ = file_ < 0 ? errno : 0;
}

PendingFile::~PendingFile() {
  if (file_ < 0) return;
  close(file_);
  unlink(temporary_.c_str());
}

void PendingFile::write(std::span<const std::byte> bytes) {
  while (problem_ == 0 && !bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) problem_ = errno;
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

Expected<void> PendingFile::finish() {
  if (problem_ == 0 && fsync(file_) != 0) problem_ = errno;
  if (problem_ == 0 && rename(temporary_.c_str(), path_.c_str()) != 0) problem_ = errno;
  if (problem_ != 0)
    return failure(ErrorCode::io, "The file " + path_ + " cannot be written: " + std::strerror(problem_) + ".");
  close(file_);
  file_ = -1;
  return {};
}

}  // namespace gbrs
