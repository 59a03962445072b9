// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dense_truth.hpp"

#include <algorithm>
#include <opencv2/core.hpp>

#include "evaluation/matte_metrics.hpp"
#include "evaluation/simulated_clicks.hpp"

namespace gbrs {
namespace {

SimulationRules rules_of(const Protocol& protocol) {
  return {.ignored_label = kNoClass, .connectivity = protocol.connectivity, .border_counts = protocol.border_counts};
}

/// In the middle of its pixel, as a person would click.
Click click_at(const SimulatedClick& simulated, double target, const Protocol& protocol) {
  return {.x = simulated.u + 0.5,
          .y = simulated.v + 0.5,
          .radius = protocol.radius.of(simulated.radius),
          .target = target,
          .mode = protocol.mode};
}

/// Says what should be there, or whether that is more or less.
std::optional<Click> value_click(const cv::Mat& prediction, const cv::Mat& truth, const cv::Mat& valid,
                                 const Protocol& protocol) {
  const auto click = simulate_value_click(prediction, truth, valid, rules_of(protocol));
  if (!click) return std::nullopt;
  return click_at(*click, protocol.mode == ClickMode::push ? click->label : click->value, protocol);
}

class SemanticTruth final : public DenseTruth {
 public:
  SemanticTruth(std::vector<int> labels, int width, int height, const ClassMatch& match)
      : labels_(std::move(labels)), width_(width), height_(height), match_(match) {}

  Score measure(const Map& answer) const override {
    ConfusionMatrix confusion(static_cast<int>(match_.model_of_data.size()));
    confusion.add(labels_, classes_of(answer));
    const ClassTotals totals = confusion.totals();
    std::map<std::string, double> metrics{{"miou", totals.mean_iou().value_or(0)},
                                          {"pixel_accuracy", totals.pixel_accuracy()}};
    return {.metrics = std::move(metrics), .confusion = std::move(confusion)};
  }

  std::optional<Click> next_click(const Map& answer, const Protocol& protocol) const override {
    std::vector<int> classes = classes_of(answer);
    // a class that is none of the data's is wrong everywhere, but is not what "does not count" is written as
    std::ranges::replace(classes, kNoClass, static_cast<int>(match_.model_of_data.size()));
    const auto click = simulate_click(matrix(classes), matrix(labels_), rules_of(protocol));
    if (!click) return std::nullopt;
    return click_at(*click, *match_.model_of_data[static_cast<std::size_t>(click->label)], protocol);
  }

 private:
  [[nodiscard]] std::vector<int> classes_of(const Map& answer) const {
    std::vector<int> classes(answer.values.size());
    std::ranges::transform(answer.values, classes.begin(),
                           [&](float number) { return match_.data_class(static_cast<int>(number)); });
    return classes;
  }
  [[nodiscard]] cv::Mat matrix(const std::vector<int>& classes) const {
    return {height_, width_, CV_32S, const_cast<int*>(classes.data())};
  }

  const std::vector<int> labels_;
  const int width_;
  const int height_;
  const ClassMatch match_;
};

class DepthTruth final : public DenseTruth {
 public:
  DepthTruth(Map depths, DepthRange range, Rectangle box) : depths_(std::move(depths)), range_(range), box_(box) {
    truth_ = cv::Mat::zeros(depths_.height, depths_.width, CV_64F);
    valid_ = cv::Mat::zeros(depths_.height, depths_.width, CV_8U);
    for (int y = box.y; y < box.y + box.height; ++y)
      for (int x = box.x; x < box.x + box.width; ++x) {
        if (!is_measured(depths_.at(x, y), range)) continue;
        truth_.at<double>(y, x) = depths_.at(x, y);
        valid_.at<std::uint8_t>(y, x) = 255;
      }
  }
  [[nodiscard]] bool counts() const { return cv::countNonZero(valid_) > 0; }

