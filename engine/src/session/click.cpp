// SPDX-License-Identifier: Apache-2.0
#include "gbrs/click.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <format>

namespace gbrs {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// A whole number means a pixel, whose centre is half a pixel further.
std::optional<double> parse_coordinate(std::string_view text) {
  const auto value = parse_number(text);
  const bool is_whole = text.find_first_not_of("+-0123456789") == std::string_view::npos;
  return value && is_whole ? *value + 0.5 : value;
}

std::optional<double> parse_target(std::string_view text) {
  if (text == "+") return kInclude;
  if (text == "-") return kExclude;
  return std::nullopt;
}

Expected<Click> parse_click(std::string_view text) {
  std::array<std::string_view, 4> fields;
  std::size_t count = 0;
  for (std::string_view rest = text;; ++count) {
    const auto comma = rest.find(',');
    if (count == fields.size()) {
      count = 0;  // too many fields: reported below
      break;
    }
    fields[count] = rest.substr(0, comma);
    if (comma == std::string_view::npos) {
      ++count;
      break;
    }
    rest.remove_prefix(comma + 1);
  }
  const auto bad = [&](std::string_view why) {
    return failure(ErrorCode::invalid_argument,
                   std::format("The click \"{}\" is not of the form X,Y,+ or X,Y,- or X,Y,+,RADIUS: {}.", text, why));
  };
  if (count < 3) return bad("it needs three or four fields separated by commas");
  const auto x = parse_coordinate(fields[0]);
  const auto y = parse_coordinate(fields[1]);
  const auto target = parse_target(fields[2]);
  if (!x || !y) return bad("X and Y are finite numbers in pixels");
  if (!target) return bad("the third field is + (include) or - (exclude)");
  Click click{.x = *x, .y = *y, .radius = std::nullopt, .target = *target};
  if (count == 4) {
    click.radius = parse_number(fields[3]);
    if (!click.radius || *click.radius < 0) return bad("the radius is a number of pixels, 0 or more");
  }
  return click;
}

/// Shortest digits that give the value back, always with a decimal point: see parse_coordinate.
std::string coordinate_text(double value) {
  std::string text = std::format("{}", value);  // shortest round trip, independent of the locale
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

Expected<std::vector<Click>> parse_clicks(std::string_view text) {
  std::vector<Click> clicks;
  while (true) {
    const auto start = text.find_first_not_of(kWhiteSpace);
    if (start == std::string_view::npos) return clicks;
    text.remove_prefix(start);
    const auto end = std::min(text.find_first_of(kWhiteSpace), text.size());
    auto click = parse_click(text.substr(0, end));
    if (!click) return std::unexpected(std::move(click.error()));
    clicks.push_back(*click);
    text.remove_prefix(end);
  }
}

std::string format_clicks(std::span<const Click> clicks) {
  std::string text;
  for (const Click& click : clicks) {
    if (!text.empty()) text += ' ';
    text += coordinate_text(click.x) + ',' + coordinate_text(click.y) + (click.target > 0 ? ",+" : ",-");
    if (click.radius) text += std::format(",{}", *click.radius);
  }
  return text;
}

}  // namespace gbrs
