// SPDX-License-Identifier: Apache-2.0
#pragma once

// The crops of one size that are trained side by side, as tensors.

#include "training/slot.hpp"

namespace gbrs {

struct Batch {
  MobileNetV2::Skips skips;  ///< [B,C,h,w] in the type of computing
  Tensor maps;               ///< click maps, the same
  Tensor labels;             ///< [B,1,h,w] float32: 1 object, 0 else
  Tensor weights;            ///< [B,1,h,w] float32
};

class Pool {
 public:
  explicit Pool(const CropRecipe& recipe) : recipe_(recipe) {}

  /// Begins crops where there are none; each takes the next of `crops`. Errors: those of SlotMaker::begin.
  [[nodiscard]] Expected<void> fill(const SlotMaker& maker, std::uint64_t& crops);
  [[nodiscard]] Batch batch(const SlotMaker& maker, at::ScalarType type) const;
  /// Judges the answers, logits [B,1,h,w] float32, and drops the crops that are done.
  [[nodiscard]] std::vector<SlotResult> advance(const SlotMaker& maker, const Tensor& logits);

  [[nodiscard]] cv::Size size() const { return {recipe_.width, recipe_.height}; }
  [[nodiscard]] const CropRecipe& recipe() const { return recipe_; }
  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  void set_slots(std::vector<Slot> slots) { slots_ = std::move(slots); }

 private:
  CropRecipe recipe_;
  std::vector<Slot> slots_;
};

}  // namespace gbrs
