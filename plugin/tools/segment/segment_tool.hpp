// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include "gimp/output.hpp"
#include "tools/segment/edge_controls.hpp"
#include "tools/segment/segment_pointer.hpp"
#include "window/window_tool.hpp"

namespace gbrs::plugin {

/// Selecting an object: clicks include and exclude, the result is a coverage whose edge can be adjusted.
class SegmentTool final : public WindowTool {
 public:
  /// The window's choices are bound to `config`, which outlives this.
  SegmentTool(const Target& target, GimpProcedureConfig* config);
  ~SegmentTool() override;

  [[nodiscard]] PointerTool& pointer() override { return pointer_; }
  [[nodiscard]] const WindowTexts& texts() const override;
  [[nodiscard]] std::span<const ResultChoice> choices() const override;
  [[nodiscard]] GtkWidget* folded() override { return edge_.widget(); }
  [[nodiscard]] std::span<const ViewChoice> views() const override;
  void set_view(int view) override { view_ = static_cast<View>(view); }
  [[nodiscard]] std::shared_ptr<const Painter> painter() const override;
  Expected<void> prepare(const Model&, SessionOptions& options) override;
  using WindowTool::obey;
  bool obey(Command command) override;
  [[nodiscard]] bool has_preview() const override { return true; }
  [[nodiscard]] bool needs_clicks() const override { return true; }
  [[nodiscard]] Expected<void> check(int width, int height) const override;
  [[nodiscard]] std::unique_ptr<Result> result(const Editing& editing) override;
  std::string begin_next() override;

 private:
  [[nodiscard]] Target target() const;

  Target target_;
  GimpProcedureConfig* config_;
  SegmentPointer pointer_;
  EdgeControls edge_;
  View view_ = View::tint;
  bool has_chosen_add_ = false;  // for the user, who may choose something else
};

}  // namespace gbrs::plugin
