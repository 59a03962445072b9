// SPDX-License-Identifier: Apache-2.0
#include "gbrs/step.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <format>

namespace gbrs {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";
constexpr std::size_t kSides = 4;

std::optional<std::array<double, kSides>> four_numbers(std::string_view text) {
  std::array<double, kSides> numbers{};
  const char* at = text.data();
  const char* const last = text.data() + text.size();
  for (std::size_t i = 0; i < kSides; ++i) {
    if (i > 0 && (at == last || *at++ != ',')) return std::nullopt;
    const auto [end, error] = std::from_chars(at, last, numbers[i]);
    if (error != std::errc{}) return std::nullopt;
    at = end;
  }
  return at == last ? std::optional(numbers) : std::nullopt;
}

/// A click has a sign where a box has its third number.
bool looks_like_box(std::string_view text) {
  if (std::ranges::count(text, ',') != kSides - 1) return false;
  const auto second = text.find(',', text.find(',') + 1);
  const auto third = text.substr(second + 1, text.find(',', second + 1) - second - 1);
  return third != "+" && third != "-";
}

Expected<Step> parse_step(std::string_view word) {
  Step step;
  if (looks_like_box(word)) {
    auto box = parse_box(word);
    if (!box) return std::unexpected(std::move(box.error()));
    step.box = *box;
    return step;
  }
  std::string clicks(word);
  step.is_stroke = word.contains(';');
  std::ranges::replace(clicks, ';', ' ');
  auto parsed = parse_clicks(clicks);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  if (parsed->empty()) return failure(ErrorCode::invalid_argument, std::format("\"{}\" is no click.", word));
  step.clicks = std::move(*parsed);
  return step;
}

}  // namespace

Expected<Box> parse_box(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return failure(ErrorCode::invalid_argument,
                   std::format("The box \"{}\" is not of the form LEFT,TOP,RIGHT,BOTTOM: {}.", text, why));
  };
  const auto sides = four_numbers(text);
  if (!sides || !std::ranges::all_of(*sides, [](double side) { return std::isfinite(side); }))
    return bad("it needs four finite numbers in pixels, separated by commas");
  const auto [left, top, right, bottom] = *sides;
  if (left >= right || top >= bottom) return bad("the left side comes before the right one, the top before the bottom");
  return Box{left, top, right, bottom};
}

std::vector<Step> one_by_one(std::span<const Click> clicks) {
  std::vector<Step> steps;
  for (const Click& click : clicks) steps.push_back({.clicks = {click}});
  return steps;
}

Expected<std::vector<Step>> parse_steps(std::string_view text) {
  std::vector<Step> steps;
  while (true) {
    const auto start = text.find_first_not_of(kWhiteSpace);
    if (start == std::string_view::npos) return steps;
    text.remove_prefix(start);
    const auto end = std::min(text.find_first_of(kWhiteSpace), text.size());
    auto step = parse_step(text.substr(0, end));
    if (!step) return std::unexpected(std::move(step.error()));
    steps.push_back(std::move(*step));
    text.remove_prefix(end);
  }
}

std::string format_steps(std::span<const Step> steps) {
  std::string text;
  for (const Step& step : steps) {
    if (step.is_empty()) continue;
    if (!text.empty()) text += ' ';
    if (step.box) {
      text += std::format("{},{},{},{}", step.box->left, step.box->top, step.box->right, step.box->bottom);
      continue;
    }
    std::string clicks = format_clicks(step.clicks);
    if (step.is_stroke) std::ranges::replace(clicks, ' ', ';');
    text += clicks;
  }
  return text;
}

}  // namespace gbrs
