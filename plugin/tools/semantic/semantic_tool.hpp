// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <vector>

#include "gimp/output.hpp"
#include "tools/semantic/kinds.hpp"
#include "tools/semantic/semantic_painter.hpp"
#include "tools/semantic/semantic_panel.hpp"
#include "tools/semantic/semantic_pointer.hpp"
#include "window/window_tool.hpp"

namespace gbrs::plugin {

/// Selecting by kinds of things: clicks name kinds, those that are ticked become the result.
class SemanticTool final : public WindowTool {
 public:
  /// The window's choices are bound to `config`, which outlives this.
  SemanticTool(const Target& target, GimpProcedureConfig* config);

  [[nodiscard]] const std::vector<Kind>& found() const { return found_; }
  [[nodiscard]] std::vector<Kind> ticked() const;

  [[nodiscard]] PointerTool& pointer() override { return pointer_; }
  [[nodiscard]] const WindowTexts& texts() const override;
  [[nodiscard]] std::span<const ResultChoice> choices() const override;
  [[nodiscard]] GtkWidget* panel() override { return panel_.widget(); }
  [[nodiscard]] std::span<const ViewChoice> views() const override;
  void set_view(int view) override { view_ = static_cast<SemanticView>(view); }
  [[nodiscard]] std::shared_ptr<const Painter> painter() const override;
  Expected<void> prepare(const Model& model, SessionOptions& options) override;
  void begun() override;
  void show(const Answer& answer) override;
  using WindowTool::obey;
  bool obey(char letter) override { return panel_.obey(letter); }
  [[nodiscard]] Expected<void> check(int width, int height) const override;
  [[nodiscard]] std::unique_ptr<Result> result(const Editing& editing) override;

 private:
  [[nodiscard]] Target target() const;
  void set_pairs(bool takes_pairs);

  Target target_;
  GimpProcedureConfig* config_;
  SemanticPointer pointer_;
  SemanticPanel panel_;
  ModelInfo next_;  // of the session that is to begin
  SemanticView view_ = SemanticView::tint;
  std::vector<Kind> found_;
};

}  // namespace gbrs::plugin
