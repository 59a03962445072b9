// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/ground.hpp"

#include <algorithm>
#include <utility>

#include "editing/marks.hpp"

namespace gbrs::plugin {
namespace {

bool is_outside(const Click& click, int width, int height) {
  const auto is_there = [=](double x, double y) { return x >= 0 && y >= 0 && x < width && y < height; };
  return !is_there(click.x, click.y) || (click.same_as && !is_there(click.same_as->x, click.same_as->y)) ||
         !std::ranges::all_of(click.path, [&](const Place& place) { return is_there(place.x, place.y); });
}

std::vector<Step> steps_within(std::vector<Step> steps, int width, int height) {
  constexpr double kLeastSide = 1;  // of a box: the engine takes no smaller one
  for (Step& step : steps) {
    std::erase_if(step.clicks, [=](const Click& click) { return is_outside(click, width, height); });
    if (!step.box) continue;
    Box& box = *step.box;
    box = {std::max(box.left, 0.0), std::max(box.top, 0.0), std::min<double>(box.right, width),
           std::min<double>(box.bottom, height)};
    if (box.right - box.left < kLeastSide || box.bottom - box.top < kLeastSide) step.box.reset();
  }
  return steps;
}

/// Another model may have the same classes under other numbers.
std::vector<Step> renumbered(std::vector<Step> steps, const std::vector<std::string>& from,
                             const std::vector<std::string>& to) {
  const auto number_of = [&](const Click& click) {
    const bool has_name = click.target >= 0 && click.target < static_cast<double>(from.size());
    return has_name ? std::ranges::find(to, from[static_cast<std::size_t>(click.target)]) - to.begin() : std::ssize(to);
  };
  for (Step& step : steps) {
    const auto is_nameless = [&](const Click& click) { return !click.same_as && number_of(click) == std::ssize(to); };
    std::erase_if(step.clicks, is_nameless);
    for (Click& click : step.clicks) {
      if (!click.same_as) click.target = static_cast<double>(number_of(click));
    }
  }
  return steps;
}

/// Takes the change's place; returns how many marks it left out.
template <class Change>
std::size_t replace(std::vector<Step>& steps, Change change) {
  const std::size_t before = marks_of(steps).size();
  steps = change(std::move(steps));
  std::erase_if(steps, [](const Step& step) { return step.is_empty(); });
  return before - marks_of(steps).size();
}

}  // namespace

std::vector<PaintedStroke> strokes_within(std::vector<PaintedStroke> painted, int width, int height,
                                          LeftOut& left_out) {
  const auto is_outside = [=](const PaintedStroke& stroke) { return leaves(stroke, width, height); };
  left_out.outside += std::erase_if(painted, is_outside);
  return painted;
}

Said taken(Said said, const Ground& ground, LeftOut& left_out) {
  left_out.outside += replace(said.steps, [&](std::vector<Step> steps) {
    return steps_within(std::move(steps), ground.width, ground.height);
  });
  if (said.classes != ground.classes) {
    left_out.nameless += replace(said.steps, [&](std::vector<Step> steps) {
      return renumbered(std::move(steps), said.classes, ground.classes);
    });
    said.classes = ground.classes;
  }
  if (ground.trimap) {
    left_out.known +=
        replace(said.steps, [&](std::vector<Step> steps) { return without_known(std::move(steps), *ground.trimap); });
  }
  return said;
}

}  // namespace gbrs::plugin
