// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "canvas/painted.hpp"
#include "gbrs/step.hpp"

namespace gbrs::plugin {

/// What the user says of a picture: by clicks, and by painting over the trimap.
struct Said {
  std::vector<Step> steps;
  std::vector<PaintedStroke> painted;
  std::vector<std::string> classes = {};  ///< names by the numbers that the steps say; empty: the model has none
};

/// All that was said since the window opened, change by change. A session goes back as far as it began; this goes back
/// over the sessions that painting needs, too.
class Versions final {
 public:
  [[nodiscard]] const Said& now() const { return versions_[now_]; }
  /// The same steps, of which the engine now knows whether they are refined.
  void update(std::vector<Step> steps) { versions_[now_].steps = std::move(steps); }
  /// Forgets what was undone.
  void add(Said said) {
    versions_.resize(now_ + 1);
    versions_.push_back(std::move(said));
    ++now_;
  }
  [[nodiscard]] bool can_undo() const { return now_ > 0; }
  [[nodiscard]] bool can_redo() const { return now_ + 1 < versions_.size(); }
  void undo() { --now_; }  ///< only if it can
  void redo() { ++now_; }  ///< likewise

 private:
  std::vector<Said> versions_{1};
  std::size_t now_ = 0;
};

}  // namespace gbrs::plugin
