// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include "canvas/views.hpp"
#include "gimp/bare_image.hpp"
#include "gimp/output.hpp"
#include "tools/matte/matte_panel.hpp"
#include "tools/matte/matte_pointer.hpp"
#include "window/window_tool.hpp"

namespace gbrs::plugin {

/// How opaque an object is where it is neither wholly there nor wholly not: clicks name opacities, the brush changes
/// what is known.
class MatteTool final : public WindowTool {
 public:
  /// The window's choices are bound to `config`, which outlives this.
  MatteTool(const Target& target, GimpProcedureConfig* config);
  ~MatteTool() override;

  /// What was painted over the trimap of the answer that was applied, as the procedure's argument has it.
  [[nodiscard]] const std::string& painted() const { return painted_; }

  [[nodiscard]] PointerTool& pointer() override { return pointer_; }
  [[nodiscard]] const WindowTexts& texts() const override;
  [[nodiscard]] std::span<const ResultChoice> choices() const override;
  [[nodiscard]] GtkWidget* panel() override { return panel_.widget(); }
  [[nodiscard]] std::span<const ViewChoice> views() const override;
  void set_view(int view) override { view_ = view; }
  [[nodiscard]] std::shared_ptr<const Painter> painter() const override;
  Expected<void> prepare(const Model& model, SessionOptions& options) override;
  [[nodiscard]] GimpImage* picture(GimpImage* image) override;
  void show(const Answer& answer) override;
  void show_known(const std::shared_ptr<const Trimap>& trimap) override;
  void choose(const std::optional<ChosenClick>& chosen) override;
  void point(const std::optional<Point>& place) override;
  void brush_taken(bool is_in_hand) override;
  using WindowTool::obey;
  bool obey(char letter) override;
  [[nodiscard]] Expected<void> check(int width, int height) const override;
  [[nodiscard]] std::unique_ptr<Result> result(const Editing& editing) override;

 private:
  [[nodiscard]] Target target() const;
  void set_mode(MatteMode mode);
  void set_alpha(double alpha);
  void show_alpha();
  void show_here();
  void show_start();

  Target target_;
  GimpProcedureConfig* config_;
  MattePointer pointer_;
  MattePanel panel_;
  int view_ = 0;                             // of views()
  MatteMode clicking_ = MatteMode::value;    // the last of its kind
  MatteMode painting_ = MatteMode::unknown;  // likewise
  Answer answer_;
  std::shared_ptr<const Trimap> trimap_;
  std::optional<ChosenClick> chosen_;
  std::optional<Point> pointed_;
  std::optional<BareImage> picture_;
  std::string painted_;
};

}  // namespace gbrs::plugin
