// SPDX-License-Identifier: Apache-2.0
#include "models/zip_archive.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "models/refusal.hpp"

namespace gbrs {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryEntry = 0x02014b50;
constexpr std::uint32_t kEndOfDirectory = 0x06054b50;
constexpr std::size_t kLocalHeaderBytes = 30;
constexpr std::size_t kDirectoryEntryBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kMaxCommentBytes = 65535;
constexpr std::size_t kMaxNameBytes = 1000;  // names stand in messages
constexpr std::uint16_t kEncrypted = 1;

/// `count` bytes at `at`, little endian; the caller has checked that they are there.
std::uint32_t number(Bytes bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}
std::uint16_t half(Bytes bytes, std::size_t at) { return static_cast<std::uint16_t>(number(bytes, at, 2)); }
std::uint32_t word(Bytes bytes, std::size_t at) { return number(bytes, at, 4); }

bool fits(Bytes bytes, std::size_t at, std::size_t count) { return at <= bytes.size() && count <= bytes.size() - at; }

struct Directory {
  std::size_t entries = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The record at the end, behind which there may be a comment.
std::optional<Directory> find_directory(Bytes bytes) {
  if (bytes.size() < kEndBytes) return std::nullopt;
  const std::size_t last = bytes.size() - kEndBytes;
  const std::size_t first = last - std::min(last, kMaxCommentBytes);
  for (std::size_t at = last + 1; at-- > first;) {
    if (word(bytes, at) != kEndOfDirectory || at + kEndBytes + half(bytes, at + 20) != bytes.size()) continue;
    const Directory found{half(bytes, at + 10), word(bytes, at + 16),
                          std::size_t{word(bytes, at + 16)} + word(bytes, at + 12)};
    if (found.end > at) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

std::unexpected<Error> damaged_archive(std::string_view name, std::string_view cause) {
  return refusal(ErrorCode::damaged, name, "a complete archive of a PyTorch checkpoint", cause);
}

}  // namespace

bool ZipArchive::looks_like_zip(Bytes bytes) { return fits(bytes, 0, 4) && word(bytes, 0) == kLocalHeader; }

Expected<ZipArchive> ZipArchive::open(Bytes bytes, std::string_view name) {
  const auto damaged = [&](std::string_view cause) { return damaged_archive(name, cause); };
  const auto directory = find_directory(bytes);
  if (!directory) return damaged("it has no directory at its end, so it may be cut");
  ZipArchive archive;
  std::size_t at = directory->begin;
  for (std::size_t i = 0; i < directory->entries; ++i) {
    if (at + kDirectoryEntryBytes > directory->end || word(bytes, at) != kDirectoryEntry) {
      return damaged("its directory is damaged");
    }
    const std::size_t name_bytes = half(bytes, at + 28);
    const std::size_t rest = std::size_t{half(bytes, at + 30)} + half(bytes, at + 32);
    if (name_bytes > kMaxNameBytes || at + kDirectoryEntryBytes + name_bytes + rest > directory->end) {
      return damaged("its directory is damaged");
    }
    const std::string entry(reinterpret_cast<const char*>(bytes.data()) + at + kDirectoryEntryBytes, name_bytes);
    const std::size_t size = word(bytes, at + 24);
    if (half(bytes, at + 10) != 0 || word(bytes, at + 20) != size || (half(bytes, at + 8) & kEncrypted) != 0) {
      return refusal(ErrorCode::unsupported, name, "an archive as PyTorch writes it",
                     "its entry " + in_quotes(entry) + " is compressed or encrypted");
    }
    const std::size_t local = word(bytes, at + 42);
    if (!fits(bytes, local, kLocalHeaderBytes) || word(bytes, local) != kLocalHeader) {
      return damaged("its entry " + in_quotes(entry) + " has no header");
    }
    const std::size_t begin = local + kLocalHeaderBytes + half(bytes, local + 26) + half(bytes, local + 28);
    if (begin > directory->begin || size > directory->begin - begin) {
      return damaged("its entry " + in_quotes(entry) + " reaches beyond the file");
    }
    if (!archive.entries_.emplace(entry, bytes.subspan(begin, size)).second) {
      return damaged("its entry " + in_quotes(entry) + " is there twice");
    }
    at += kDirectoryEntryBytes + name_bytes + rest;
  }
  return archive;
}

}  // namespace gbrs
