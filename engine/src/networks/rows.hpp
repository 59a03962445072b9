// SPDX-License-Identifier: Apache-2.0
#pragma once

// Memory of features as rows, channels last: what row_loops.hpp works on.

#include <ATen/ops/empty.h>

#include <cstdint>

#include "layers/tensor.hpp"

namespace gbrs {

[[nodiscard]] inline Tensor channels_last(const Tensor& x) { return x.contiguous(at::MemoryFormat::ChannelsLast); }

/// [1,channels,height,width], channels last.
[[nodiscard]] inline Tensor empty_image(std::int64_t channels, std::int64_t height, std::int64_t width) {
  return at::empty({1, channels, height, width},
                   at::TensorOptions().dtype(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast));
}

/// The rows behind a tensor [1,C,h,w], channels last.
struct Image {
  explicit Image(const Tensor& image)
      : values(image.data_ptr<float>()), channels(image.size(1)), height(image.size(2)), width(image.size(3)) {}
  [[nodiscard]] float* operator[](std::int64_t row) const { return values + row * width * channels; }
  [[nodiscard]] std::int64_t row_length() const { return width * channels; }

  float* values;
  std::int64_t channels, height, width;
};

/// Memory for a row of floats.
class Row {
 public:
  explicit Row(std::int64_t length) : values_(at::empty({length}, at::kFloat)) {}
  float* get() { return values_.data_ptr<float>(); }

 private:
  Tensor values_;
};

/// Rows by number, of which the last `count` are kept.
class RowRing {
 public:
  RowRing(std::int64_t count, std::int64_t length) : count_(count), length_(length), rows_(count * length) {}
  float* operator[](std::int64_t row) { return rows_.get() + (row % count_) * length_; }

 private:
  std::int64_t count_, length_;
  Row rows_;
};

}  // namespace gbrs
