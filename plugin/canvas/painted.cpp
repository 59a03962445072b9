// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/painted.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

using Pixel = PaintedStroke::Pixel;

struct Kind {
  Known known;
  std::string_view word;
  std::uint8_t code;  ///< in a trimap
};
constexpr std::array kKinds{Kind{Known::keep, "keep", Trimap::kForeground},
                            Kind{Known::drop, "drop", Trimap::kBackground},
                            Kind{Known::unknown, "unknown", Trimap::kUnknown}};

const Kind& kind_of(Known known) { return *std::ranges::find(kKinds, known, &Kind::known); }

// ---- the written form ------------------------------------------------------------------------------------

constexpr std::string_view kWhiteSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

/// Takes what stands before any of the separators off the text, and the separator with it.
std::string_view take(std::string_view& text, std::string_view separators) {
  const auto end = std::min(text.find_first_of(separators), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<Pixel> pixel_of(std::string_view text) {
  const auto x = whole_number(take(text, ","));
  const auto y = whole_number(text);
  return x && y ? std::optional(Pixel{*x, *y}) : std::nullopt;
}

std::optional<PaintedStroke> stroke_of(std::string_view text) {
  const std::string_view word = trimmed(take(text, ","));
  const auto kind = std::ranges::find(kKinds, word, &Kind::word);
  const auto radius = whole_number(trimmed(take(text, ":")));
  if (kind == kKinds.end() || !radius || *radius < 1) return std::nullopt;
  PaintedStroke stroke{kind->known, *radius, {}};
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const auto pixel = pixel_of(take(text, kWhiteSpace));
    if (!pixel) return std::nullopt;
    stroke.way.push_back(*pixel);
  }
  return stroke.way.empty() ? std::nullopt : std::optional(std::move(stroke));
}

// ---- the brush -------------------------------------------------------------------------------------------

/// Of a place from the way between two others.
double squared_distance(Pixel place, Pixel from, Pixel to) {
  const double along_x = to.x - from.x;
  const double along_y = to.y - from.y;
  const double length = along_x * along_x + along_y * along_y;
  const double dx = place.x - from.x;
  const double dy = place.y - from.y;
  const double share = length > 0 ? std::clamp((dx * along_x + dy * along_y) / length, 0.0, 1.0) : 0;
  const double beside_x = dx - share * along_x;
  const double beside_y = dy - share * along_y;
  return beside_x * beside_x + beside_y * beside_y;
}

void paint_part(Pixel from, Pixel to, int radius, std::uint8_t code, Trimap& trimap) {
  const auto [left, right] = std::minmax(from.x, to.x);
  const auto [top, bottom] = std::minmax(from.y, to.y);
  const double most = static_cast<double>(radius) * radius;
  const auto end = [radius](int last, int size) {
    return static_cast<int>(std::min(static_cast<long long>(last) + radius, static_cast<long long>(size) - 1));
  };
  const int last_x = end(right, trimap.width);
  const int last_y = end(bottom, trimap.height);
  for (int y = std::max(0, top - radius); y <= last_y; ++y) {
    std::uint8_t* const row = trimap.codes.data() + static_cast<std::ptrdiff_t>(y) * trimap.width;
    for (int x = std::max(0, left - radius); x <= last_x; ++x) {
      if (squared_distance({x, y}, from, to) <= most) row[x] = code;
    }
  }
}

}  // namespace

PaintedStroke stroke_along(Known known, double radius, std::span<const Point> way) {
  constexpr double kVisible = 0.25;  // of the radius
  PaintedStroke stroke{known, std::max(1, static_cast<int>(std::lround(radius))), {}};
  const double least = std::max(1.0, kVisible * stroke.radius);
  for (std::size_t i = 0; i < way.size(); ++i) {
    const Pixel pixel{static_cast<int>(way[i].x), static_cast<int>(way[i].y)};
    const bool is_end = i == 0 || i + 1 == way.size();
    if (!stroke.way.empty()) {
      const Pixel& last = stroke.way.back();
      const bool is_near = std::hypot(pixel.x - last.x, pixel.y - last.y) < least;
      if (pixel == last || (is_near && !is_end)) continue;
    }
    stroke.way.push_back(pixel);
  }
  return stroke;
}

Expected<std::vector<PaintedStroke>> parse_painted(std::string_view text) {
  std::vector<PaintedStroke> strokes;
  if (trimmed(text).empty()) return strokes;
  for (bool has_next = true; has_next;) {
    has_next = text.find(';') != std::string_view::npos;
    const std::string_view part = trimmed(take(text, ";"));
    auto stroke = stroke_of(part);
    if (!stroke) {
      constexpr std::size_t kMostShown = 60;
      const std::string shown(part.substr(0, kMostShown));
      return failure(ErrorCode::invalid_argument,
                     formatted(_("The painted stroke \"%s\" cannot be read: write keep,RADIUS:X,Y X,Y (or drop, or "
                                 "unknown) in whole pixels, and \";\" between strokes."),
                               shown.c_str()));
    }
    strokes.push_back(std::move(*stroke));
  }
  return strokes;
}

std::string format_painted(std::span<const PaintedStroke> strokes) {
  std::string text;
  for (const PaintedStroke& stroke : strokes) {
    if (!text.empty()) text += "; ";
    text += kind_of(stroke.known).word;
    text += ',' + std::to_string(stroke.radius) + ':';
    for (const Pixel& pixel : stroke.way) {
      if (!text.ends_with(':')) text += ' ';
      text += std::to_string(pixel.x) + ',' + std::to_string(pixel.y);
    }
  }
  return text;
}

bool leaves(const PaintedStroke& stroke, int width, int height) {
  return std::ranges::any_of(stroke.way, [=](const Pixel& pixel) {
    return pixel.x < 0 || pixel.y < 0 || pixel.x >= width || pixel.y >= height;
  });
}

Expected<std::shared_ptr<const Trimap>> painted_over(std::shared_ptr<const Trimap> trimap,
                                                     std::span<const PaintedStroke> strokes) {
  if (strokes.empty()) return trimap;
  for (const PaintedStroke& stroke : strokes) {
    if (leaves(stroke, trimap->width, trimap->height)) {
      return failure(ErrorCode::invalid_argument,
                     formatted(_("A painted stroke leaves the picture of %d×%d pixels."), trimap->width, trimap->height));
    }
  }
  auto painted = std::make_shared<Trimap>(*trimap);
  for (const PaintedStroke& stroke : strokes) {
    const std::uint8_t code = kind_of(stroke.known).code;
    for (std::size_t i = 0; i < stroke.way.size(); ++i) {
      if (i > 0 || stroke.way.size() == 1) {
        paint_part(stroke.way[i > 0 ? i - 1 : 0], stroke.way[i], stroke.radius, code, *painted);
      }
    }
  }
  return painted;
}

Known known_at(const Trimap& trimap, int x, int y) {
  return std::ranges::find(kKinds, trimap.at(x, y), &Kind::code)->known;
}

std::vector<Step> without_known(std::vector<Step> steps, const Trimap& trimap) {
  const auto is_known = [&](const Click& click) {
    const int x = static_cast<int>(click.x);
    const int y = static_cast<int>(click.y);
    return x >= 0 && y >= 0 && x < trimap.width && y < trimap.height && known_at(trimap, x, y) != Known::unknown;
  };
  for (Step& step : steps) std::erase_if(step.clicks, is_known);
  std::erase_if(steps, [](const Step& step) { return step.is_empty(); });
  return steps;
}

}  // namespace gbrs::plugin
