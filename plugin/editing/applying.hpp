// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/main_loop_call.hpp"
#include "gbrs/answer.hpp"
#include "gimp/result.hpp"

namespace gbrs::plugin {

/// What happens after Apply: the answer is waited for, rendered in a thread, and written by the main loop, band by band
/// when it has nothing else to do. Until the last moment it can be stopped, and the image is as it was.
class Applying final {
 public:
  struct Callbacks {
    std::function<void()> changed;  ///< is_running() or fraction() is another
    std::function<void()> written;
    std::function<void(const std::string& message)> error;
  };

  explicit Applying(Callbacks callbacks);
  Applying(const Applying&) = delete;
  Applying& operator=(const Applying&) = delete;
  ~Applying();

  /// The user wants it: begin() is due as soon as the answer is final.
  void want() { is_wanted_ = true; }
  void forget() { is_wanted_ = false; }
  [[nodiscard]] bool is_wanted() const { return is_wanted_; }

  /// Makes this of the answer.
  void begin(const Answer& answer, std::unique_ptr<Result> result);
  /// Forgets what was begun; the image is unchanged.
  void stop();
  [[nodiscard]] bool is_running() const { return run_ != nullptr; }
  [[nodiscard]] double fraction() const;  ///< 0..1
  /// What was written; none yet.
  [[nodiscard]] const std::optional<Answer>& applied() const { return applied_; }

 private:
  /// What a thread works on, which may take a while to notice that it is stopped.
  struct Run {
    std::unique_ptr<Result> result;
    std::atomic<double> share_rendered = 0;
    Expected<void> rendered;  // made by the thread before is_rendered
    std::atomic<bool> is_rendered = false;
    bool is_written = false;  // or being so
    std::jthread thread;      // last: ends before the rest goes
  };

  static gboolean on_idle(gpointer self);
  void show_rendering();
  void render(Run& run, const std::stop_token& stop);
  bool write_some();
  void forget_ended();
  void end(const Expected<void>& result);

  Callbacks callbacks_;
  bool is_wanted_ = false;
  Answer answer_;
  std::optional<Answer> applied_;
  MainLoopCall rendering_;
  std::unique_ptr<Run> run_;                // null: nothing was begun
  std::vector<std::unique_ptr<Run>> left_;  // stopped, and not ended yet; last: ends before the rest goes
};

}  // namespace gbrs::plugin
