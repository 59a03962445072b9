// SPDX-License-Identifier: Apache-2.0
#include "whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <format>
#include <fstream>
#include <iterator>

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

/// Writes and syncs; the errno of a failure, 0 otherwise.
int write_all(int file, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return fsync(file) == 0 ? 0 : errno;
}

}  // namespace

std::unexpected<Error> cannot_write(std::string_view what, const std::string& path, const std::string& why) {
  return failure(ErrorCode::io, std::format("The {} cannot be written to {}: {}.", what, path, why));
}

std::string lower_extension(const std::string& path) {
  std::string extension = fs::path(path).extension().string();
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return extension;
}

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code ignored;
  return fs::weakly_canonical(one, ignored) == fs::weakly_canonical(other, ignored);
}

Expected<void> check_output(std::string_view what, const std::string& path, bool may_overwrite) {
  std::error_code error;
  if (fs::is_directory(path, error)) return cannot_write(what, path, "it is a folder");
  if (fs::exists(path, error) && !may_overwrite)
    return cannot_write(what, path, "it exists already, --force overwrites it");
  if (fs::exists(path, error) && access(path.c_str(), W_OK) != 0)
    return cannot_write(what, path, std::strerror(errno));
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  if (!fs::is_directory(folder, error))
    return cannot_write(what, path, std::format("there is no folder {}", folder.string()));
  if (access(folder.c_str(), W_OK) != 0) return cannot_write(what, path, std::strerror(errno));
  return {};
}

Expected<void> write_file(std::string_view what, const std::string& name, std::span<const char> bytes) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(name, error);
  const std::string path = error ? name : target.string();
  std::string temporary = path + ".XXXXXX";
  const int file = mkstemp(temporary.data());
  if (file < 0) return cannot_write(what, path, std::strerror(errno));
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(file, 0666 & ~mask);  // mkstemp's files are private, this is an ordinary one
  int problem = write_all(file, bytes);
  if (close(file) != 0 && problem == 0) problem = errno;
  if (problem == 0 && rename(temporary.c_str(), path.c_str()) != 0) problem = errno;
  if (problem == 0) return {};
  unlink(temporary.c_str());
  return cannot_write(what, path, std::strerror(problem));
}

Expected<std::string> read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return failure(ErrorCode::not_found, std::format("There is no file {}, or it cannot be read.", path));
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (stream.bad()) return failure(ErrorCode::io, std::format("The file {} cannot be read.", path));
  return text;
}

}  // namespace gbrs::cli
