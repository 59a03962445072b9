// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_start.hpp"

#include <algorithm>

#include "base/translation.hpp"
#include "gbrs/session.hpp"

namespace gbrs::plugin {
namespace {

std::string name_of(gpointer item) {
  gchar* const name = gimp_item_get_name(GIMP_ITEM(item));
  std::string text{name};
  g_free(name);
  return text;
}

// Takes what GIMP lists of children or of an image's own, with what is in it.
template <class Item>
void collect(Item** items, std::vector<GimpItem*>& all) {
  for (Item** one = items; one != nullptr && *one != nullptr; ++one) {
    GimpItem* const item = GIMP_ITEM(*one);
    all.push_back(item);
    if (gimp_item_is_group(item)) collect(gimp_item_get_children(item), all);
  }
  g_free(items);
}

std::vector<GimpItem*> layers_of(GimpImage* image) {
  std::vector<GimpItem*> layers;
  collect(gimp_image_get_layers(image), layers);
  return layers;
}

std::vector<GimpItem*> channels_of(GimpImage* image) {
  std::vector<GimpItem*> channels;
  collect(gimp_image_get_channels(image), channels);
  return channels;
}

}  // namespace

std::vector<StartName> start_names(GimpImage* image) {
  std::vector<StartName> names;
  for (GimpItem* const layer : layers_of(image)) names.push_back({.name = name_of(layer)});
  for (GimpItem* const channel : channels_of(image)) {
    std::string name = name_of(channel);
    if (!std::ranges::contains(names, name, &StartName::name)) {
      names.push_back({.name = std::move(name), .is_channel = true});
    }
  }
  return names;
}

Expected<GimpDrawable*> start_named(GimpImage* image, const std::string& name) {
  for (const auto& items : {layers_of(image), channels_of(image)}) {
    const auto found = std::ranges::find(items, name, [](GimpItem* item) { return name_of(item); });
    if (found != items.end()) return GIMP_DRAWABLE(*found);
  }
  return failure(ErrorCode::not_found,
                 formatted(_("The image has no layer or channel “%s” to start from."), name.c_str()));
}

Expected<Map> read_start_greys(GimpImage* image, GimpDrawable* start) {
  if (GIMP_IS_LAYER(start) && layers_of(image).size() == 1) {
    return failure(ErrorCode::unsupported, _("The only layer is the picture itself: a start is another one."));
  }
  gint left = 0;
  gint top = 0;
  gimp_drawable_get_offsets(start, &left, &top);
  const Rectangle part{-left, -top, gimp_image_get_width(image), gimp_image_get_height(image)};
  const int width = gimp_drawable_get_width(start);
  const int height = gimp_drawable_get_height(start);
  if (left > 0 || top > 0 || part.x + part.width > width || part.y + part.height > height) {
    return failure(ErrorCode::unsupported,
                   formatted(_("“%s” does not cover the whole picture: it has %d×%d pixels, from %d, %d on."),
                             name_of(start).c_str(), width, height, left, top));
  }
  return read_greys(start, part);
}

Expected<Map> glance_at(const Answer& answer) {
  constexpr double kGlance = 160;  // pixels of the longer side: a range needs no more
  const double scale = std::min(1.0, kGlance / std::max(answer.image_width(), answer.image_height()));
  return answer.render({0, 0, std::max(1, static_cast<int>(answer.image_width() * scale)),
                        std::max(1, static_cast<int>(answer.image_height() * scale))},
                       scale);
}

Expected<Map> look_at(const Model& model, const Pixels& pixels) {
  auto session = Session::create(model, pixels.view(), {.publish_every = 0});
  if (!session) return std::unexpected(session.error());
  return session->wait().and_then(glance_at);
}

}  // namespace gbrs::plugin
