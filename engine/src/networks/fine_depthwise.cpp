// SPDX-License-Identifier: Apache-2.0
#include "networks/fine_depthwise.hpp"

#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <vector>

#include "networks/input_gradient.hpp"
#include "networks/row_loops.hpp"
#include "networks/row_threads.hpp"
#include "networks/rows.hpp"

namespace gbrs {
namespace {

constexpr std::int64_t kTaps = 3;

/// The matrices of one direction, A_0 to A_2, of which only a band about the diagonal is not zero.
class Bands {
 public:
  /// `size` coarse and `fine` fine places.
  static Bands stretching(std::int64_t size, std::int64_t fine) {
    std::vector<Entry> entries;
    for (std::int64_t row = 0; row < size; ++row) {
      const std::int64_t begin = row * fine / size, end = ((row + 1) * fine + size - 1) / size;
      for (std::int64_t place = begin; place < end; ++place)
        for (std::int64_t tap = 0; tap < kTaps; ++tap)
          interpolate(place + tap - kTaps / 2, size, fine, [&](std::int64_t column, float weight) {
            entries.push_back({tap, row, column, weight / static_cast<float>(end - begin)});
          });
    }
    return {size, std::move(entries)};
  }

  [[nodiscard]] Bands turned() const {
    std::vector<Entry> entries = entries_;
    for (Entry& entry : entries) std::swap(entry.row, entry.column);
    return {size_, std::move(entries)};
  }

  /// Row r has values in columns r + first() to r + first() + count() - 1.
  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t count() const { return count_; }
  /// [3][count] of a row.
  [[nodiscard]] const float* row(std::int64_t row) const { return weights_.data() + row * kTaps * count_; }

 private:
  struct Entry {
    std::int64_t tap, row, column;
    float weight;
  };

  Bands(std::int64_t size, std::vector<Entry> entries) : size_(size), entries_(std::move(entries)) {
    const auto [least, most] = std::ranges::minmax(entries_, {}, [](const Entry& e) { return e.column - e.row; });
    first_ = least.column - least.row;
    count_ = most.column - most.row - first_ + 1;
    weights_.resize(static_cast<std::size_t>(size * kTaps * count_));
    for (const Entry& e : entries_)
      weights_[static_cast<std::size_t>((e.row * kTaps + e.tap) * count_ + e.column - e.row - first_)] += e.weight;
  }

  template <class Add>
  static void interpolate(std::int64_t place, std::int64_t size, std::int64_t fine, Add add) {
    if (place < 0 || place >= fine) return;  // the convolution's padding
    // in floats, as torch does
    const float step = fine > 1 ? static_cast<float>(size - 1) / static_cast<float>(fine - 1) : 0.0F;
    const float at = step * static_cast<float>(place);
    const std::int64_t before = std::min(static_cast<std::int64_t>(at), size - 1);
    const float share = std::clamp(at - static_cast<float>(before), 0.0F, 1.0F);
    add(before, 1 - share);
    if (share > 0 && before + 1 < size) add(before + 1, share);
  }

  std::int64_t size_, first_ = 0, count_ = 0;
  std::vector<Entry> entries_;
  std::vector<float> weights_;
};

struct Sandwich {
  Bands down, across;
  std::vector<float> kernel;  ///< [3][3][channels, filled up to whole vectors]

  [[nodiscard]] Tensor operator()(const Tensor& x) const;
  [[nodiscard]] Sandwich turned() const { return {down.turned(), across.turned(), kernel}; }

