// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas/meant_markers.hpp"

#include <utility>
#include <variant>

namespace gbrs::plugin {
namespace {

void move_to(Marker& marker, Point place) {
  const double dx = place.x - marker.image.x;
  const double dy = place.y - marker.image.y;
  marker.image = place;
  for (Point& part : marker.stroke) part = {part.x + dx, part.y + dy};
  if (marker.box) {
    marker.box = Box{marker.box->left + dx, marker.box->top + dy, marker.box->right + dx, marker.box->bottom + dy};
  }
}

}  // namespace

void show_meant(const Intention& meant, const LookOf& look_of, std::vector<Marker>& markers, MarkerFocus& focus) {
  const auto add = [&](Marker marker) {
    focus.hovered = markers.size();
    markers.push_back(std::move(marker));
  };
  std::visit(Overloaded{[&](const AddClick& click) {
                          add({.image = click.image,
                               .look = look_of(click.is_primary),
                               .radius = click.radius,
                               .is_radius_given = true});
                        },
                        [&](const AddPair& pair) {
                          add({.image = pair.click.image,
                               .look = look_of(pair.click.is_primary),
                               .radius = pair.click.radius,
                               .is_radius_given = true,
                               .other = pair.other});
                        },
                        [&](const AddStroke& stroke) {
                          add({.image = stroke.places.at(stroke.places.size() / 2),
                               .look = look_of(stroke.is_primary),
                               .radius = stroke.radius,
                               .is_radius_given = true,
                               .stroke = stroke.places});
                        },
                        [&](const AddBox& box) {
                          add({.image = {box.box.left, box.box.top}, .box = box.box});
                        },
                        [&](const SetBox& set) {
                          markers.at(set.click).box = set.box;
                          markers.at(set.click).image = {set.box.left, set.box.top};
                        },
                        [&](const MoveClick& move) { move_to(markers.at(move.click), move.image); },
                        [&](const SetRadius& set) {
                          markers.at(set.click).radius = set.radius;
                          markers.at(set.click).is_radius_given = true;
                        },
                        [](const auto&) {}},
             meant);
}

}  // namespace gbrs::plugin
