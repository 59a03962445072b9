// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/path_anchors.hpp"

#include <string_view>

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

constexpr std::string_view kExcludingPath = "exclude";

bool excludes(GimpPath* path) {
  gchar* const name = gimp_item_get_name(GIMP_ITEM(path));
  const bool is_excluding = std::string_view{name}.starts_with(kExcludingPath);
  g_free(name);
  return is_excluding;
}

void add_anchors(GimpPath* path, std::vector<Click>& clicks) {
  constexpr gsize kNumbersAnAnchor = 6;  // control point, anchor, control point
  constexpr gsize kAnchorX = 2;
  constexpr gsize kAnchorY = 3;
  gsize stroke_count = 0;
  gint* const strokes = gimp_path_get_strokes(path, &stroke_count);
  for (gsize i = 0; i < stroke_count; ++i) {
    gsize count = 0;
    gdouble* numbers = nullptr;
    gboolean is_closed = FALSE;
    gimp_path_stroke_get_points(path, strokes[i], &count, &numbers, &is_closed);
    for (gsize at = 0; at + kNumbersAnAnchor <= count; at += kNumbersAnAnchor) {
      clicks.push_back({.x = numbers[at + kAnchorX],
                        .y = numbers[at + kAnchorY],
                        .radius = std::nullopt,
                        .target = excludes(path) ? kExclude : kInclude});
    }
    g_free(numbers);
  }
  g_free(strokes);
}

bool has_selected_hints(GimpPath** selected) {
  for (GimpPath** path = selected; path != nullptr && *path != nullptr; ++path) {
    if (!excludes(*path)) return true;
  }
  return false;
}

}  // namespace

// A new path is the selected one, so that an excluding one needs no selecting.
std::vector<Click> clicks_of_paths(GimpImage* image) {
  std::vector<Click> clicks;
  GimpPath** const all = gimp_image_get_paths(image);
  GimpPath** const selected = gimp_image_get_selected_paths(image);
  for (GimpPath** path = has_selected_hints(selected) ? selected : all; path != nullptr && *path != nullptr; ++path) {
    if (!excludes(*path)) add_anchors(*path, clicks);
  }
  for (GimpPath** path = all; path != nullptr && *path != nullptr; ++path) {
    if (excludes(*path)) add_anchors(*path, clicks);
  }
  g_free(selected);
  g_free(all);
  return clicks;
}

Expected<std::vector<Step>> steps_of_paths(GimpImage* image) {
  auto steps = one_by_one(clicks_of_paths(image));
  if (!steps.empty()) return steps;
  return failure(ErrorCode::invalid_argument,
                 _("There is no path with anchors: with the Paths tool, click on the object first."));
}

}  // namespace gbrs::plugin
