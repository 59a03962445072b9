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
constexpr double kMostClasses = 1 << 16;  ///< no network has as many

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

/// "X,Y" or the fields X and Y of something longer.
std::optional<Place> parse_place(std::string_view x, std::string_view y) {
  const auto parsed_x = parse_coordinate(x);
  const auto parsed_y = parse_coordinate(y);
  if (!parsed_x || !parsed_y) return std::nullopt;
  return Place{*parsed_x, *parsed_y};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

/// What the third field of a task's clicks may be.
struct Grammar {
  Task task;
  std::string_view forms;                   ///< for messages
  std::string_view targets;                 ///< for messages
  std::string_view raise = {}, lower = {};  ///< words of a push, or of the two targets of segment
};

constexpr std::array kGrammars{
    Grammar{Task::segment, "X,Y,+ or X,Y,- or X,Y,+,RADIUS", "the third field is + (include) or - (exclude)", "+", "-"},
    Grammar{Task::semantic, "X,Y,CLASS or X,Y,@X,Y or X,Y;X,Y,CLASS,WIDTH",
            "the third field is a class's number or @X,Y (the class there)"},
    Grammar{Task::matte, "X,Y,ALPHA or X,Y,@X,Y or X,Y,+ or X,Y,-",
            "the third field is an alpha from 0 to 1, @X,Y (the alpha there), + (more) or - (less)", "+", "-"},
    Grammar{Task::depth, "X,Y,DEPTH or X,Y,@X,Y or X,Y,far or X,Y,near",
            "the third field is a depth of 0 or more, @X,Y (the depth there), far or near", "far", "near"},
};

const Grammar& grammar_of(Task task) { return *std::ranges::find(kGrammars, task, &Grammar::task); }

bool is_target(Task task, double value) {
  if (task == Task::semantic) return value >= 0 && value == std::floor(value) && value < kMostClasses;
  if (task == Task::matte) return value >= 0 && value <= 1;
  return task == Task::depth && value >= 0;
}

/// Sets target, mode and same_as from the fields behind the place; false: they are no target.
bool parse_target(std::span<const std::string_view>& fields, const Grammar& grammar, Click& click) {
  if (fields.empty()) return false;
  const std::string_view word = fields.front();
  fields = fields.subspan(1);
  if (!grammar.raise.empty() && (word == grammar.raise || word == grammar.lower)) {
    click.target = word == grammar.raise ? kRaise : kLower;
    if (grammar.task != Task::segment) click.mode = ClickMode::push;
    return true;
  }
  if (word.starts_with('@') && grammar.task != Task::segment && !fields.empty()) {
    click.same_as = parse_place(word.substr(1), fields.front());
    click.target = 0;
    fields = fields.subspan(1);
    return click.same_as.has_value();
  }
  const auto value = parse_number(word);
  if (!value || !is_target(grammar.task, *value)) return false;
  click.target = *value;
  return true;
}

Expected<Click> parse_click(std::string_view text, Task task) {
  const Grammar& grammar = grammar_of(task);
  const auto bad = [&](std::string_view why) {
    return failure(ErrorCode::invalid_argument,
                   std::format("The click \"{}\" is not of the form {}: {}.", text, grammar.forms, why));
  };
  const auto places = split(text, ';');
  if (places.size() > 1 && task != Task::semantic) return bad("only strokes of a class have several places");
  const auto all = split(places.back(), ',');
  std::span<const std::string_view> fields(all);
  if (fields.size() < 3) return bad("it needs three or four fields separated by commas");
  Click click;
  std::vector<Place> path;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto pair = split(places[i], ',');
    const bool is_last = i + 1 == places.size();
    const auto place = is_last || pair.size() == 2 ? parse_place(pair[0], pair[1]) : std::nullopt;
    if (!place) return bad("X and Y are finite numbers in pixels");
    path.push_back(*place);
  }
  click.x = path.front().x;
  click.y = path.front().y;
  fields = fields.subspan(2);
  if (!parse_target(fields, grammar, click)) return bad(grammar.targets);
  const bool is_stroke = path.size() > 1;
  if (fields.size() > 1 || (is_stroke && fields.empty()))
    return bad(is_stroke ? "a stroke ends with its class and its width" : "it has too many fields");
  if (!fields.empty()) {
    click.radius = parse_number(fields[0]);
    if (!click.radius || *click.radius < 0) return bad("the radius is a number of pixels, 0 or more");
  }
  if (is_stroke) {
    if (click.same_as) return bad("a stroke has a class of its own");
    *click.radius /= 2;
    click.mode = ClickMode::stroke;
    click.path.assign(path.begin() + 1, path.end());
  }
  return click;
}

/// Shortest digits that give the value back, always with a decimal point: see parse_coordinate.
std::string coordinate_text(double value) {
  std::string text = std::format("{}", value);  // shortest round trip, independent of the locale
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string place_text(double x, double y) { return coordinate_text(x) + ',' + coordinate_text(y); }

std::string target_text(const Click& click, const Grammar& grammar) {
  if (click.same_as) return '@' + place_text(click.same_as->x, click.same_as->y);
  if (grammar.task == Task::segment || click.mode == ClickMode::push)
    return std::string(click.target > 0 ? grammar.raise : grammar.lower);
  return std::format("{}", click.target);
}

}  // namespace

Expected<std::vector<Click>> parse_clicks(std::string_view text, Task task) {
  std::vector<Click> clicks;
  while (true) {
    const auto start = text.find_first_not_of(kWhiteSpace);
    if (start == std::string_view::npos) return clicks;
    text.remove_prefix(start);
    const auto end = std::min(text.find_first_of(kWhiteSpace), text.size());
    auto click = parse_click(text.substr(0, end), task);
    if (!click) return std::unexpected(std::move(click.error()));
    clicks.push_back(std::move(*click));
    text.remove_prefix(end);
  }
}

std::string format_clicks(std::span<const Click> clicks, Task task) {
  std::string text;
  for (const Click& click : clicks) {
    if (!text.empty()) text += ' ';
    text += place_text(click.x, click.y);
    for (const Place& place : click.path) text += ';' + place_text(place.x, place.y);
    text += ',' + target_text(click, grammar_of(task));
    if (click.radius) text += std::format(",{}", click.mode == ClickMode::stroke ? 2 * *click.radius : *click.radius);
  }
  return text;
}

}  // namespace gbrs
