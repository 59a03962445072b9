// SPDX-License-Identifier: Apache-2.0
#include "refine/grid_clicks.hpp"

#include <ATen/ops/argmax.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "networks/convolution.hpp"
#include "objectives/attention.hpp"
#include "objectives/sampling.hpp"
#include "objectives/strokes.hpp"

namespace gbrs {
namespace {

bool is_regression(Task task) { return task == Task::matte || task == Task::depth; }

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(what);
}

void check_click(const FrameClick& click, Task task, const FrameSize& frame) {
  const auto is_inside = [&](double u, double v) {
    return u >= -0.5 && u <= frame.width - 0.5 && v >= -0.5 && v <= frame.height - 0.5;
  };
  require(is_inside(click.u, click.v), "a click outside the frame");
  require(!click.same_as || is_inside(click.same_as->u, click.same_as->v), "a click like one outside the frame");
  require(!click.radius || *click.radius >= 0, "a negative radius");
  require(std::isfinite(click.target), "a target that is no number");
  if (const FrameMap* const object = click.object.get())
    require(task == Task::semantic && click.mode == ClickMode::value && object->channels == 1 &&
                object->width == frame.width && object->height == frame.height,
            "an object on another grid, or of no class");
  const bool is_sign = click.target == 1 || click.target == -1;
  switch (click.mode) {
    case ClickMode::value:
      require(task != Task::segment || (is_sign && !click.same_as), "a target that is neither 1 nor -1");
      return;
    case ClickMode::push:
      require(is_regression(task), "a push of classes");
      require(is_sign, "a push neither up nor down");
      return;
    case ClickMode::stroke:
      require(task == Task::semantic && click.radius.has_value(), "a stroke that is none");
      for (const FramePlace& place : click.path)
        require(std::isfinite(place.u) && std::isfinite(place.v), "a stroke whose path is none");
      return;
  }
}

double grid_scale(std::int64_t grid, int frame) {
  return frame > 1 ? static_cast<double>(grid - 1) / (frame - 1) : 1.0;
}

/// From the frame's pixels to the answer's: corners on corners, the same scale both ways.
class Grid {
 public:
  Grid(const StepInput& input, const StepGround& ground)
      : input_(input),
        ground_(ground),
        scale_x_(grid_scale(ground.first.size(3), ground.frame.width)),
        scale_y_(grid_scale(ground.first.size(2), ground.frame.height)) {}

  GridClicks place();

 private:
  [[nodiscard]] double scale() const { return std::sqrt(scale_x_ * scale_y_); }
  [[nodiscard]] GridClick place(const FrameClick& click) const;
  [[nodiscard]] GridStroke stroke(const FrameClick& click) const;
  [[nodiscard]] double target_like(const FramePlace& place) const;
  [[nodiscard]] double reach(const GridClick& click) const;
  [[nodiscard]] Tensor labels(const Tensor& answer) const;
  void check_class(double target) const;

  const StepInput& input_;
  const StepGround& ground_;
  double scale_x_;
  double scale_y_;
};

void Grid::check_class(double target) const {
  require(ground_.task != Task::semantic ||
              (target == std::floor(target) && target >= 0 && target < static_cast<double>(ground_.first.size(1))),
          "a class that the network has not");
}

/// The class or the value that the first answer has there.
double Grid::target_like(const FramePlace& place) const {
  if (ground_.task == Task::semantic) return static_cast<double>(class_at(ground_.first, place, ground_.frame));
  const GridClick at{.u = place.u * scale_x_, .v = place.v * scale_y_};
  return ground_.start ? ground_.start->at(ground_.first, at) : sample_at(ground_.first, at).item<double>();
}

GridClick Grid::place(const FrameClick& click) const {
  GridClick result{.u = click.u * scale_x_, .v = click.v * scale_y_, .radius = 0, .target = click.target};
  result.is_push = click.mode == ClickMode::push;
  if (click.same_as) result.target = target_like(*click.same_as);
  check_class(result.target);
  return result;
}

GridStroke Grid::stroke(const FrameClick& click) const {
  check_class(click.target);
  GridStroke result{.path = {{click.u * scale_x_, click.v * scale_y_}},
                    .radius = *click.radius * scale(),
                    .label = std::llround(click.target)};
  for (const FramePlace& place : click.path) result.path.emplace_back(place.u * scale_x_, place.v * scale_y_);
  return result;
}

Tensor Grid::labels(const Tensor& answer) const {
  return ground_.task == Task::semantic ? at::argmax(answer, 1)[0] : answer[0][0] > 0;
}

/// How far a click reaches whose radius is not given: to where labels change (method.md, AUTORADIUS); for values, to
/// where they are nearer to the target than to what is at the click.
double Grid::reach(const GridClick& click) const {
  const Tensor& first = ground_.first;
  if (!is_regression(ground_.task)) {
    Tensor before;
    if (ground_.before.defined()) before = labels(upsample(ground_.before, first.size(2), first.size(3)));
    return auto_radius(before, labels(first), click.u, click.v);
  }
  if (click.is_push) return 0;
  const double value = sample_at(first, click).item<double>();
  const double target = ground_.start ? ground_.start->to_network(click) : click.target;
  const Tensor like = (first[0][0] - value).abs() <= std::abs(target - value) / 2;
  return auto_radius(like, like, click.u, click.v);
}

GridClicks Grid::place() {
  GridClicks result;
  std::vector<GridStroke> strokes;
  for (std::size_t i = 0; i < input_.clicks.size(); ++i) {
    const FrameClick& click = input_.clicks[i];
    const bool is_new = i >= input_.first_new;
    if (i == input_.first_new) result.list.first_new = result.list.clicks.size();
    if (click.mode == ClickMode::stroke) {
      strokes.push_back(stroke(click));
      result.each.emplace_back();
      if (is_new) result.radii.push_back(*click.radius);
      continue;
    }
    GridClick on_grid = place(click);
    if (is_new) {
      const double radius = click.radius ? *click.radius : reach(on_grid) / scale();
      result.radii.push_back(std::max(radius, input_.least_radius));
      on_grid.radius = result.radii.back() * scale();
    }
    result.list.clicks.push_back(on_grid);
    result.each.emplace_back(on_grid);
  }
  if (!strokes.empty()) result.list.strokes = paint_strokes(strokes, ground_.first.size(2), ground_.first.size(3));
  return result;
}

}  // namespace

std::int64_t class_at(const Tensor& answer, const FramePlace& place, const FrameSize& frame) {
  const GridClick at{.u = place.u * grid_scale(answer.size(3), frame.width),
                     .v = place.v * grid_scale(answer.size(2), frame.height)};
  return at::argmax(sample_at(answer, at)).item<std::int64_t>();
}

void check_clicks(const StepInput& input, Task task, const FrameSize& frame) {
  // before any click the network says what it thinks by itself
  const bool is_unasked = input.clicks.empty() && !input.is_refined && task != Task::segment;
  require(is_unasked || input.first_new < input.clicks.size(), "a step without clicks");
  for (const FrameClick& click : input.clicks) check_click(click, task, frame);
}

GridClicks to_grid(const StepInput& input, const StepGround& ground) { return Grid(input, ground).place(); }

}  // namespace gbrs
