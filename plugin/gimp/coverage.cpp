// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/coverage.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <concepts>
#include <limits>
#include <span>

namespace gbrs::plugin {
namespace {

template <class Sample>
Sample quantise(float coverage) {
  if constexpr (std::same_as<Sample, std::uint8_t>) {
    return to_u8(coverage);
  } else if constexpr (std::same_as<Sample, std::uint16_t>) {
    return to_u16(coverage);
  } else if constexpr (std::same_as<Sample, std::uint32_t>) {
    constexpr double kMost = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp(static_cast<double>(coverage), 0.0, 1.0) * kMost + 0.5);
  } else {
    return std::clamp(coverage, 0.0F, 1.0F);
  }
}

template <class Sample>
constexpr Sample full() {
  if constexpr (std::floating_point<Sample>) {
    return Sample{1};
  } else {
    return std::numeric_limits<Sample>::max();
  }
}

template <class Sample>
void combine_samples(std::span<Sample> answer, std::span<const Sample> existing, Operation operation) {
  const auto merge = [&](auto rule) {
    std::transform(existing.begin(), existing.end(), answer.begin(), answer.begin(), rule);
  };
  switch (operation) {
    case Operation::replace:
      break;
    case Operation::add:
      merge([](Sample a, Sample b) { return std::max(a, b); });
      break;
    case Operation::subtract:
      merge([](Sample a, Sample b) { return std::min(a, static_cast<Sample>(full<Sample>() - b)); });
      break;
    case Operation::intersect:
      merge([](Sample a, Sample b) { return std::min(a, b); });
      break;
  }
}

/// Quantises a band whose first row is `first_row` of the coverage.
void store(const Map& band, int first_row, Coverage& coverage) {
  std::visit(
      [&]<class Sample>(std::vector<Sample>& values) {
        const auto start = static_cast<std::ptrdiff_t>(first_row) * coverage.width;
        std::transform(band.values.begin(), band.values.end(), values.begin() + start, quantise<Sample>);
      },
      coverage.samples);
}

Expected<Coverage> render_bands(const Answer& answer, Depth depth, int least_rows, const std::stop_token& stop,
                                const std::function<void(double)>& progress,
                                const std::function<Expected<Map>(Rectangle)>& render) {
  Coverage result = Coverage::empty(answer.image_width(), answer.image_height(), depth);
  const auto done = for_each_band(answer, least_rows, stop, progress, render,
                                  [&](const Map& band, int first_row) { store(band, first_row, result); });
  if (!done) return std::unexpected(done.error());
  return result;
}

}  // namespace

Coverage Coverage::empty(int width, int height, Depth depth) {
  Coverage result{width, height, {}};
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  switch (depth) {
    case Depth::u8:
      result.samples = std::vector<std::uint8_t>(count);
      break;
    case Depth::u16:
      result.samples = std::vector<std::uint16_t>(count);
      break;
    case Depth::u32:
      result.samples = std::vector<std::uint32_t>(count);
      break;
    case Depth::f32:
      result.samples = std::vector<float>(count);
      break;
  }
  return result;
}

const void* Coverage::data() const {
  return std::visit([](const auto& values) { return static_cast<const void*>(values.data()); }, samples);
}

void* Coverage::data() {
  return std::visit([](auto& values) { return static_cast<void*>(values.data()); }, samples);
}

Expected<void> for_each_band(const Answer& answer, int least_rows, const std::stop_token& stop,
                             const std::function<void(double)>& progress,
                             const std::function<Expected<Map>(Rectangle)>& render,
                             const std::function<void(const Map&, int first_row)>& take) {
  const int width = answer.image_width();
  const int height = answer.image_height();
  const int rows = std::max(band_rows(width), least_rows);
  for (int y = 0; y < height; y += rows) {
    if (stop.stop_requested()) return failure(ErrorCode::invalid_argument, "Stopped.");
    const int count = std::min(rows, height - y);
    const Expected<Map> band = render(Rectangle{0, y, width, count});
    if (!band) return std::unexpected(band.error());
    take(*band, y);
    if (progress) progress(static_cast<double>(y + count) / height);
  }
  return {};
}

Expected<Coverage> render_coverage(const Answer& answer, Depth depth, const Adjustments& adjustments,
                                   std::stop_token stop, const std::function<void(double)>& progress) {
  // a band is at least as high as what is rendered around it in vain
  return render_bands(answer, depth, 2 * reach(adjustments, 1), stop, progress,
                      [&](Rectangle part) { return render_adjusted(answer, part, 1, adjustments); });
}

Expected<Coverage> render_classes(const Answer& answer, std::span<const int> classes, Depth depth, std::stop_token stop,
                                  const std::function<void(double)>& progress) {
  return render_bands(answer, depth, 1, stop, progress,
                      [&](Rectangle part) { return answer.render_classes(classes, part); });
}

void combine(Coverage& answer, const Coverage& existing, int first_row, Operation operation) {
  assert(answer.width == existing.width && first_row >= 0 && first_row + existing.height <= answer.height);
  std::visit(
      [&]<class Sample>(std::vector<Sample>& values) {
        const auto start = static_cast<std::size_t>(first_row) * static_cast<std::size_t>(answer.width);
        const auto& band = std::get<std::vector<Sample>>(existing.samples);
        combine_samples(std::span(values).subspan(start, band.size()), std::span(band), operation);
      },
      answer.samples);
}

}  // namespace gbrs::plugin