 private:
  void rows(const Image& x, const Image& y, std::int64_t begin, std::int64_t end) const;
};

std::int64_t whole_vectors(std::int64_t channels) {
  const std::int64_t lanes = row_loops().lanes;
  return (channels + lanes - 1) / lanes * lanes;
}

std::vector<float> filled_up(const Tensor& weight) {
  const std::int64_t channels = weight.size(0), padded = whole_vectors(channels);
  const Tensor taps = weight.flatten(1).t().contiguous();  // [9,C]
  std::vector<float> kernel(static_cast<std::size_t>(kTaps * kTaps * padded));
  for (std::int64_t i = 0; i < kTaps * kTaps; ++i)
    std::copy_n(taps.data_ptr<float>() + i * channels, channels, kernel.begin() + i * padded);
  return kernel;
}

/// Rows begin to end of y.
void Sandwich::rows(const Image& x, const Image& y, std::int64_t begin, std::int64_t end) const {
  const RowLoops& loops = row_loops();
  const std::int64_t channels = whole_vectors(x.channels), width = x.width, length = width * channels;
  const std::int64_t left = std::max<std::int64_t>(0, -across.first());
  const std::int64_t right = std::max<std::int64_t>(0, across.first() + across.count() - 1);
  const Tensor mixed = at::zeros({kTaps, (left + width + right) * channels}, at::kFloat);
  std::array<float*, kTaps> mixed_rows{};
  std::array<const float*, kTaps> mixed_reads{};
  for (std::size_t i = 0; i < kTaps; ++i) {
    mixed_rows[i] = mixed.data_ptr<float>() + static_cast<std::int64_t>(i) * mixed.size(1) + left * channels;
    mixed_reads[i] = mixed_rows[i] + across.first() * channels;
  }
  const std::int64_t count = down.count();
  Row zeros(length), result(length);
  std::fill_n(zeros.get(), length, 0.0F);
  RowRing kept(count, length);  // the rows that the band reaches
  std::vector<const float*> reached(static_cast<std::size_t>(count));
  std::int64_t next = std::max<std::int64_t>(0, begin + down.first());  // to be read
  for (std::int64_t row = begin; row < end; ++row) {
    for (; next < std::min(x.height, row + down.first() + count); ++next)
      for (std::int64_t at = 0; at < width; ++at) {
        float* const filling = std::copy_n(x[next] + at * x.channels, x.channels, kept[next] + at * channels);
        std::fill_n(filling, channels - x.channels, 0.0F);
      }
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t from = row + down.first() + i;
      reached[static_cast<std::size_t>(i)] = from >= 0 && from < x.height ? kept[from] : zeros.get();
    }
    loops.mix(reached.data(), down.row(row), count, kernel.data(), width, channels, mixed_rows.data());
    loops.spread(mixed_reads.data(), across.row(0), across.count(), width, channels, result.get());
    for (std::int64_t at = 0; at < width; ++at)
      std::copy_n(result.get() + at * channels, x.channels, y[row] + at * x.channels);
  }
}

Tensor Sandwich::operator()(const Tensor& x) const {
  constexpr std::int64_t kLeast = 32;
  const Tensor values = channels_last(x);
  const Tensor result = empty_image(x.size(1), x.size(2), x.size(3));
  for_row_parts(x.size(2), kLeast, [&](std::int64_t begin, std::int64_t end) {
    rows(Image(values), Image(result), begin, end);
  });
  count_multiply_adds(x.numel() * kTaps * (down.count() + kTaps + across.count()));
  return result;
}

}  // namespace

Tensor fine_depthwise(const Convolution& depthwise, const Tensor& x, std::int64_t height, std::int64_t width) {
  const bool fits = x.is_cpu() && x.scalar_type() == at::kFloat && x.size(0) == 1 && !depthwise.weight.requires_grad();
  if (!fits) return at::adaptive_avg_pool2d(depthwise(upsample(x, height, width)), {x.size(2), x.size(3)});
  const Sandwich sandwich{.down = Bands::stretching(x.size(2), height),
                          .across = Bands::stretching(x.size(3), width),
                          .kernel = filled_up(depthwise.weight)};
  const Tensor y = sandwich(x.detach());
  if (wants_gradient(x)) set_input_gradient(y, x, sandwich.turned());
  return y;
}

}  // namespace gbrs
