// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimpui.h>

#include <functional>
#include <memory>
#include <string>

namespace gbrs::plugin {

/// Looks, whenever a window moves, whether it is on a monitor of other colours than before.
class MonitorWatch final {
 public:
  struct Callbacks {
    std::function<void()> changed;  ///< another monitor, with another profile
    std::function<void(const std::string& message)> error;
  };

  /// `window` outlives this.
  MonitorWatch(GtkWidget* window, Callbacks callbacks);
  MonitorWatch(const MonitorWatch&) = delete;
  MonitorWatch& operator=(const MonitorWatch&) = delete;
  ~MonitorWatch();

 private:
  struct Unref {
    void operator()(gpointer object) const { g_object_unref(object); }
  };

  static gboolean on_configured(GtkWidget* window, GdkEvent*, gpointer self);
  void look();

  GtkWidget* window_;
  Callbacks callbacks_;
  std::unique_ptr<GdkMonitor, Unref> monitor_;         // none: the window was not seen on one yet
  std::unique_ptr<GimpColorProfile, Unref> profile_;  // none: the monitor has none
};

}  // namespace gbrs::plugin
