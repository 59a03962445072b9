// SPDX-License-Identifier: Apache-2.0
#pragma once

// libvips with owners and our errors; only for the files that read and write images.

#include <vips/vips.h>

#include <cstddef>
#include <memory>
#include <string>

#include "gbrs/error.hpp"

namespace gbrs::cli {

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

struct Free {
  void operator()(void* memory) const { g_free(memory); }
};
using Bytes = std::unique_ptr<void, Free>;

/// The words of libvips for the last failure, one line.
std::string vips_words();

/// The error for a file that libvips could not read.
std::unexpected<Error> damaged(const std::string& path);

/// Applies a libvips operation of the form operation(in, &out, ..., NULL); null on failure.
template <class Operation, class... Arguments>
Image apply(Operation operation, const Image& in, Arguments... arguments) {
  VipsImage* out = nullptr;
  return Image(operation(in.get(), &out, arguments..., nullptr) == 0 ? out : nullptr);
}

/// Opens a file (its header is read, its pixels later) and turns the image as its EXIF orientation says.
/// Errors: not_found, damaged, invalid_argument (a folder, too large), out_of_memory.
Expected<Image> open_image(const std::string& path);

struct Encoded {
  Bytes bytes;
  std::size_t size = 0;
};

enum class SampleType { u8, u16, f32 };

/// The file of interleaved values with 1, 3 or 4 channels; `suffix` (".png") says the format. Errors: io.
Expected<Encoded> encode(const void* values, int width, int height, int channels, SampleType type,
                         const std::string& suffix);

}  // namespace gbrs::cli
