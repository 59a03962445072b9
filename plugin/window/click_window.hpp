// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <functional>
#include <optional>
#include <string>

#include "base/stall_watch.hpp"
#include "canvas/canvas.hpp"
#include "editing/applying.hpp"
#include "editing/editing.hpp"
#include "editing/keeping.hpp"
#include "editing/picture_loading.hpp"
#include "gbrs/gbrs.hpp"
#include "gimp/image_watch.hpp"
#include "gimp/monitor_watch.hpp"
#include "window/brush_controls.hpp"
#include "window/click_list.hpp"
#include "window/click_preview.hpp"
#include "window/editing_view.hpp"
#include "window/offer_bar.hpp"
#include "window/view_controls.hpp"
#include "window/window_keys.hpp"
#include "window/window_layout.hpp"
#include "window/window_tool.hpp"

namespace gbrs::plugin {

/// Life of the window: shown -> picture read in bands -> session made (its worker loads libtorch) -> clicks ->
/// Apply: wait until the answer is final, render in a thread, write. libgimp is called from the main loop only.
/// This class connects the parts: each of them knows nothing of the others.
class ClickWindow final {
 public:
  /// After gimp_ui_init(). The window's choices are bound to `config`, which has the arguments of
  /// add_method_arguments(). All of them outlive this.
  ClickWindow(WindowTool& tool, GimpImage* image, const Model& model, SessionOptions options,
              GimpProcedureConfig* config);
  ClickWindow(const ClickWindow&) = delete;
  ClickWindow& operator=(const ClickWindow&) = delete;
  ~ClickWindow();

  /// Shows the window and runs a main loop until it closes. Returns the answer that was applied to the image; none when
  /// the user cancelled or closed the image.
  std::optional<Answer> run();
  void show_error(const std::string& text) { layout_.show_message(text, GTK_MESSAGE_ERROR); }

 private:
  static gboolean on_mapped(GtkWidget*, GdkEvent*, gpointer self);
  static gboolean on_delete(GtkWidget*, GdkEvent*, gpointer self);

  Canvas::Callbacks canvas_callbacks();
  PictureLoading::Callbacks loading_callbacks();
  Applying::Callbacks applying_callbacks();
  void connect();
  void begin_reading();
  bool begin_session(const Pixels& pixels);
  void change_method();
  void restart();
  void tell_failure(const std::string& text);
  [[nodiscard]] EditingView::Standing standing() const;
  void offer_what_was_kept();
  void offer_kept_clicks();
  void tell_left_out();
  void refresh();
  void image_resized();
  void offer_reading_again(const char* why);
  void show_again();
  bool obey(Command command);

  void obey(const Intention& intention);
  void undo() {
    change([this](Editing& editing) { report(editing.undo()); });
  }
  void redo() {
    change([this](Editing& editing) { report(editing.redo()); });
  }
  void stop();
  void change(const std::function<void(Editing&)>& edit);
  void report(const Expected<void>& result);

  void escape();

  void apply();
  void begin_applying();
  void apply_and_go_on();
  void show_written();
  void show_help();
  void close() { g_main_loop_quit(loop_); }
  [[nodiscard]] WindowLayout layout(GimpImage* image);
  [[nodiscard]] Expected<void> check() const { return tool_.check(watch_.width(), watch_.height()); }

  StallWatch stalls_;
  WindowTool& tool_;
  GimpProcedureConfig* config_;
  WindowLayout layout_;
  GMainLoop* loop_;
  std::string notice_;  // from loading the model, shown once
  Canvas canvas_;
  ClickList list_;
  Editing editing_;
  Keeping keeping_;
  OfferBar offer_;
  bool has_declined_ = false;  // what was kept
  bool is_outdated_ = false;   // the session there is: something else was chosen, or is to be read
  bool goes_on_ = false;  // with another object after applying
  bool has_old_colours_ = false;  // until the image is not written any more
  PictureLoading loading_;
  ImageWatch watch_;
  Applying applying_;
  EditingView shown_;
  // once there are widgets
  std::optional<MonitorWatch> monitor_;
  std::optional<ViewControls> view_;
  std::optional<BrushControls> brush_;
  std::optional<ClickPreview> preview_;
  std::optional<WindowKeys> keys_;
};

}  // namespace gbrs::plugin
