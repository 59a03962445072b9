// SPDX-License-Identifier: Apache-2.0
#include "evaluation/clicker.hpp"

#include <cassert>
#include <cmath>
#include <format>
#include <numbers>

#include "evaluation/random.hpp"

namespace gbrs {
namespace {

/// The pixel whose area has the centre of (u, v) moved by (dx, dy).
cv::Point moved(const SimulatedClick& click, double dx, double dy) {
  return {static_cast<int>(std::floor(click.u + 0.5 + dx)), static_cast<int>(std::floor(click.v + 0.5 + dy))};
}

}  // namespace

Clicker::Clicker(const Truth& truth, std::string object, ClickRules rules)
    : object_(std::move(object)),
      rules_(rules),
      truth_(truth.height, truth.width, CV_32S, const_cast<int*>(truth.labels.data())),
      clicked_(cv::Mat::zeros(truth_.size(), CV_8U)) {}

std::optional<SimulatedClick> Clicker::next(std::span<const std::uint8_t> prediction) {
  assert(prediction.size() == truth_.total());
  const cv::Mat bytes(truth_.size(), CV_8U, const_cast<std::uint8_t*>(prediction.data()));
  cv::Mat labels;
  bytes.convertTo(labels, CV_32S);
  auto click = simulate_click(labels, truth_, rules_.simulation, clicked_);
  if (!click && rules_.no_error == ClickRules::NoError::click) click = SimulatedClick{};
  if (!click) return std::nullopt;
  ++count_;
  if (rules_.jitter > 0 && click->squared_depth > 0) displace(*click, labels);
  clicked_.at<std::uint8_t>(click->v, click->u) = 255;
  return click;
}

void Clicker::displace(SimulatedClick& click, const cv::Mat& prediction) const {
  std::mt19937_64 engine(hash_text(std::format("{} {}", object_, count_)));
  const double angle = 2 * std::numbers::pi * uniform(engine);
  double length = uniform(engine) * rules_.jitter * std::sqrt(static_cast<double>(click.squared_depth));
  const cv::Mat region = missed_pixels(prediction, truth_, click.label, rules_.simulation.ignored_label);
  const auto is_good = [&](cv::Point place) {
    return cv::Rect({}, region.size()).contains(place) && region.at<std::uint8_t>(place) != 0 &&
           clicked_.at<std::uint8_t>(place) == 0;
  };
  cv::Point place = moved(click, length * std::cos(angle), length * std::sin(angle));
  while (!is_good(place)) {  // ends: the click's own pixel is good
    length /= 2;
    place = moved(click, length * std::cos(angle), length * std::sin(angle));
  }
  click.u = place.x;
  click.v = place.y;
  click.radius = reach(region, click.u, click.v, rules_.simulation.connectivity);
}

}  // namespace gbrs
