// SPDX-License-Identifier: Apache-2.0
#include "training/slot.hpp"

#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "training/augmentation.hpp"
#include "training/faulty_mask.hpp"
#include "training/next_click.hpp"

namespace gbrs {
namespace {

// What a crop's random numbers are for: each purpose has its own.
enum Purpose : std::uint64_t {
  kExample,
  kView,
  kAppearance,
  kPlan,
  kStart,
  kZoom,
  kFirstClick,  // and one for each more
  kFirstCloseUp = 1 << 16
};

constexpr int kMinGridPixels = 15;  // of the object; a crop with fewer is not used

/// R'G'B' [H,W,3] -> [1,3,H,W], -1 to 1, channels last.
Tensor to_input(const cv::Mat& crop) {
  auto* pixels = const_cast<std::uint8_t*>(crop.ptr<std::uint8_t>());  // from_blob only reads here
  const Tensor bytes = at::from_blob(pixels, {crop.rows, crop.cols, 3}, at::TensorOptions().dtype(at::kByte));
  return bytes.to(at::kFloat).permute({2, 0, 1}).unsqueeze(0) / 127.5 - 1;
}

bool has_object(const GridTruth& truth) {
  return !truth.labels.empty() && cv::countNonZero(truth.labels == kObject) >= kMinGridPixels;
}

double scale_of(const cv::Matx23d& view) {
  return std::sqrt(std::abs(view(0, 0) * view(1, 1) - view(0, 1) * view(1, 0)));
}

/// The box of the answer and the clicks on it, in the crop's pixels.
cv::Rect2d box_of(const Slot& slot) {
  const cv::Rect found = cv::boundingRect(slot.state.previous > 0);
  double left = 2.0 * found.x, top = 2.0 * found.y;
  double right = 2.0 * (found.x + found.width - 1), bottom = 2.0 * (found.y + found.height - 1);
  for (const PromptClick& click : slot.state.clicks) {
    left = std::min(left, click.u);
    right = std::max(right, click.u);
    top = std::min(top, click.v);
    bottom = std::max(bottom, click.v);
  }
  return {left, top, right - left + 1, bottom - top + 1};
}

}  // namespace

Random SlotMaker::stream(const Slot& slot, std::uint64_t purpose) const {
  return Random{recipe_.seed, slot.state.crop, purpose};
}

Expected<Example> SlotMaker::draw_example(std::uint64_t crop) const {
  Random random{recipe_.seed, crop, kExample};
  return examples_.draw(random);
}

void SlotMaker::render(Slot& slot, cv::Size size) const {
  Example crop = render_view(slot.example, slot.state.view, size);
  Random random = stream(slot, kAppearance);
  change_appearance(recipe_.appearance, crop.picture, random);
  slot.crop = crop.picture;
  slot.truth = make_grid_truth(crop.truth, recipe_.loss);
  const at::NoGradGuard no_grad;
  slot.skips = encoder_.shallow(to_input(slot.crop));
}

Expected<Slot> SlotMaker::begin(std::uint64_t crop, cv::Size size) const {
  constexpr std::uint64_t kDraws = 256;  // for one crop, at most: those that show nothing are skipped
  Slot slot;
  for (std::uint64_t draw = 0; !has_object(slot.truth); ++draw) {
    if (draw == kDraws)
      return failure(ErrorCode::invalid_argument, "The training's crops are too small for its objects.");
    slot.state = {};
    slot.state.crop = crop * kDraws + draw;
    auto example = draw_example(slot.state.crop);
    if (!example) return std::unexpected(example.error());
    slot.example = std::move(*example);
    Random view = stream(slot, kView);
    slot.state.view = draw_good_view(recipe_.geometry, slot.example, size, view);
    render(slot, size);
  }
  Random plan = stream(slot, kPlan);
  const ClickRecipe& clicks = recipe_.clicks;
  slot.state.clicks_left = 1 + static_cast<int>(plan.weighted(clicks.counts));
  const double habit = plan.uniform();
  slot.state.habit = habit < clicks.radius                            ? RadiusHabit::always
                     : habit < clicks.radius + clicks.radius_at_times ? RadiusHabit::at_times
                                                                      : RadiusHabit::never;
  slot.state.starts_from_mask = plan.happens(clicks.starts);
  if (slot.state.starts_from_mask) {
    Random start = stream(slot, kStart);
    slot.state.previous = faulty_mask(slot.truth.labels == kObject, start);
  }
  const cv::Mat answer = slot.state.previous.empty() ? cv::Mat::zeros(slot.truth.labels.size(), CV_8UC1)
                                                     : cv::Mat(slot.state.previous > 0);
  give_click(slot, answer);  // a mask without a fault gets none, which is an example, too
  return slot;
}

Expected<Slot> SlotMaker::restore(SlotState state, cv::Size size) const {
  Slot slot;
  slot.state = std::move(state);
  auto example = draw_example(slot.state.crop);
  if (!example) return std::unexpected(example.error());
  slot.example = std::move(*example);
  render(slot, size);
  return slot;
}

bool SlotMaker::give_click(Slot& slot, const cv::Mat& answer) const {
  SlotState& state = slot.state;
  Random random = stream(slot, kFirstClick + state.clicks.size());
  const auto click = next_click(answer, slot.truth.labels, recipe_.clicks.random, random);
  if (!click) return false;
  PromptClick prompt{.u = 2.0 * click->u, .v = 2.0 * click->v, .target = click->is_object ? 1.0 : -1.0, .radius = {}};
  const bool has_radius =
      state.habit == RadiusHabit::always || (state.habit == RadiusHabit::at_times && random.happens(0.5));
  if (has_radius) prompt.radius = 2 * click->reach * random.between_logarithms(recipe_.clicks.radius_factor);
  state.clicks.push_back(prompt);
  return true;
}

SlotResult SlotMaker::advance(Slot& slot, const cv::Mat& logits) const {
  SlotState& state = slot.state;
  const cv::Mat answer = logits > 0;
  SlotResult result{.clicks = state.starts_from_mask ? 0 : static_cast<int>(state.clicks.size()),
                    .overlap = overlap_of(answer, slot.truth.labels),
                    .goes_on = false};
  const cv::Mat object = slot.truth.labels == kObject;
  const int wrong = cv::countNonZero((answer != object) & (slot.truth.labels != kIgnored));
  --state.clicks_left;
  if (state.clicks_left <= 0 || wrong < recipe_.clicks.enough * cv::countNonZero(object)) return result;
  state.previous = logits.clone();
  Random random = stream(slot, kZoom);
  const bool may_zoom = state.clicks.size() == 1 && !state.starts_from_mask;
  if (may_zoom && random.happens(recipe_.clicks.zoom) ? zoom(slot, random) : come_close(slot)) {
    if (!has_object(slot.truth)) return result;
  }
  result.goes_on = give_click(slot, state.previous > 0);
  return result;
}

bool SlotMaker::zoom(Slot& slot, Random& random) const {
  if (cv::countNonZero(slot.state.previous > 0) < kMinGridPixels) return false;
  const cv::Size size = slot.crop.size();
  const cv::Rect2d box = box_of(slot);
  const double factor =
      std::min(size.width / box.width, size.height / box.height) / random.between(recipe_.clicks.zoom_margin);
  return look_at({box.x + (box.width - 1) / 2, box.y + (box.height - 1) / 2}, factor, slot);
}

bool SlotMaker::come_close(Slot& slot) const {
  Random random = stream(slot, kFirstCloseUp + slot.state.clicks.size());
  if (!random.happens(recipe_.clicks.close)) return false;
  const auto click = next_click(slot.state.previous > 0, slot.truth.labels, recipe_.clicks.random, random);
  if (!click) return false;
  const cv::Size size = slot.crop.size();
  const double side = 2 * 2 * std::max(click->reach, 1.0) * random.between(recipe_.clicks.close_margin);
  const double factor = std::min(size.width, size.height) / side;
  // as little as can be beyond the picture that is there
  const auto centre = [&](double at, int length) {
    const double half = std::min((length - 1) / 2.0 / factor, (length - 1) / 2.0);
    return std::clamp(at, half, length - 1 - half);
  };
  return look_at({centre(2.0 * click->u, size.width), centre(2.0 * click->v, size.height)}, factor, slot);
}

bool SlotMaker::look_at(cv::Point2d centre, double factor, Slot& slot) const {
  constexpr double kWorthIt = 1.2;
  SlotState& state = slot.state;
  factor = std::min(factor, scale_of(state.view) * recipe_.geometry.enlargement);
  if (factor < kWorthIt) return false;
  const cv::Size size = slot.crop.size();
  const cv::Point2d middle((size.width - 1) / 2.0, (size.height - 1) / 2.0);
  // a pixel p of the new crop is at centre + (p - middle) / factor of the old one
  const cv::Point2d shift = centre - middle / factor;
  const cv::Matx22d linear = state.view.get_minor<2, 2>(0, 0);
  const cv::Vec2d moved = linear * cv::Vec2d(shift.x, shift.y) + cv::Vec2d(state.view(0, 2), state.view(1, 2));
  state.view = {linear(0, 0) / factor, linear(0, 1) / factor, moved[0],
                linear(1, 0) / factor, linear(1, 1) / factor, moved[1]};
  const cv::Matx23d on_grid{1 / factor, 0, shift.x / 2, 0, 1 / factor, shift.y / 2};
  cv::warpAffine(state.previous.clone(), state.previous, on_grid, state.previous.size(),
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  std::vector<PromptClick> seen;
  for (PromptClick click : state.clicks) {
    click.u = std::round((click.u - shift.x) * factor);
    click.v = std::round((click.v - shift.y) * factor);
    if (click.u < -factor || click.v < -factor || click.u > size.width - 1 + factor ||
        click.v > size.height - 1 + factor)
      continue;
    click.u = std::clamp(click.u, 0.0, size.width - 1.0);
    click.v = std::clamp(click.v, 0.0, size.height - 1.0);
    if (click.radius) *click.radius *= factor;
    seen.push_back(click);
  }
  state.clicks = std::move(seen);
  render(slot, size);
  return true;
}

Tensor SlotMaker::click_maps_of(const Slot& slot) const {
  Prompt prompt{.clicks = slot.state.clicks, .previous = {}};
  const cv::Mat& previous = slot.state.previous;
  if (!previous.empty()) {
    auto* values = const_cast<float*>(previous.ptr<float>());  // from_blob only reads here
    prompt.previous =
        at::from_blob(values, {1, 1, previous.rows, previous.cols}, at::TensorOptions().dtype(at::kFloat));
  }
  return click_maps(prompt, encoder_.click_map_count(), slot.crop.rows, slot.crop.cols,
                    at::TensorOptions().dtype(at::kFloat));
}

}  // namespace gbrs
