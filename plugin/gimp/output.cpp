// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/output.hpp"

#include <string>

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

bool has_locked_child(GimpItem* item) {
  if (!gimp_item_is_group(item)) return false;
  GimpItem** const children = gimp_item_get_children(item);
  bool is_locked = false;
  for (GimpItem** child = children; child != nullptr && *child != nullptr && !is_locked; ++child) {
    is_locked = gimp_item_get_lock_content(*child) || has_locked_child(*child);
  }
  g_free(children);
  return is_locked;
}

bool is_content_locked(GimpItem* item) {
  for (GimpItem* at = item; at != nullptr; at = gimp_item_get_parent(at)) {
    if (gimp_item_get_lock_content(at)) return true;
  }
  return has_locked_child(item);
}

bool has_locked_parent(GimpItem* item) {
  GimpItem* const parent = gimp_item_get_parent(item);
  return parent != nullptr && is_content_locked(parent);
}

}  // namespace

GimpLayer* target_layer(GimpDrawable** drawables) {
  if (drawables == nullptr || drawables[0] == nullptr || drawables[1] != nullptr) return nullptr;
  if (GIMP_IS_LAYER_MASK(drawables[0])) return gimp_layer_from_mask(GIMP_LAYER_MASK(drawables[0]));
  return GIMP_IS_LAYER(drawables[0]) ? GIMP_LAYER(drawables[0]) : nullptr;
}

Expected<void> check_target(const Target& target, int width, int height) {
  if (!gimp_image_is_valid(target.image)) return failure(ErrorCode::not_found, _("The image was closed."));
  if (gimp_image_get_width(target.image) != width || gimp_image_get_height(target.image) != height) {
    return failure(ErrorCode::unsupported,
                   formatted(_("The image is not %d×%d pixels any more. Undo that change in GIMP, or close this "
                               "window and click again."),
                             width, height));
  }
  const bool needs_layer =
      target.output != Output::selection && target.output != Output::channel && target.output != Output::labels;
  if (!needs_layer) return {};
  if (target.layer == nullptr || !gimp_item_is_valid(GIMP_ITEM(target.layer))) {
    return failure(ErrorCode::invalid_argument, _("This output needs one layer: select it first."));
  }
  GimpItem* const item = GIMP_ITEM(target.layer);
  if (target.output == Output::cut_out && gimp_item_is_group(item)) {
    return failure(ErrorCode::unsupported,
                   _("A group has no pixels of its own to cut out: choose a new layer with a mask, or a layer."));
  }
  if (gimp_image_get_floating_sel(target.image) != nullptr) {
    return failure(ErrorCode::unsupported, _("Anchor the floating selection first."));
  }
  const bool is_locked = target.output == Output::layer_mask
                             ? is_content_locked(item)
                             : has_locked_parent(item) || has_locked_child(item);
  if (is_locked) {
    gchar* const name = gimp_item_get_name(item);
    const std::string text =
        formatted(_("The pixels of layer “%s” are locked: unlock them in the Layers dialog first."), name);
    g_free(name);
    return failure(ErrorCode::unsupported, text);
  }
  return {};
}

}  // namespace gbrs::plugin
