// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <new>
#include <string>

// An exception that leaves a GTK or GLib callback ends the process, and the user's clicks with it. Every
// callback's body runs in guarded().

namespace gbrs::plugin {

/// What went wrong, as a sentence for the user. Only to be called in a catch block.
[[nodiscard]] std::string describe_current_exception();

/// body(), or `fallback` after on_error(sentence) when it threw.
template <class Result, class Body, class OnError>
Result guarded(Result fallback, OnError&& on_error, Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    try {
      on_error(describe_current_exception());
    } catch (...) {  // not even room for the message: the state is unchanged, go on
    }
    return fallback;
  }
}

}  // namespace gbrs::plugin
