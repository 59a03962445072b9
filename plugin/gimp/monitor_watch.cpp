// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/monitor_watch.hpp"

#include <utility>

#include "base/guard.hpp"

namespace gbrs::plugin {
namespace {

bool is_same(GimpColorProfile* one, GimpColorProfile* other) {
  if (one == nullptr || other == nullptr) return one == other;
  return gimp_color_profile_is_equal(one, other);
}

}  // namespace

MonitorWatch::MonitorWatch(GtkWidget* window, Callbacks callbacks) : window_(window), callbacks_(std::move(callbacks)) {
  g_signal_connect(window_, "configure-event", G_CALLBACK(on_configured), this);
}

MonitorWatch::~MonitorWatch() { g_signal_handlers_disconnect_by_data(window_, this); }

gboolean MonitorWatch::on_configured(GtkWidget*, GdkEvent*, gpointer data) {
  auto* const self = static_cast<MonitorWatch*>(data);
  guarded(false, self->callbacks_.error, [self] {
    self->look();
    return true;
  });
  return FALSE;
}

void MonitorWatch::look() {
  GdkWindow* const shown = gtk_widget_get_window(window_);
  GdkMonitor* const monitor = gdk_display_get_monitor_at_window(gtk_widget_get_display(window_), shown);
  if (monitor == nullptr || monitor == monitor_.get()) return;
  const bool is_first = monitor_ == nullptr;
  monitor_.reset(static_cast<GdkMonitor*>(g_object_ref(monitor)));
  // not the widget's: that would go by its size of before
  decltype(profile_) profile(gimp_monitor_get_color_profile(monitor));
  const bool is_other = !is_same(profile.get(), profile_.get());
  profile_ = std::move(profile);
  if (is_other && !is_first) callbacks_.changed();
}

}  // namespace gbrs::plugin
