// SPDX-License-Identifier: Apache-2.0
#pragma once

// Loops over single rows of features, channels last, for what oneDNN and torch do slowly (upsampled_separable.hpp,
// fine_depthwise.hpp, prelu.hpp). The source is compiled once for each set of instructions that pays; the fastest one that this processor
// has is chosen when it is first asked for.
//
// A "padded" row has a pixel of zeros before its first and behind its last one: width + 2 pixels.

#include <cstdint>
#include <span>

namespace gbrs {

struct RowLoops {
  const char* instructions;
  std::int64_t lanes;         ///< floats of a vector
  std::int64_t channel_step;  ///< numbers of channels must be multiples of it, unless something else is said

  /// One row twice as fine, corners on corners: `width` pixels become 2 width - 1, padded. The row lies halfway
  /// between `above` and `below`, or on `above` where `below` is null.
  void (*upsample)(const float* above, const float* below, std::int64_t width, std::int64_t channels, float* padded);

  /// 3x3, one kernel a channel, [3][3][channels], on three padded rows; null: a row of zeros.
  void (*depthwise)(const float* const padded[3], const float* kernel, std::int64_t width, std::int64_t channels,
                    float* row);
  /// The same with a bias, then ReLU. `positive`: a bit for each value of the row, in order, eight a byte: whether it is
  /// above zero.
  void (*depthwise_relu)(const float* const padded[3], const float* kernel, const float* bias, std::int64_t width,
                         std::int64_t channels, float* row, std::uint8_t* positive);

  /// relu(row matrix + addend): row [width][in], matrix [in][out], result [width][out]; the addend's pixels are
  /// `addend_step` apart, 0: the same for all. `positive` as above.
  void (*product_relu)(const float* row, const float* matrix, const float* addend, std::int64_t addend_step,
                       std::int64_t width, std::int64_t in, std::int64_t out, float* result, std::uint8_t* positive);
  /// row matrix where `positive`, zero elsewhere; positive [width][out] bits.
  void (*product_where)(const float* row, const float* matrix, const std::uint8_t* positive, std::int64_t width,
                        std::int64_t in, std::int64_t out, float* result);
  /// A product with one output: row [width][in], weights [in], result [width].
  void (*dot)(const float* row, const float* weights, float addend, std::int64_t width, std::int64_t in,
              float* result);

  /// `values` where `positive`, zero elsewhere.
  void (*where)(const float* values, const std::uint8_t* positive, std::int64_t count, float* result);

  /// The adjoint of `upsample`: the fine rows above (weight 1/2), at (1) and below (1/2) a coarse one, `width` coarse
  /// pixels of them; null: a row of zeros.
  void (*gather)(const float* above, const float* at, const float* below, std::int64_t width, std::int64_t channels,
                 float* coarse);

  /// The two halves of fine_depthwise.hpp, for a number of channels that is a multiple of `lanes`.
  /// mixed[j] = sum_i kernel[i][j] sum_t weights[i][t] rows[t], for j = 0, 1, 2; kernel [3][3][channels].
  void (*mix)(const float* const* rows, const float* weights, std::int64_t count, const float* kernel,
              std::int64_t width, std::int64_t channels, float* const mixed[3]);
  /// row[x] = sum_j sum_t weights[x][j][t] mixed[j][x + t], x and x + t: pixels.
  void (*spread)(const float* const mixed[3], const float* weights, std::int64_t count, std::int64_t width,
                 std::int64_t channels, float* row);

  /// v = x scale + shift, y = v where that is positive, else v slope; any `count` of values, all arrays that long.
  void (*prelu)(const float* x, const float* scale, const float* shift, const float* slope, std::int64_t count,
                float* y);
  /// `gradient` with respect to y becomes that with respect to x.
  void (*prelu_gradient)(const float* x, const float* gradient, const float* scale, const float* shift,
                         const float* slope, std::int64_t count, float* result);
};

/// For this processor.
[[nodiscard]] const RowLoops& row_loops();
/// All that this processor can run, the fastest last.
[[nodiscard]] std::span<const RowLoops* const> all_row_loops();

}  // namespace gbrs
