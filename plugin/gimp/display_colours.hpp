// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimpui.h>

#include <memory>

#include "gimp/bridge.hpp"

namespace gbrs::plugin {

/// From sRGB to the colours of the monitor that shows a widget, as GIMP's preferences (Colour Management) say.
class DisplayColours final {
 public:
  DisplayColours() = default;  ///< leaves colours alone
  /// Main thread only; the widget is on a screen.
  explicit DisplayColours(GtkWidget* widget);

  /// Any thread, one at a time. Opacity stays.
  void convert(Pixels& pixels) const;

 private:
  struct Unref {
    void operator()(GimpColorTransform* transform) const { g_object_unref(transform); }
  };
  std::unique_ptr<GimpColorTransform, Unref> transform_;  // none: the monitor shows sRGB
};

}  // namespace gbrs::plugin
