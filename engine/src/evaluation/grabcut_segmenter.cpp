// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "evaluation/segmenter.hpp"

namespace gbrs {
namespace {

/// Pixels around a click that certainly have its label: the disc that networks of this kind are shown.
constexpr int kSeedRadius = 5;
/// Rounds of models and cut: for the first click, and for each more.
constexpr int kFirstRounds = 5;
constexpr int kMoreRounds = 2;

cv::Mat copy_of(ImageView image) {
  const int type = image.format == PixelFormat::rgb8 ? CV_8UC3 : CV_8UC4;
  // the header is read only, by cvtColor
  const cv::Mat view(image.height, image.width, type, const_cast<std::uint8_t*>(image.pixels),
                     static_cast<std::size_t>(image.stride_bytes));
  cv::Mat bgr;
  cv::cvtColor(view, bgr, type == CV_8UC3 ? cv::COLOR_RGB2BGR : cv::COLOR_RGBA2BGR);
  return bgr;
}

/// A click's radius says where its label is probable, its seed where it is certain; beyond a first click's radius
/// there is background, until another click reaches there. Without a radius all but the seeds is probable background
/// at first.
class GrabCut final : public Segmentation {
 public:
  explicit GrabCut(cv::Mat picture)
      : picture_(std::move(picture)), labels_(picture_.size(), CV_8UC1, cv::Scalar(cv::GC_PR_BGD)) {}

  Expected<Prediction> add(const Click& click) override {
    const auto start = std::chrono::steady_clock::now();
    const cv::Point centre(static_cast<int>(click.x), static_cast<int>(click.y));
    const bool includes = click.target == kInclude;
    if (click.radius) {
      if (seeds_.empty() && includes) labels_.setTo(cv::GC_BGD);  // as around GrabCut's rectangle
      cv::Mat disc(labels_.size(), CV_8UC1, cv::Scalar(0));
      cv::circle(disc, centre, static_cast<int>(*click.radius), cv::Scalar(255), cv::FILLED);
      labels_.setTo(includes ? cv::GC_PR_FGD : cv::GC_PR_BGD, disc);
    }
    seeds_.push_back({centre, includes ? cv::GC_FGD : cv::GC_BGD});
    for (const Seed& seed : seeds_) cv::circle(labels_, seed.centre, kSeedRadius, cv::Scalar(seed.label), cv::FILLED);
    cut();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    Prediction prediction{.pixels = {}, .seconds = seconds};
    prediction.pixels.reserve(labels_.total());
    for (int y = 0; y < labels_.rows; ++y)
      for (int x = 0; x < labels_.cols; ++x) prediction.pixels.push_back(labels_.at<std::uint8_t>(y, x) & 1U);
    return prediction;
  }

  void report(ObjectResult& /*result*/) const override {}

 private:
  struct Seed {
    cv::Point centre;
    int label;
  };

  /// Colour models need pixels of both kinds; while there is one kind only, the labels are the answer.
  void cut() {
    static_assert((cv::GC_FGD & 1) == 1 && (cv::GC_PR_FGD & 1) == 1 && (cv::GC_BGD & 1) == 0 &&
                  (cv::GC_PR_BGD & 1) == 0);
    const int object = cv::countNonZero(labels_ & 1);
    if (object == 0 || object == static_cast<int>(labels_.total())) return;
    cv::theRNG().state = kRandomState;  // the models begin with k-means; the same answer every time
    cv::Mat background, foreground;
    cv::grabCut(picture_, labels_, {}, background, foreground, seeds_.size() == 1 ? kFirstRounds : kMoreRounds,
                cv::GC_INIT_WITH_MASK);
  }

  static constexpr std::uint64_t kRandomState = 1;
  cv::Mat picture_;
  cv::Mat labels_;
  std::vector<Seed> seeds_;
};

class GrabCutSegmenter final : public Segmenter {
 public:
  Expected<std::unique_ptr<Segmentation>> begin(ImageView image) const override {
    return std::make_unique<GrabCut>(copy_of(image));
  }
};

}  // namespace

std::unique_ptr<Segmenter> grabcut_segmenter() { return std::make_unique<GrabCutSegmenter>(); }

std::string grabcut_name() { return "GrabCut of OpenCV " CV_VERSION; }

}  // namespace gbrs
