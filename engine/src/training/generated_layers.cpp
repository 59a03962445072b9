// SPDX-License-Identifier: Apache-2.0
#include "training/generated_layers.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace gbrs {
namespace {

constexpr int kFiner = 2;  // strands are drawn on a grid so many times as fine

int rounded(double value) { return static_cast<int>(std::lround(value)); }

cv::Scalar scaled(const cv::Scalar& colour, double factor, double shift = 0) {
  return {colour[0] * factor + shift, colour[1] * factor + shift, colour[2] * factor + shift};
}

/// Smooth values of 0 to 1, CV_32FC1, with about `cells` hills along each side.
cv::Mat smooth_noise(cv::Size size, int cells, Random& random) {
  cv::Mat coarse(cells + 2, cells + 2, CV_32FC1), result;
  for (auto value = coarse.begin<float>(); value != coarse.end<float>(); ++value)
    *value = static_cast<float>(random.uniform());
  cv::resize(coarse, result, size, 0, 0, cv::INTER_CUBIC);
  return result;
}

/// A shape, of which the crop sees a part at times.
struct Body {
  std::vector<cv::Point2d> outline;
  cv::Point2d centre;
};

/// A wavy round one whose outline passes near the crop's middle.
Body draw_body(cv::Size crop, Random& random) {
  constexpr int kPoints = 64;
  const double radius = random.between_logarithms({0.15, 0.9}) * std::max(crop.width, crop.height);
  const double towards = random.between(0, 2 * std::numbers::pi);
  Body body;
  body.centre = {crop.width * random.between(0.35, 0.65) + radius * std::cos(towards),
                 crop.height * random.between(0.35, 0.65) + radius * std::sin(towards)};
  double amplitude[5], phase[5];
  for (int k = 0; k < 5; ++k) {
    amplitude[k] = random.normal() * 0.12 / (k + 1);
    phase[k] = random.between(0, 2 * std::numbers::pi);
  }
  for (int i = 0; i < kPoints; ++i) {
    const double angle = 2 * std::numbers::pi * i / kPoints;
    double factor = 1;
    for (int k = 0; k < 5; ++k) factor += amplitude[k] * std::cos((k + 1) * angle + phase[k]);
    body.outline.emplace_back(body.centre.x + factor * radius * std::cos(angle),
                              body.centre.y + factor * radius * std::sin(angle));
  }
  return body;
}

/// CV_8UC1, smooth edges.
cv::Mat filled(const Body& body, cv::Size size, double factor = 1) {
  constexpr int kShift = 4;
  std::vector<cv::Point> points;
  for (const cv::Point2d& point : body.outline)
    points.emplace_back(rounded(point.x * factor * (1 << kShift)), rounded(point.y * factor * (1 << kShift)));
  cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
  cv::fillPoly(mask, points, cv::Scalar(255), cv::LINE_AA, kShift);
  return mask;
}

struct StrandStyle {
  int count = 0;
  Range length;        ///< pixels of the crop
  double spread = 0;   ///< deviation of the direction from the outline's normal, radians
  double common = 0;   ///< how much all follow one direction, 0 to 1
  double curling = 0;  ///< deviation of the curvature, radians a step
  Range opacity{0, 1};
};

/// Points of a strand from the body's outline, on the finer grid.
std::vector<cv::Point> draw_strand(const Body& body, const StrandStyle& style, double common, Random& random) {
  constexpr int kSteps = 12, kShift = 4;
  const cv::Point2d root = body.outline[random.below(body.outline.size())];
  const cv::Point2d next = body.outline[random.below(body.outline.size())];
  // between the outline and what is inside
  const double depth = random.happens(0.7) ? random.between(0, 0.08) : random.between(0, 0.4);
  cv::Point2d at = root + depth * (body.centre - root) + 0.03 * (next - root) * random.normal();
  const double normal = std::atan2(root.y - body.centre.y, root.x - body.centre.x);
  double direction = random.happens(style.common) ? common : normal;
  direction += style.spread * random.normal();
  const double step = random.between_logarithms(style.length) / kSteps;
  double curvature = style.curling * random.normal();
  std::vector<cv::Point> points;
  for (int i = 0; i <= kSteps; ++i) {
    points.emplace_back(rounded(at.x * kFiner * (1 << kShift)), rounded(at.y * kFiner * (1 << kShift)));
    at += step * cv::Point2d(std::cos(direction), std::sin(direction));
    direction += curvature;
    curvature += 0.3 * style.curling * random.normal();
  }
  return points;
}

void add_strands(MatteLayer& layer, const Body& body, const StrandStyle& style, Random& random) {
  constexpr int kShift = 4;
  const cv::Size size = layer.coverage.size(), fine(size.width * kFiner, size.height * kFiner);
  cv::Mat coverage = filled(body, fine, kFiner), colours;
  cv::resize(layer.colours, colours, fine, 0, 0, cv::INTER_LINEAR);
  const cv::Scalar base = cv::mean(layer.colours, layer.coverage);
  const double common = random.between(0, 2 * std::numbers::pi);
  for (int i = 0; i < style.count; ++i) {
    const std::vector<cv::Point> points = draw_strand(body, style, common, random);
    const int width = 1 + static_cast<int>(random.below(3));
    const cv::Scalar colour = scaled(base, random.between(0.7, 1.3), random.between(-12, 12));
    cv::polylines(colours, points, false, colour, width + 2, cv::LINE_8, kShift);
    const cv::Scalar opacity(255 * random.between(style.opacity));
    cv::polylines(coverage, points, false, opacity, width, cv::LINE_AA, kShift);
  }
  coverage = cv::max(coverage, filled(body, fine, kFiner));  // faint strands over the body took nothing away
  cv::resize(coverage, layer.coverage, size, 0, 0, cv::INTER_AREA);
  cv::resize(colours, layer.colours, size, 0, 0, cv::INTER_AREA);
  if (random.happens(0.3)) cv::GaussianBlur(layer.coverage, layer.coverage, {}, random.between(0.4, 1.2));
}

void make_hair(MatteLayer& layer, const Body& body, Random& random) {
  const double side = std::max(layer.coverage.cols, layer.coverage.rows);
  add_strands(layer, body,
              {.count = 100 + static_cast<int>(random.below(500)),
               .length = {0.08 * side, 0.5 * side},
               .spread = random.between(0.1, 0.5),
               .common = random.between(0, 0.9),
               .curling = random.between(0.02, 0.2),
               .opacity = {random.between(0.4, 0.8), 1}},
              random);
}

void make_fur(MatteLayer& layer, const Body& body, Random& random) {
  const double longest = random.between(8, 35);
  add_strands(layer, body,
              {.count = 600 + static_cast<int>(random.below(1400)),
               .length = {4, longest},
               .spread = random.between(0.15, 0.6),
               .common = random.between(0, 0.5),
               .curling = random.between(0.02, 0.1),
               .opacity = {0.5, 1}},
              random);
}

/// Threads along two directions of a warped grid, knots or flowers at the crossings, something thin between.
void make_lace(MatteLayer& layer, Random& random) {
  const cv::Size size = layer.coverage.size();
  const double period = random.between_logarithms({5, 28}), turn = random.between(0, std::numbers::pi);
  const double thread = random.between(0.06, 0.25), knot = random.between(0.1, 0.4);
  const double opacity = random.between(0.55, 1), veil = random.happens(0.5) ? 0 : random.between(0, 0.35);
  const double warp = random.between(0, 0.8) * period;
  const cv::Mat warp_x = smooth_noise(size, 5, random), warp_y = smooth_noise(size, 5, random);
  for (int y = 0; y < size.height; ++y) {
    auto* row = layer.coverage.ptr<std::uint8_t>(y);
    for (int x = 0; x < size.width; ++x) {
      const double moved_x = x + warp * warp_x.at<float>(y, x), moved_y = y + warp * warp_y.at<float>(y, x);
      const double u = (moved_x * std::cos(turn) + moved_y * std::sin(turn)) / period;
      const double v = (moved_y * std::cos(turn) - moved_x * std::sin(turn)) / period;
      const double du = std::abs(u - std::round(u)), dv = std::abs(v - std::round(v));
      const double beyond = std::min({std::min(du, dv) - thread, std::hypot(du, dv) - knot});
      const double part = std::clamp(0.5 - beyond * period, 0.0, 1.0);  // half a pixel of edge to each side
      row[x] = cv::saturate_cast<std::uint8_t>(row[x] * (veil + (opacity - veil) * part));
    }
  }
}

void make_glass(MatteLayer& layer, Random& random) {
  const cv::Size size = layer.coverage.size();
  const double base = random.between(0.03, 0.35), hills = random.between(0, 0.5), rim = random.between(0, 0.8);
  const double rim_width = random.between(2, 14);
  const cv::Mat noise = smooth_noise(size, 4, random);
  cv::Mat depth;
  cv::distanceTransform(layer.coverage > 0, depth, cv::DIST_L2, cv::DIST_MASK_5);
  cv::Mat highlights = cv::Mat::zeros(size, CV_8UC1);
  for (std::size_t left = random.below(6); left > 0; --left) {
    const cv::Point centre(static_cast<int>(random.below(static_cast<std::size_t>(size.width))),
                           static_cast<int>(random.below(static_cast<std::size_t>(size.height))));
    const cv::Size axes(rounded(random.between(2, 30)), rounded(random.between(1, 6)));
    cv::ellipse(highlights, centre, axes, random.between(0, 180), 0, 360, cv::Scalar(255 * random.between(0.4, 1)),
                cv::FILLED, cv::LINE_AA);
  }
  cv::GaussianBlur(highlights, highlights, {}, random.between(0.6, 4));
  const cv::Scalar tint(random.between(120, 255), random.between(120, 255), random.between(120, 255));
  const double tinted = random.between(0.3, 1);
  layer.colours = layer.colours * (1 - tinted) + cv::Mat(size, CV_8UC3, tint) * tinted;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double edge = rim * std::exp(-depth.at<float>(y, x) / rim_width);
      const double part =
          std::max({base + hills * noise.at<float>(y, x), edge, highlights.at<std::uint8_t>(y, x) / 255.0});
      auto& coverage = layer.coverage.at<std::uint8_t>(y, x);
      coverage = cv::saturate_cast<std::uint8_t>(coverage * std::clamp(part, 0.0, 1.0));
    }
  }
}

