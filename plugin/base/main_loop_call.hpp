// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <glib.h>

#include <atomic>
#include <functional>
#include <string>
#include <utility>

#include "base/guard.hpp"

namespace gbrs::plugin {

/// A function that any thread asks for and the main loop calls. Made and destroyed by the main thread; whoever
/// asks from another thread ends that thread before.
class MainLoopCall final {
 public:
  /// `on_error` gets a sentence for the user when `function` throws.
  MainLoopCall(std::function<void()> function, std::function<void(const std::string&)> on_error)
      : function_(std::move(function)), on_error_(std::move(on_error)) {}
  MainLoopCall(const MainLoopCall&) = delete;
  MainLoopCall& operator=(const MainLoopCall&) = delete;
  ~MainLoopCall() {
    while (g_idle_remove_by_data(this)) {
    }
  }

  /// The function is called once after this; several requests before that are one.
  void request() {
    if (!is_due_.exchange(true)) g_idle_add(call, this);
  }

 private:
  static gboolean call(gpointer data) {
    auto* const self = static_cast<MainLoopCall*>(data);
    self->is_due_ = false;
    guarded(false, self->on_error_, [self] {
      self->function_();
      return true;
    });
    return G_SOURCE_REMOVE;
  }

  std::function<void()> function_;
  std::function<void(const std::string&)> on_error_;
  std::atomic<bool> is_due_ = false;
};

}  // namespace gbrs::plugin
