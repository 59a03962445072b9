// SPDX-License-Identifier: Apache-2.0
#pragma once

// A crop that is being trained on, from its first click to its last. The answer a step computes for learning also
// gives the crop's next click and its previous answer for the step after, so that no forward pass is made for clicks
// alone.

#include <opencv2/core.hpp>
#include <vector>

#include "networks/segment_mnv2.hpp"
#include "training/examples.hpp"
#include "training/loss.hpp"

namespace gbrs {

/// Of how many of a crop's clicks the user says how far they reach.
enum class RadiusHabit { never, always, at_times };

/// What a checkpoint keeps of a slot; the rest follows from it.
struct SlotState {
  std::uint64_t crop = 0;  ///< names the crop's random numbers
  cv::Matx23d view;        ///< from the crop's pixels to the picture's
  int clicks_left = 0;     ///< including the last one given
  bool starts_from_mask = false;
  RadiusHabit habit = RadiusHabit::never;
  std::vector<PromptClick> clicks;
  cv::Mat previous;  ///< logits, CV_32FC1 on the answer's grid; empty: none
};

struct Slot {
  SlotState state;
  Example example;  ///< the whole picture
  cv::Mat crop;     ///< CV_8UC3, R'G'B'
  GridTruth truth;
  MobileNetV2::Skips skips;  ///< of the crop, [1,C,h,w], float32
};

/// How an answer did.
struct SlotResult {
  int clicks = 0;       ///< given before the answer; 0 where a mask was there first
  double overlap = 0;   ///< intersection over union with the truth
  bool goes_on = true;  ///< false: the slot needs a new crop
};

class SlotMaker {
 public:
  /// All are kept by reference. `encoder`: any network of the training: the shallow part never changes.
  SlotMaker(const Recipe& recipe, Examples& examples, const SegmentMnv2& encoder)
      : recipe_(recipe), examples_(examples), encoder_(encoder) {}

  /// A new crop with its first click. Errors: those of Examples::draw.
  [[nodiscard]] Expected<Slot> begin(std::uint64_t crop, cv::Size size) const;
  /// A slot as a checkpoint has it. Errors as begin.
  [[nodiscard]] Expected<Slot> restore(SlotState state, cv::Size size) const;

  /// Judges the answer (logits CV_32FC1 on the grid) to the slot's clicks, makes it the previous one, gives the next
  /// click, and at times moves the view nearer.
  SlotResult advance(Slot& slot, const cv::Mat& logits) const;

  /// The slot's click maps [1,5 or 3,H,W], float32.
  [[nodiscard]] Tensor click_maps_of(const Slot& slot) const;

 private:
  /// Fills all that follows from the state; the example is there.
  void render(Slot& slot, cv::Size size) const;
  Expected<Example> draw_example(std::uint64_t crop) const;
  bool give_click(Slot& slot, const cv::Mat& answer) const;
  /// The view becomes that of the answer's box. False: it is near enough already.
  bool zoom(Slot& slot, Random& random) const;
  /// The view becomes that of what is wrong around the next click, as the recipe asks for. False: it stays.
  [[nodiscard]] bool come_close(Slot& slot) const;
  /// The view becomes `factor` times as near, around `centre` in the crop's pixels. False: not worth it.
  bool look_at(cv::Point2d centre, double factor, Slot& slot) const;
  [[nodiscard]] Random stream(const Slot& slot, std::uint64_t purpose) const;

  const Recipe& recipe_;
  Examples& examples_;
  const SegmentMnv2& encoder_;
};

}  // namespace gbrs
