// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "evaluation/segmenter.hpp"

namespace gbrs {
namespace {

class BaselineSegmentation final : public Segmentation {
 public:
  explicit BaselineSegmentation(Baseline& baseline) : baseline_(baseline) {}

  Expected<Prediction> add(const Click& click) override {
    const auto start = std::chrono::steady_clock::now();
    const auto map = baseline_.add(click);
    if (!map) return std::unexpected(map.error());
    Prediction prediction;
    prediction.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    for (const float probability : map->values)
      prediction.pixels.push_back(probability > Baseline::kThreshold ? 1 : 0);
    return prediction;
  }

  void report(ObjectResult&) const override {}  // it knows no radii and judges no click

 private:
  Baseline& baseline_;
};

class BaselineSegmenter final : public Segmenter {
 public:
  explicit BaselineSegmenter(Baseline baseline) : baseline_(std::make_unique<Baseline>(std::move(baseline))) {}

  Expected<std::unique_ptr<Segmentation>> begin(ImageView image) const override {
    if (auto begun = baseline_->begin(image); !begun) return std::unexpected(begun.error());
    return std::make_unique<BaselineSegmentation>(*baseline_);
  }
  std::string notice() const override { return baseline_->notice(); }

 private:
  std::unique_ptr<Baseline> baseline_;
};

}  // namespace

std::unique_ptr<Segmenter> baseline_segmenter(Baseline baseline) {
  return std::make_unique<BaselineSegmenter>(std::move(baseline));
}

}  // namespace gbrs