  Score measure(const Map& answer) const override {
    const auto errors = depth_errors(answer, depths_, range_, box_).value_or(DepthErrors{});
    return {.metrics = {{"delta1", errors.delta1},
                        {"delta2", errors.delta2},
                        {"delta3", errors.delta3},
                        {"abs_rel", errors.abs_rel},
                        {"sq_rel", errors.sq_rel},
                        {"rmse", errors.rmse},
                        {"rmse_log", errors.rmse_log},
                        {"silog", errors.silog},
                        {"log10", errors.log10}},
            .confusion = std::nullopt};
  }

  std::optional<Click> next_click(const Map& answer, const Protocol& protocol) const override {
    cv::Mat prediction(truth_.size(), CV_64F);
    std::ranges::transform(answer.values, prediction.begin<double>(),
                           [&](float depth) -> double { return settled(depth, range_); });
    return value_click(prediction, truth_, valid_, protocol);
  }

 private:
  const Map depths_;
  const DepthRange range_;
  const Rectangle box_;
  cv::Mat truth_;
  cv::Mat valid_;
};

class MatteTruth final : public DenseTruth {
 public:
  MatteTruth(std::vector<std::uint8_t> alpha, std::vector<std::uint8_t> trimap, int width, int height)
      : alpha_(std::move(alpha)), trimap_(std::move(trimap)), width_(width), height_(height) {}
  [[nodiscard]] bool counts() const { return cv::countNonZero(unknown()) > 0; }

  void tell(SessionOptions& options) const override {
    options.trimap = std::make_shared<const Trimap>(width_, height_, trimap_);
  }

  Score measure(const Map& answer) const override {
    std::vector<std::uint8_t> levels(answer.values.size());
    std::ranges::transform(answer.values, levels.begin(), to_u8);
    const auto errors = matte_errors(matrix(levels), matrix(alpha_), matrix(trimap_)).value_or(MatteErrors{});
    return {.metrics = {{"sad", errors.sad}, {"mse", errors.mse}, {"grad", errors.grad}, {"conn", errors.conn}},
            .confusion = std::nullopt};
  }

  std::optional<Click> next_click(const Map& answer, const Protocol& protocol) const override {
    cv::Mat prediction(height_, width_, CV_64F), truth;
    std::ranges::copy(answer.values, prediction.begin<double>());
    matrix(alpha_).convertTo(truth, CV_64F, 1.0 / 255);
    return value_click(prediction, truth, unknown(), protocol);
  }

 private:
  [[nodiscard]] cv::Mat matrix(const std::vector<std::uint8_t>& values) const {
    return {height_, width_, CV_8U, const_cast<std::uint8_t*>(values.data())};
  }
  [[nodiscard]] cv::Mat unknown() const { return matrix(trimap_) == 128; }

  const std::vector<std::uint8_t> alpha_;
  const std::vector<std::uint8_t> trimap_;
  const int width_;
  const int height_;
};

}  // namespace

std::unique_ptr<DenseTruth> semantic_truth(std::vector<int> labels, int width, int height, const ClassMatch& match) {
  bool counts = false;
  for (int& label : labels) {
    const bool is_known = label >= 0 && match.model_of_data.at(static_cast<std::size_t>(label)).has_value();
    if (!is_known) label = kNoClass;
    counts |= is_known;
  }
  if (!counts) return nullptr;
  return std::make_unique<SemanticTruth>(std::move(labels), width, height, match);
}

std::unique_ptr<DenseTruth> depth_truth(Map depths, DepthRange range, Rectangle box) {
  auto truth = std::make_unique<DepthTruth>(std::move(depths), range, box);
  if (!truth->counts()) return nullptr;
  return truth;
}

std::unique_ptr<DenseTruth> matte_truth(std::vector<std::uint8_t> alpha, std::vector<std::uint8_t> trimap, int width,
                                        int height) {
  auto truth = std::make_unique<MatteTruth>(std::move(alpha), std::move(trimap), width, height);
  if (!truth->counts()) return nullptr;
  return truth;
}

std::string_view main_metric(Task task) {
  return task == Task::semantic ? "miou" : task == Task::matte ? "mse" : "delta1";
}

}  // namespace gbrs