void make_blur(MatteLayer& layer, Random& random) {
  if (random.happens(0.5)) {
    const double deviation = random.between_logarithms({1.5, 14});
    cv::GaussianBlur(layer.coverage, layer.coverage, {}, deviation);
    cv::GaussianBlur(layer.colours, layer.colours, {}, deviation / 2);
    return;
  }
  const int length = 5 + 2 * static_cast<int>(random.below(16));
  cv::Mat kernel = cv::Mat::zeros(length, length, CV_32FC1);
  const double angle = random.between(0, std::numbers::pi), reach = (length - 1) / 2.0;
  const cv::Point2d middle(reach, reach), end = reach * cv::Point2d(std::cos(angle), std::sin(angle));
  cv::line(kernel, middle - end, middle + end, cv::Scalar(1), 1);
  kernel /= cv::sum(kernel)[0];
  cv::filter2D(layer.coverage, layer.coverage, -1, kernel);
  cv::filter2D(layer.colours, layer.colours, -1, kernel);
}

}  // namespace

MatteLayer generated_layer(std::string_view kind, const cv::Mat& texture, Random& random) {
  const Body body = draw_body(texture.size(), random);
  MatteLayer layer{.colours = texture.clone(), .coverage = filled(body, texture.size())};
  const double plain = random.happens(0.5) ? random.uniform() : 0;  // how much of one colour
  layer.colours = layer.colours * (1 - plain) + cv::Mat(texture.size(), CV_8UC3, cv::mean(texture)) * plain;
  const double light = random.between(0.5, 1.5);
  layer.colours = layer.colours * light;
  if (kind == "hair") make_hair(layer, body, random);
  if (kind == "fur") make_fur(layer, body, random);
  if (kind == "lace") make_lace(layer, random);
  if (kind == "glass") make_glass(layer, random);
  if (kind == "blur") make_blur(layer, random);
  return layer;
}

}  // namespace gbrs
