// SPDX-License-Identifier: Apache-2.0
#include "baselines/zoom_in.hpp"

#include <ATen/ops/nonzero.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "networks/convolution.hpp"

namespace gbrs {
namespace {

constexpr double kInside = 0.5;  // of probabilities, whatever the answer's threshold

/// To the nearest, ties to even.
std::int64_t rounded(double value) { return static_cast<std::int64_t>(std::nearbyint(value)); }

/// Intersection over union of the whole numbers [a0, a1] and [b0, b1].
double overlap(std::int64_t a0, std::int64_t a1, std::int64_t b0, std::int64_t b1) {
  const auto both = std::max<std::int64_t>(0, std::min(a1, b1) - std::max(a0, b0) + 1);
  return static_cast<double>(both) / static_cast<double>(std::max(a1, b1) - std::min(a0, b0) + 1);
}

/// Of boxes the published code takes the product of rows and columns.
double overlap(const ZoomBox& a, const ZoomBox& b) {
  return overlap(a.top, a.bottom, b.top, b.bottom) * overlap(a.left, a.right, b.left, b.right);
}

/// The last row and column count as outside.
bool holds(const ZoomBox& box, const PromptClick& click) {
  return click.v >= static_cast<double>(box.top) && click.v < static_cast<double>(box.bottom) &&
         click.u >= static_cast<double>(box.left) && click.u < static_cast<double>(box.right);
}

struct Range {
  std::int64_t first, last;
};

Range expanded(std::int64_t first, std::int64_t last, const ZoomInOptions& options, std::int64_t size) {
  const double centre = 0.5 * static_cast<double>(first + last);
  const double length = std::max(options.expansion * static_cast<double>(last - first + 1), options.least_side);
  return {std::max<std::int64_t>(0, rounded(centre - 0.5 * length)),
          std::min(size - 1, rounded(centre + 0.5 * length))};
}

}  // namespace

ZoomIn::ZoomIn(ZoomInOptions options, std::int64_t height, std::int64_t width)
    : options_(std::move(options)), height_(height), width_(width) {}

ZoomBox ZoomIn::expanded(const ZoomBox& box) const {
  const Range rows = gbrs::expanded(box.top, box.bottom, options_, height_);
  const Range columns = gbrs::expanded(box.left, box.right, options_, width_);
  return {.top = rows.first, .bottom = rows.last, .left = columns.first, .right = columns.last};
}

std::optional<ZoomBox> ZoomIn::wanted(std::span<const PromptClick> clicks) const {
  const ZoomBox whole{.top = 0, .bottom = height_ - 1, .left = 0, .right = width_ - 1};
  if (!probability_.defined()) return options_.skipped_clicks < 0 ? std::optional(whole) : std::nullopt;
  Tensor inside = probability_.view({height_, width_}).gt(kInside);
  if (!inside.any().item<bool>()) return std::nullopt;
  for (const PromptClick& click : clicks) {
    if (click.target > 0) inside[static_cast<std::int64_t>(click.v)][static_cast<std::int64_t>(click.u)] = true;
  }
  const Tensor rows = at::nonzero(inside.any(1)), columns = at::nonzero(inside.any(0));
  return expanded({.top = rows.min().item<std::int64_t>(),
                   .bottom = rows.max().item<std::int64_t>(),
                   .left = columns.min().item<std::int64_t>(),
                   .right = columns.max().item<std::int64_t>()});
}

bool ZoomIn::look(std::span<const PromptClick> clicks) {
  is_looking_ = false;
  if (static_cast<int>(clicks.size()) <= options_.skipped_clicks) return false;
  const auto next = wanted(clicks);
  if (!next) return false;
  is_looking_ = true;
  const auto is_lost = [&](const PromptClick& click) { return click.target > 0 && !holds(*box_, click); };
  if (box_ && !std::ranges::any_of(clicks, is_lost) && overlap(*next, *box_) >= options_.least_overlap) return false;
  box_ = next;
  return true;
}

MapSize ZoomIn::size() const {
  if (!is_looking_) return {.height = height_, .width = width_};
  return options_.size ? *options_.size : with_longer_side(box_->size(), options_.longer_side);
}

Tensor ZoomIn::crop(const Tensor& map) const {
  if (!is_looking_) return map;
  const auto [height, width] = size();
  return upsample(map.slice(2, box_->top, box_->bottom + 1).slice(3, box_->left, box_->right + 1), height, width);
}

std::vector<PromptClick> ZoomIn::placed(std::span<const PromptClick> clicks) const {
  std::vector<PromptClick> result(clicks.begin(), clicks.end());
  if (!is_looking_) return result;
  for (PromptClick& click : result) {
    click.v -= static_cast<double>(box_->top);
    click.u -= static_cast<double>(box_->left);
  }
  return scaled(std::move(result), box_->size(), size());
}

Tensor ZoomIn::restored(const Tensor& probability) {
  Tensor result = probability;
  if (box_) {
    result = at::zeros({1, 1, height_, width_}, probability.options());
    result.slice(2, box_->top, box_->bottom + 1)
        .slice(3, box_->left, box_->right + 1)
        .copy_(upsample(probability, box_->height(), box_->width()));
  }
  probability_ = result;
  return result;
}

}  // namespace gbrs
