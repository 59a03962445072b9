// SPDX-License-Identifier: Apache-2.0
#include "exr_file.hpp"

#include <ImfChannelList.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfIO.h>
#include <ImfInputFile.h>
#include <ImfOutputFile.h>

#include <exception>
#include <filesystem>
#include <format>
#include <new>
#include <optional>
#include <utility>

#include "gbrs/session.hpp"

namespace gbrs::cli {
namespace {

constexpr const char* kDepth = "Z";
constexpr const char* kBrightness = "Y";

/// A file in memory, so that a failure leaves nothing half-written.
class Memory final : public Imf::OStream {
 public:
  Memory() : OStream("a depth map") {}
  void write(const char bytes[], int count) override {
    const auto size = static_cast<std::size_t>(count);
    if (place_ + size > bytes_.size()) bytes_.resize(place_ + size);
    bytes_.replace(place_, size, bytes, size);
    place_ += size;
  }
  uint64_t tellp() override { return place_; }
  void seekp(uint64_t place) override { place_ = place; }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  std::size_t place_ = 0;
};

/// The name of the channel that has depths; none: nobody can say.
std::optional<std::string> depth_channel(const Imf::ChannelList& channels) {
  for (const char* const name : {kDepth, kBrightness})
    if (channels.findChannel(name) != nullptr) return name;
  if (channels.begin() == channels.end() || ++channels.begin() != channels.end()) return std::nullopt;
  return channels.begin().name();
}

bool holds(const Imath::Box2i& outer, const Imath::Box2i& inner) {
  return outer.min.x <= inner.min.x && outer.min.y <= inner.min.y && outer.max.x >= inner.max.x &&
         outer.max.y >= inner.max.y;
}

/// Width and height. Errors: those of check_picture_size.
Expected<std::pair<int, int>> size_of(const Imath::Box2i& window) {
  const long long width = static_cast<long long>(window.max.x) - window.min.x + 1;
  const long long height = static_cast<long long>(window.max.y) - window.min.y + 1;
  if (width > kMaxImagePixels || height > kMaxImagePixels)
    return failure(ErrorCode::invalid_argument, "The depth map has too many pixels.");
  const std::pair size(static_cast<int>(width), static_cast<int>(height));
  if (auto checked = check_picture_size(size.first, size.second); !checked) return std::unexpected(checked.error());
  return size;
}

Map part_of(const Map& map, int x, int y, int width, int height) {
  Map part{width, height, {}};
  for (int row = y; row < y + height; ++row) {
    const auto first = map.values.begin() + static_cast<std::ptrdiff_t>(row) * map.width + x;
    part.values.insert(part.values.end(), first, first + width);
  }
  return part;
}

Expected<Map> read(const std::string& path) {
  Imf::InputFile file(path.c_str());
  const Imath::Box2i& data = file.header().dataWindow();
  const Imath::Box2i& shown = file.header().displayWindow();
  const auto size = size_of(data);
  if (!size) return std::unexpected(size.error());
  const auto channel = depth_channel(file.header().channels());
  if (!channel)
    return failure(ErrorCode::invalid_argument,
                   std::format("The depth map {} has several channels, none of them named Z or Y.", path));
  const Imf::Channel& kind = file.header().channels()[*channel];
  if (kind.xSampling != 1 || kind.ySampling != 1 || !holds(data, shown))
    return failure(ErrorCode::invalid_argument,
                   std::format("The depth map {} does not have a value for each pixel of its picture.", path));
  Map map{size->first, size->second,
          std::vector<float>(static_cast<std::size_t>(size->first) * static_cast<std::size_t>(size->second))};
  Imf::FrameBuffer buffer;
  buffer.insert(*channel, Imf::Slice::Make(Imf::FLOAT, map.values.data(), data));
  file.setFrameBuffer(buffer);
  file.readPixels(data.min.y, data.max.y);
  if (data == shown) return map;
  return part_of(map, shown.min.x - data.min.x, shown.min.y - data.min.y, shown.max.x - shown.min.x + 1,
                 shown.max.y - shown.min.y + 1);
}

}  // namespace

Expected<std::string> encode_exr(const Map& depth) {
  try {
    Imf::Header header(depth.width, depth.height);
    header.compression() = Imf::ZIP_COMPRESSION;
    header.channels().insert(kDepth, Imf::Channel(Imf::FLOAT));
    Memory memory;
    {
      Imf::OutputFile file(memory, header);
      Imf::FrameBuffer buffer;
      buffer.insert(kDepth, Imf::Slice::Make(Imf::FLOAT, depth.values.data(), header.dataWindow()));
      file.setFrameBuffer(buffer);
      file.writePixels(depth.height);
    }
    return memory.take();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return failure(ErrorCode::io, "The depth map cannot be encoded.", error.what());
  }
}

Expected<Map> read_exr(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return failure(ErrorCode::not_found, std::format("There is no file {}.", path));
  try {
    return read(path);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return failure(ErrorCode::damaged,
                   std::format("The file {} is not an OpenEXR image that can be read, or it is cut.", path),
                   error.what());
  }
}

}  // namespace gbrs::cli
