// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/bare_image.hpp"

namespace gbrs::plugin {
namespace {

template <class Do>
void for_each_channel(GimpImage* image, Do what) {
  GimpChannel** const channels = gimp_image_get_channels(image);
  for (GimpChannel** one = channels; one != nullptr && *one != nullptr; ++one) what(GIMP_ITEM(*one));
  g_free(channels);
}

bool has_visible_channel(GimpImage* image) {
  bool is_visible = false;
  for_each_channel(image,
                   [&](GimpItem* channel) { is_visible = is_visible || gimp_item_get_visible(channel) != FALSE; });
  return is_visible;
}

/// Whether the picture is the same without it. Without its only layer an image shows nothing, which has to be said.
bool makes_no_difference(GimpImage* image, GimpDrawable* drawable) {
  if (gimp_item_get_visible(GIMP_ITEM(drawable)) != FALSE) return false;
  GimpLayer** const layers = gimp_image_get_layers(image);
  const bool is_only_layer = layers != nullptr && GIMP_DRAWABLE(layers[0]) == drawable && layers[1] == nullptr;
  g_free(layers);
  return !is_only_layer;
}

}  // namespace

BareImage::BareImage(GimpImage* image) : image_(image) {
  if (!has_visible_channel(image_)) return;
  copy_ = gimp_image_duplicate(image);  // hiding them in the image itself would change it
  image_ = copy_;
  for_each_channel(image_, [](GimpItem* channel) { gimp_item_set_visible(channel, FALSE); });
}

BareImage::BareImage(GimpImage* image, GimpDrawable* left_out) : image_(image) {
  if (left_out == nullptr || makes_no_difference(image, left_out)) return;
  copy_ = gimp_image_duplicate(image);  // to take it out of the image itself would be an undo step
  image_ = copy_;
  gchar* const name = gimp_item_get_name(GIMP_ITEM(left_out));  // the only one; tattoos are others in a copy
  if (GIMP_IS_LAYER(left_out)) {
    gimp_image_remove_layer(copy_, gimp_image_get_layer_by_name(copy_, name));
  } else {
    gimp_image_remove_channel(copy_, gimp_image_get_channel_by_name(copy_, name));
  }
  g_free(name);
}

BareImage::~BareImage() {
  if (copy_ != nullptr) gimp_image_delete(copy_);
}

}  // namespace gbrs::plugin
