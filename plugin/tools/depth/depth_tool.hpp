// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include "tools/depth/blur_levels.hpp"
#include "tools/depth/depth_painter.hpp"
#include "tools/depth/depth_panel.hpp"
#include "tools/depth/depth_pointer.hpp"
#include "tools/depth/depth_starting.hpp"
#include "window/window_tool.hpp"

namespace gbrs::plugin {

/// How far away everything is: clicks name depths, the result is a layer of grey values.
class DepthTool final : public WindowTool {
 public:
  /// The window's choices are bound to `config`, which outlives this.
  DepthTool(GimpImage* image, GimpProcedureConfig* config);
  ~DepthTool() override;

  /// The image that has the layer; null: nothing was written.
  [[nodiscard]] GimpImage* written() const { return written_; }

  [[nodiscard]] PointerTool& pointer() override { return pointer_; }
  [[nodiscard]] const WindowTexts& texts() const override;
  [[nodiscard]] std::span<const ResultChoice> choices() const override;
  [[nodiscard]] GtkWidget* panel() override { return panel_.widget(); }
  [[nodiscard]] std::span<const ViewChoice> views() const override;
  void set_view(int view) override;
  [[nodiscard]] std::shared_ptr<const Painter> painter() const override;
  [[nodiscard]] GtkWidget* start_choice() override { return starting_.widget(); }
  Expected<void> prepare(const Model& model, SessionOptions& options) override;
  [[nodiscard]] GimpImage* picture(GimpImage* image) override { return starting_.picture(image); }
  [[nodiscard]] bool begin(const Pixels& pixels) override { return starting_.begin(pixels); }
  [[nodiscard]] bool is_preparing() const override { return waiting_ != 0 || starting_.is_looking(); }
  void show_picture(const std::shared_ptr<const Picture>& picture) override;
  void show(const Answer& answer) override;
  void choose(const std::optional<ChosenClick>& chosen) override;
  void point(const std::optional<Point>& place) override;
  using WindowTool::obey;
  bool obey(char letter) override;
  [[nodiscard]] bool chooses_new() const override { return true; }
  [[nodiscard]] Expected<void> check(int width, int height) const override;
  [[nodiscard]] std::unique_ptr<Result> result(const Editing& editing) override;

 private:
  void set_mode(DepthMode mode);
  void set_depth(double depth);
  void change_scale();
  static gboolean on_waited(gpointer self);
  void show_scale();
  void show_here();
  void show_sensitivity();
  void show_focus();

  GimpImage* image_;
  GimpProcedureConfig* config_;
  DepthPointer pointer_;
  DepthPanel panel_;
  DepthStarting starting_;
  guint waiting_ = 0;  // a timer: the start's greys mean something else, and the user may not be done
  DepthView view_ = DepthView::colours;
  std::shared_ptr<BlurLevels> blurs_;  // of the picture; null: not there yet
  double diagonal_ = 0;                // of it, in pixels
  Answer answer_;
  DepthScale scale_;    // with the range that is shown
  double nearest_ = 0;  // of the answer
  double farthest_ = 0;
  std::optional<ChosenClick> chosen_;
  std::optional<Point> pointed_;
  GimpImage* written_ = nullptr;
};

}  // namespace gbrs::plugin
