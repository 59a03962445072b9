// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/stroke.hpp"

#include <algorithm>
#include <cmath>

namespace gbrs::plugin {
namespace {

double distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

bool is_same_pixel(Point a, Point b) {
  return std::floor(a.x) == std::floor(b.x) && std::floor(a.y) == std::floor(b.y);
}

}  // namespace

void Stroke::add(Point place) {
  if (path_.empty() || distance(path_.back(), place) > 0) path_.push_back(place);
}

std::vector<Point> Stroke::places(double radius) const {
  double length = 0;
  for (std::size_t i = 1; i < path_.size(); ++i) length += distance(path_[i - 1], path_[i]);
  const double wanted = std::ceil(length / std::max(radius, 1.0));
  const double gaps = std::clamp(wanted, 1.0, static_cast<double>(kMostClicks - 1));
  std::vector<Point> found;
  const auto take = [&](Point place) {
    if (std::ranges::none_of(found, [&](Point other) { return is_same_pixel(place, other); })) found.push_back(place);
  };
  if (!path_.empty()) take(path_.front());
  double walked = 0;
  int taken = 1;
  for (std::size_t i = 1; i < path_.size(); ++i) {
    const double part = distance(path_[i - 1], path_[i]);
    for (; taken < gaps && walked + part >= length * taken / gaps; ++taken) {
      const double share = (length * taken / gaps - walked) / part;
      take({path_[i - 1].x + share * (path_[i].x - path_[i - 1].x),
            path_[i - 1].y + share * (path_[i].y - path_[i - 1].y)});
    }
    walked += part;
  }
  if (length > 0) take(path_.back());
  return found;
}

}  // namespace gbrs::plugin
