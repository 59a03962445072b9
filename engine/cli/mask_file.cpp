// SPDX-License-Identifier: Apache-2.0
#include "mask_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <format>
#include <memory>
#include <span>

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> cannot_write(const std::string& path, const std::string& why) {
  return failure(ErrorCode::io, std::format("The mask cannot be written to {}: {}.", path, why));
}

std::string lower_extension(const std::string& path) {
  std::string extension = fs::path(path).extension().string();
  for (char& c : extension) c = static_cast<char>(g_ascii_tolower(c));
  return extension;
}

template <class Value, Value (*quantise)(float)>
std::vector<Value> quantised(const Map& map) {
  std::vector<Value> values(map.values.size());
  std::ranges::transform(map.values, values.begin(), quantise);
  return values;
}

struct Encoded {
  std::unique_ptr<void, void (*)(void*)> bytes{nullptr, g_free};
  std::size_t size = 0;
};

template <class Value>
Expected<Encoded> encode(const std::vector<Value>& values, const Map& map, const std::string& suffix) {
  constexpr bool is_wide = sizeof(Value) == 2;
  VipsImage* image = vips_image_new_from_memory(values.data(), values.size() * sizeof(Value), map.width, map.height, 1,
                                                is_wide ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR);
  if (image != nullptr) image->Type = is_wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
  void* bytes = nullptr;
  Encoded encoded;
  const bool is_written =
      image != nullptr && vips_image_write_to_buffer(image, suffix.c_str(), &bytes, &encoded.size, nullptr) == 0;
  if (image != nullptr) g_object_unref(image);
  if (!is_written) {
    std::string words = vips_error_buffer();
    vips_error_clear();
    return failure(ErrorCode::io, "The mask cannot be encoded.", std::move(words));
  }
  encoded.bytes.reset(bytes);
  return encoded;
}

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

Expected<void> write_atomically(const std::string& name, std::span<const char> bytes) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(name, error);  // a link stays, what it points to is written
  const std::string path = error ? name : target.string();
  std::string temporary = path + ".XXXXXX";
  const int file = mkstemp(temporary.data());
  if (file < 0) return cannot_write(path, std::strerror(errno));
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(file, 0666 & ~mask);  // mkstemp's files are private, a mask is an ordinary file
  int problem = write_all(file, bytes);
  if (close(file) != 0 && problem == 0) problem = errno;
  if (problem == 0 && rename(temporary.c_str(), path.c_str()) != 0) problem = errno;
  if (problem == 0) return {};
  unlink(temporary.c_str());
  return cannot_write(path, std::strerror(problem));
}

}  // namespace

Expected<MaskFormat> plan_mask(const std::string& path, std::optional<int> depth, bool may_overwrite) {
  const std::string extension = lower_extension(path);
  const bool may_be_wide = extension == ".png" || extension == ".tif" || extension == ".tiff";
  if (!may_be_wide && extension != ".jpg" && extension != ".jpeg" && extension != ".webp")
    return failure(ErrorCode::invalid_argument,
                   std::format("The mask {} needs one of the extensions .png, .tif, .tiff, .jpg, .jpeg, .webp.", path));
  if (depth == 16 && !may_be_wide)
    return failure(ErrorCode::invalid_argument,
                   std::format("A file {} holds 8 bits only: choose .png or .tif for 16.", extension));
  std::error_code error;
  if (fs::is_directory(path, error)) return cannot_write(path, "it is a folder");
  if (fs::exists(path, error) && !may_overwrite) return cannot_write(path, "it exists already, --force overwrites it");
  if (fs::exists(path, error) && access(path.c_str(), W_OK) != 0) return cannot_write(path, std::strerror(errno));
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  if (!fs::is_directory(folder, error)) return cannot_write(path, std::format("there is no folder {}", folder.string()));
  if (access(folder.c_str(), W_OK) != 0) return cannot_write(path, std::strerror(errno));
  return MaskFormat{.path = path, .depth = depth.value_or(may_be_wide ? 16 : 8)};
}

Expected<void> write_mask(const Map& map, const MaskFormat& format) {
  const std::string suffix = lower_extension(format.path);
  auto encoded = format.depth == 16 ? encode(quantised<std::uint16_t, to_u16>(map), map, suffix)
                                    : encode(quantised<std::uint8_t, to_u8>(map), map, suffix);
  if (!encoded) return std::unexpected(encoded.error());
  return write_atomically(format.path, {static_cast<const char*>(encoded->bytes.get()), encoded->size});
}

}  // namespace gbrs::cli
