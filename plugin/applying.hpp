// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "coverage.hpp"
#include "main_loop_call.hpp"
#include "output.hpp"

namespace gbrs::plugin {

/// What happens after Apply: the answer is waited for, rendered in a thread, and written by the main loop.
class Applying final {
 public:
  struct Callbacks {
    std::function<Target()> target;  ///< what the user has chosen by now
    std::function<void()> changed;   ///< is_running() is another
    std::function<void()> written;
    std::function<void(const std::string& message)> error;
  };

  explicit Applying(Callbacks callbacks);

  /// The user wants it: begin() is due as soon as the answer is final.
  void want() { is_wanted_ = true; }
  void forget() { is_wanted_ = false; }
  [[nodiscard]] bool is_wanted() const { return is_wanted_; }

  /// Renders this answer, adjusted, and writes it, unless the image is not fit for it any more.
  void begin(const Answer& answer, const Adjustments& adjustments);
  [[nodiscard]] bool is_running() const { return is_running_; }
  /// What was written; none yet.
  [[nodiscard]] const std::optional<Answer>& applied() const { return applied_; }

 private:
  void finish();

  Callbacks callbacks_;
  bool is_wanted_ = false;
  bool is_running_ = false;
  Answer answer_;
  Expected<Coverage> rendered_;  // between the thread that makes it and finish()
  std::optional<Answer> applied_;
  MainLoopCall rendering_done_;
  std::jthread thread_;  // last: ends before the rest goes
};

}  // namespace gbrs::plugin
