// SPDX-License-Identifier: Apache-2.0
#include "training/pool.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <algorithm>

namespace gbrs {
namespace {

/// One value a place of the grid, from every slot: [B,1,h,w] float32.
template <class Value>
Tensor stacked(const std::vector<Slot>& slots, Value value_of) {
  const cv::Size grid = slots[0].truth.labels.size();
  Tensor result = at::empty({static_cast<std::int64_t>(slots.size()), 1, grid.height, grid.width},
                            at::TensorOptions().dtype(at::kFloat));
  auto* to = result.data_ptr<float>();
  for (const Slot& slot : slots)
    for (int y = 0; y < grid.height; ++y)
      for (int x = 0; x < grid.width; ++x) *to++ = value_of(slot.truth, y, x);
  return result;
}

}  // namespace

Expected<void> Pool::fill(const SlotMaker& maker, std::uint64_t& crops) {
  while (slots_.size() < static_cast<std::size_t>(recipe_.batch)) {
    auto slot = maker.begin(crops, size());
    if (!slot) return std::unexpected(slot.error());
    ++crops;
    slots_.push_back(std::move(*slot));
  }
  return {};
}

Batch Pool::batch(const SlotMaker& maker, at::ScalarType type) const {
  const auto joined = [&](auto part_of) {
    std::vector<Tensor> parts;
    for (const Slot& slot : slots_) parts.push_back(part_of(slot));
    return at::cat(parts).to(type).contiguous(at::MemoryFormat::ChannelsLast);
  };
  return {
      .skips = {.half = joined([](const Slot& slot) { return slot.skips.half; }),
                .quarter = joined([](const Slot& slot) { return slot.skips.quarter; }),
                .eighth = joined([](const Slot& slot) { return slot.skips.eighth; })},
      .maps = joined([&](const Slot& slot) { return maker.click_maps_of(slot); }),
      .labels = stacked(slots_, [](const GridTruth& truth, int y,
                                   int x) { return truth.labels.at<std::uint8_t>(y, x) == kObject ? 1.0F : 0.0F; }),
      .weights = stacked(slots_, [](const GridTruth& truth, int y, int x) { return truth.weights.at<float>(y, x); })};
}

std::vector<SlotResult> Pool::advance(const SlotMaker& maker, const Tensor& logits) {
  const Tensor values = logits.contiguous();
  std::vector<SlotResult> results;
  std::vector<Slot> left;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Tensor own = values[static_cast<std::int64_t>(i)];
    const cv::Mat answer(static_cast<int>(own.size(1)), static_cast<int>(own.size(2)), CV_32FC1, own.data_ptr<float>());
    results.push_back(maker.advance(slots_[i], answer));
    if (results.back().goes_on) left.push_back(std::move(slots_[i]));
  }
  slots_ = std::move(left);
  return results;
}

}  // namespace gbrs
