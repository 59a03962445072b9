// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

namespace gbrs::plugin {

/// Says in the log (G_MESSAGES_DEBUG=gbrs) when the main loop stood still for longer than a user forgives. Does nothing
/// where nobody reads that log.
class StallWatch final {
 public:
  StallWatch() {
    if (g_log_writer_default_would_drop(G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN)) return;
    source_ = g_timeout_add_full(G_PRIORITY_HIGH, kTickMs, on_tick, this, nullptr);
  }
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;
  ~StallWatch() {
    if (source_ != 0) g_source_remove(source_);
  }

 private:
  static constexpr int kTickMs = 5;
  static constexpr int kForgivenMs = 50;

  static gboolean on_tick(gpointer data) {
    auto* const self = static_cast<StallWatch*>(data);
    constexpr gint64 kMicroseconds = 1000;
    const gint64 now = g_get_monotonic_time();
    const auto stood_ms = static_cast<int>((now - self->last_) / kMicroseconds) - kTickMs;
    if (self->last_ != 0 && stood_ms > kForgivenMs) g_debug("stall: %d ms", stood_ms);
    self->last_ = now;
    return G_SOURCE_CONTINUE;
  }

  guint source_ = 0;
  gint64 last_ = 0;
};

}  // namespace gbrs::plugin
