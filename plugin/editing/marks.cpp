// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/marks.hpp"

#include <algorithm>

namespace gbrs::plugin {
namespace {

/// [least, most] of what a step covers on one axis.
struct Extent {
  double least;
  double most;
};

Extent extent(const Step& step, double Click::*coordinate, double Box::*first, double Box::*last) {
  if (step.box) return {*step.box.*first, *step.box.*last};
  const auto [least, most] = std::ranges::minmax(step.clicks, {}, coordinate);
  return {least.*coordinate, most.*coordinate};
}

/// `shift`, but not beyond [0, size]; a click's last place is the middle of the last pixel.
double within(double shift, const Extent& extent, double size, bool is_box) {
  const double border = is_box ? 0 : 0.5;
  return std::clamp(shift, std::min(border - extent.least, 0.0), std::max(size - border - extent.most, 0.0));
}

}  // namespace

std::vector<Mark> marks_of(std::span<const Step> history) {
  std::vector<Mark> marks;
  std::size_t first = 0;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const Step& step = history[i];
    if (step.box) {
      marks.push_back({.kind = Mark::Kind::box, .step = i, .first_click = first, .clicks = 0});
    } else if (step.is_stroke) {
      marks.push_back({.kind = Mark::Kind::stroke, .step = i, .first_click = first, .clicks = step.clicks.size()});
    } else {
      for (std::size_t k = 0; k < step.clicks.size(); ++k) {
        const auto kind = step.clicks[k].path.empty() ? Mark::Kind::click : Mark::Kind::path;
        marks.push_back({.kind = kind, .step = i, .in_step = k, .first_click = first + k});
      }
    }
    first += step.clicks.size();
  }
  return marks;
}

std::vector<ClickVerdict> mark_verdicts(const Answer& answer) {
  const auto marks = marks_of(answer.history());
  const auto mark_of = [&](std::size_t click) {
    const auto found = std::ranges::find_if(
        marks, [&](const Mark& mark) { return click >= mark.first_click && click < mark.first_click + mark.clicks; });
    return static_cast<std::size_t>(found - marks.begin());
  };
  std::vector<ClickVerdict> verdicts;
  for (const Mark& mark : marks) {
    const auto clicks = answer.verdicts().subspan(mark.first_click, mark.clicks);
    ClickVerdict verdict = clicks.empty() ? ClickVerdict{} : clicks.front();
    if (const auto worst = std::ranges::find(clicks, false, &ClickVerdict::is_satisfied); worst != clicks.end()) {
      verdict = *worst;
    }
    if (verdict.contradicts) verdict.contradicts = mark_of(*verdict.contradicts);
    verdicts.push_back(verdict);
  }
  return verdicts;
}

Click moved(Click click, double dx, double dy, double width, double height) {
  const auto [left, right] = std::ranges::minmax(click.path, {}, &Place::x);
  const auto [top, bottom] = std::ranges::minmax(click.path, {}, &Place::y);
  dx = within(dx, {std::min(click.x, left.x), std::max(click.x, right.x)}, width, false);
  dy = within(dy, {std::min(click.y, top.y), std::max(click.y, bottom.y)}, height, false);
  click.x += dx;
  click.y += dy;
  for (Place& place : click.path) place = {place.x + dx, place.y + dy};
  return click;
}

Step moved(Step step, double dx, double dy, double width, double height) {
  if (step.is_empty()) return step;
  const bool is_box = step.box.has_value();
  dx = within(dx, extent(step, &Click::x, &Box::left, &Box::right), width, is_box);
  dy = within(dy, extent(step, &Click::y, &Box::top, &Box::bottom), height, is_box);
  for (Click& click : step.clicks) {
    click.x += dx;
    click.y += dy;
  }
  if (is_box) step.box = Box{step.box->left + dx, step.box->top + dy, step.box->right + dx, step.box->bottom + dy};
  return step;
}

}  // namespace gbrs::plugin
