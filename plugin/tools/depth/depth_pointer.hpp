// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "canvas/pointer_tool.hpp"

namespace gbrs::plugin {

enum class DepthMode {
  value,  ///< how far it is: what the answer says there, until somebody changes it
  pair,   ///< as far as another place
  push,   ///< the left button nearer, the right one farther
};

/// What clicks say of a depth map.
class DepthPointer final : public PointerTool {
 public:
  void set_mode(DepthMode mode) { mode_ = mode; }
  [[nodiscard]] DepthMode mode() const { return mode_; }
  void set_unit(std::string unit) { unit_ = std::move(unit); }
  [[nodiscard]] const std::string& unit() const { return unit_; }
  /// What the right button says in mode value: the depth that was spoken of last; as long as there is none, what the
  /// left one says.
  void set_last(double depth) { last_ = depth; }
  [[nodiscard]] const std::optional<double>& last() const { return last_; }
  /// "2.40 m", in the user's language.
  [[nodiscard]] std::string text(double depth) const;

  [[nodiscard]] Task task() const override { return Task::depth; }
  [[nodiscard]] bool takes_pairs() const override { return mode_ == DepthMode::pair; }
  [[nodiscard]] std::optional<Click> click(const Answer& answer, Point place, std::optional<double> radius,
                                           bool is_primary) override;
  [[nodiscard]] std::optional<Click> flipped(const Click& click) const override;
  [[nodiscard]] bool takes_wheel() const override { return true; }
  [[nodiscard]] std::optional<double> turned(const Click& click, double notches) const override;
  [[nodiscard]] MarkerLook look(const Click& click) const override;
  [[nodiscard]] MarkerLook meant_look(bool is_primary) const override;
  [[nodiscard]] std::string words(const Click& click) const override;

 private:
  DepthMode mode_ = DepthMode::value;
  std::string unit_;
  std::optional<double> last_;
};

/// Whether a click names a depth itself.
[[nodiscard]] inline bool is_depth(const Click& click) { return click.mode == ClickMode::value && !click.same_as; }

/// To the digits that are shown and asked for.
[[nodiscard]] double rounded_depth(double depth);

}  // namespace gbrs::plugin
