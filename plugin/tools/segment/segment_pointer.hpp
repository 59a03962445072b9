// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "canvas/pointer_tool.hpp"

namespace gbrs::plugin {

/// The left button includes, the right one excludes.
class SegmentPointer final : public PointerTool {
 public:
  [[nodiscard]] Task task() const override { return Task::segment; }
  [[nodiscard]] bool takes_boxes() const override { return true; }
  [[nodiscard]] bool takes_strokes() const override { return true; }
  [[nodiscard]] std::optional<Click> click(const Answer& answer, Point place, std::optional<double> radius,
                                           bool is_primary) override;
  [[nodiscard]] std::optional<Click> flipped(const Click& click) const override;
  [[nodiscard]] MarkerLook look(const Click& click) const override;
  [[nodiscard]] MarkerLook meant_look(bool is_primary) const override;
  [[nodiscard]] std::string words(const Click& click) const override;
};

}  // namespace gbrs::plugin
