// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "canvas/pointer_tool.hpp"

namespace gbrs::plugin {

enum class MatteMode {
  value,  ///< how opaque it is: the left button the chosen number, the right one 0
  pair,   ///< as opaque as another place
  push,   ///< the left button more, the right one less
  // the brush over the trimap
  keep,     ///< the left button wholly the object, the right one the background
  drop,     ///< the other way round
  unknown,  ///< to be found out
};
inline constexpr int kMatteModes = 6;

/// Whether the pointer paints over the trimap instead of clicking.
[[nodiscard]] constexpr bool is_painting(MatteMode mode) { return mode >= MatteMode::keep; }

/// What clicks say of a matte, and what the brush paints over its trimap.
class MattePointer final : public PointerTool {
 public:
  void set_mode(MatteMode mode) { mode_ = mode; }
  [[nodiscard]] MatteMode mode() const { return mode_; }
  /// What the left button says in mode value, 0..1.
  void set_alpha(double alpha) { alpha_ = alpha; }
  [[nodiscard]] double alpha() const { return alpha_; }

  [[nodiscard]] Task task() const override { return Task::matte; }
  [[nodiscard]] bool takes_strokes() const override { return true; }
  [[nodiscard]] bool takes_pairs() const override { return mode_ == MatteMode::pair; }
  [[nodiscard]] std::optional<Known> paints(bool is_primary) const override;
  [[nodiscard]] std::optional<Click> click(const Answer& answer, Point place, std::optional<double> radius,
                                           bool is_primary) override;
  [[nodiscard]] std::optional<Click> flipped(const Click& click) const override;
  [[nodiscard]] bool takes_wheel() const override { return true; }
  [[nodiscard]] std::optional<double> turned(const Click& click, double notches) const override;
  [[nodiscard]] MarkerLook look(const Click& click) const override;
  [[nodiscard]] MarkerLook meant_look(bool is_primary) const override;
  [[nodiscard]] std::string words(const Click& click) const override;

 private:
  MatteMode mode_ = MatteMode::value;
  double alpha_ = 1;
};

/// Whether a click names an opacity itself.
[[nodiscard]] inline bool is_alpha(const Click& click) { return click.mode == ClickMode::value && !click.same_as; }

/// To the digits that are shown and asked for.
[[nodiscard]] double rounded_alpha(double alpha);

/// "0.30", in the user's language.
[[nodiscard]] std::string alpha_text(double alpha);

}  // namespace gbrs::plugin
