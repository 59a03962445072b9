// SPDX-License-Identifier: GPL-3.0-or-later
#include "select_window.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "applying.hpp"
#include "brush_controls.hpp"
#include "canvas.hpp"
#include "click_list.hpp"
#include "click_preview.hpp"
#include "editing.hpp"
#include "editing_view.hpp"
#include "help.hpp"
#include "image_watch.hpp"
#include "keeping.hpp"
#include "offer_bar.hpp"
#include "picture_loading.hpp"
#include "select_procedure.hpp"
#include "selecting.hpp"
#include "shortcuts.hpp"
#include "signal.hpp"
#include "stall_watch.hpp"
#include "start.hpp"
#include "translation.hpp"
#include "view_controls.hpp"
#include "window_keys.hpp"
#include "window_layout.hpp"

namespace gbrs::plugin {
namespace {

// Life of the window: shown -> picture read in bands -> session made (its worker loads libtorch) -> clicks ->
// Apply: wait until the answer is final, render in a thread, write. libgimp is called from the main loop only.
// This class connects the parts: each of them knows nothing of the others.
class SelectWindow final {
 public:
  SelectWindow(const Target& target, const Model& model, SessionOptions options, GimpProcedureConfig* config);
  SelectWindow(const SelectWindow&) = delete;
  SelectWindow& operator=(const SelectWindow&) = delete;
  ~SelectWindow();

  std::optional<Answer> run();
  void show_error(const std::string& text) { layout_.show_message(text, GTK_MESSAGE_ERROR); }

 private:
  static gboolean on_mapped(GtkWidget*, GdkEvent*, gpointer self);
  static gboolean on_delete(GtkWidget*, GdkEvent*, gpointer self);

  Canvas::Callbacks canvas_callbacks();
  PictureLoading::Callbacks loading_callbacks();
  Applying::Callbacks applying_callbacks();
  void connect();
  void begin_session(const Pixels& pixels);
  void restart();
  void offer_kept_clicks();
  void refresh();
  void image_resized();
  void offer_reading_again();
  bool obey(Command command);

  void obey(const Intention& intention);
  void undo() { change([](Editing& editing) { editing.undo(); }); }
  void redo() { change([](Editing& editing) { editing.redo(); }); }
  void stop();
  template <class Body>
  void change(Body&& body);
  void report(const Expected<void>& result);

  void escape();

  void apply();
  void apply_and_go_on();
  void show_written();
  void show_help();
  void close() { g_main_loop_quit(loop_); }
  [[nodiscard]] Target current_target() const;

  StallWatch stalls_;
  Target target_;
  GimpProcedureConfig* config_;
  WindowLayout layout_;
  GMainLoop* loop_;
  std::string notice_;  // from loading the model, shown once
  Canvas canvas_;
  ClickList list_;
  Editing editing_;
  Keeping keeping_;
  OfferBar offer_;
  bool was_offered_ = false;
  bool goes_on_ = false;         // with another object after applying
  bool has_chosen_add_ = false;  // for the user, who may choose something else
  PictureLoading loading_;
  ImageWatch watch_;
  Applying applying_;
  EditingView shown_;
  // once there are widgets
  std::optional<ViewControls> view_;
  std::optional<BrushControls> brush_;
  std::optional<ClickPreview> preview_;
  std::optional<WindowKeys> keys_;
};

SelectWindow::SelectWindow(const Target& target, const Model& model, SessionOptions options,
                           GimpProcedureConfig* config)
    : target_(target),
      config_(config),
      loop_(g_main_loop_new(nullptr, FALSE)),
      canvas_(canvas_callbacks()),
      list_({.intention = [this](const Intention& intention) { obey(intention); },
             .error = [this](const std::string& text) { show_error(text); }}),
      editing_(model, std::move(options), [this] { refresh(); },
               [this](const std::string& text) { show_error(text); }),
      keeping_(target.image),
      offer_([this](const std::string& text) { show_error(text); }),
      loading_(target.image, canvas_.widget(), loading_callbacks()),
      watch_(target.image, {.closed = [this] { close(); },
                            .resized = [this] { image_resized(); },
                            .repainted = [this] { offer_reading_again(); },
                            .error = [this](const std::string& text) { show_error(text); }}),
      applying_(applying_callbacks()),
      shown_(editing_, applying_, layout_, canvas_, list_) {
  gchar* const name = gimp_image_get_name(target.image);
  layout_ = build_window(canvas_.widget(), list_.widget(), offer_.widget(), name, watch_.width(), watch_.height(),
                         G_OBJECT(config));
  g_free(name);
  keeping_.set_method(model, config);
  view_.emplace(canvas_, layout_, config, [this](const std::string& text) { show_error(text); });
  brush_.emplace(canvas_, layout_, [this](const std::string& text) { show_error(text); });
  preview_.emplace(canvas_, editing_, layout_.preview, [this](const std::string& text) { show_error(text); });
  keys_.emplace(layout_.window, WindowKeys::Callbacks{.pressed = [this](Command command) { return obey(command); },
                                                      .comparison_ended = [this] { view_->end_comparison(); },
                                                      .error = [this](const std::string& text) { show_error(text); }});
  connect();
  refresh();
}

SelectWindow::~SelectWindow() {
  g_signal_handlers_disconnect_by_data(config_, this);
  keys_.reset();
  gtk_widget_destroy(layout_.window);
  g_main_loop_unref(loop_);
}

Canvas::Callbacks SelectWindow::canvas_callbacks() {
  return {.intention = [this](const Intention& intention) { obey(intention); },
          .pointed =
              [this](const std::optional<PointedAt>& place) {
                if (preview_) preview_->point(applying_.is_running() ? std::nullopt : place);
              },
          .view_changed = [this] { view_->show_zoom(); },
          .error = [this](const std::string& text) { show_error(text); }};
}

PictureLoading::Callbacks SelectWindow::loading_callbacks() {
  return {.progress =
              [this](double fraction) {
                constexpr double kPercent = 100;
                layout_.set_status(formatted(_("Reading the picture: %.0f %%"), fraction * kPercent));
                layout_.set_progress(fraction);
              },
          .read = [this](const Pixels& pixels) { begin_session(pixels); },
          .made = [this](std::unique_ptr<const Picture> picture) { canvas_.set_picture(std::move(picture)); },
          .error = [this](const std::string& text) { show_error(text); }};
}

Applying::Callbacks SelectWindow::applying_callbacks() {
  return {.target = [this] { return current_target(); },
          .changed = [this] { refresh(); },
          .written = [this] { show_written(); },
          .error = [this](const std::string& text) { show_error(text); }};
}

void SelectWindow::connect() {
  const auto on_click = [this](GtkWidget* button, void (*callback)(GtkWidget*, gpointer)) {
    g_signal_connect(button, "clicked", G_CALLBACK(callback), this);
  };
  on_click(layout_.undo, Signal<&SelectWindow::undo>::emitted);
  on_click(layout_.redo, Signal<&SelectWindow::redo>::emitted);
  on_click(layout_.stop, Signal<&SelectWindow::stop>::emitted);
  on_click(layout_.cancel, Signal<&SelectWindow::close>::emitted);
  on_click(layout_.apply, Signal<&SelectWindow::apply>::emitted);
  on_click(layout_.apply_next, Signal<&SelectWindow::apply_and_go_on>::emitted);
  on_click(layout_.help, Signal<&SelectWindow::show_help>::emitted);
  for (const char* const property : {"notify::start", "notify::model", "notify::layer", "notify::iterations"}) {
    g_signal_connect(config_, property, G_CALLBACK(Signal<&SelectWindow::restart>::notified), this);
  }
  g_signal_connect(layout_.window, "map-event", G_CALLBACK(on_mapped), this);
  g_signal_connect(layout_.window, "delete-event", G_CALLBACK(on_delete), this);
}

std::optional<Answer> SelectWindow::run() {
  gtk_widget_show_all(layout_.window);
  gimp_window_set_transient(GTK_WINDOW(layout_.window));  // stays above GIMP's window
  gtk_widget_grab_focus(canvas_.widget());
  g_main_loop_run(loop_);
  gtk_widget_hide(layout_.window);  // stopping the engine may take a moment
  gdk_display_flush(gtk_widget_get_display(layout_.window));
  if (has_chosen_add_ && current_target().operation == Operation::add) {
    g_object_set(config_, "operation", "replace", nullptr);  // what the user had chosen: the next window begins with it
  }
  return applying_.applied();
}

gboolean SelectWindow::on_mapped(GtkWidget* window, GdkEvent*, gpointer data) {
  g_signal_handlers_disconnect_by_func(window, reinterpret_cast<gpointer>(on_mapped), data);
  g_debug("window: shown");
  static_cast<SelectWindow*>(data)->loading_.begin();  // after the first drawing
  return FALSE;
}

// ---- the session ---------------------------------------------------------------------------------------

void SelectWindow::begin_session(const Pixels& pixels) {
  const auto begun = editing_.begin(pixels);
  report(begun);
  if (begun) {
    g_debug("session: made");
    watch_.accept();
    if (!std::exchange(was_offered_, true)) offer_kept_clicks();
  }
  refresh();
}

// The picture is read again, and the clicks that there are computed again.
void SelectWindow::restart() {
  applying_.forget();
  offer_.hide();
  auto model = open_model(config_);
  auto options = engine_options(config_);
  auto start = start_of(target_, config_);
  if (!model || !options || !start) {
    const std::string problem = (!model ? model.error() : !options ? options.error() : start.error()).message;
    if (!start) g_object_set(config_, "start", "nothing", nullptr);  // restarts
    show_error(problem);
    return;
  }
  layout_.hide_message();
  options->start = std::move(*start);
  keeping_.set_method(*model, config_);
  editing_.set_method(std::move(*model), std::move(*options));
  loading_.begin();
}

void SelectWindow::offer_kept_clicks() {
  const auto found = keeping_.found();
  if (!found) layout_.show_message(found.error().message, GTK_MESSAGE_WARNING);
  if (!found || !*found) return;
  const std::size_t clicks = marks_of((*found)->steps).size();
  std::string text = formatted(ngettext("%zu click was kept with this image.", "%zu clicks were kept with this image.",
                                        clicks), clicks);
  if (!keeping_.is_same_method(**found)) {
    text += ' ';
    text += _("They were made with another network or other settings: what they find may differ.");
  }
  offer_.show(text, _("_Bring them back"),
              [this, steps = (*found)->steps] { change([&](Editing& editing) { report(editing.restore(steps)); }); });
}

void SelectWindow::refresh() {
  if (editing_.refresh()) shown_.show_answer();
  if (std::string notice = editing_.notice(); notice != notice_) {
    notice_ = std::move(notice);
    if (!notice_.empty()) layout_.show_message(notice_, GTK_MESSAGE_INFO);
  }
  if (editing_.error()) {
    applying_.forget();
    show_error(editing_.error()->message);
    g_debug("%s", editing_.error()->detail.c_str());
  }
  if (editing_.has_begun()) keeping_.keep(editing_.history());
  if (preview_) preview_->refresh();
  shown_.show(!watch_.has_other_size());
  if (applying_.is_wanted() && editing_.is_settled() && !editing_.is_busy()) {
    applying_.begin(editing_.answer(), adjustments_of(config_));
  }
}

template <class Body>
void SelectWindow::change(Body&& body) {
  if (!editing_.has_begun() || applying_.is_running()) return;
  applying_.forget();
  layout_.hide_message();
  offer_.hide();
  body(editing_);
  refresh();
}

void SelectWindow::stop() {
  if (applying_.is_running()) {
    applying_.stop();
    layout_.show_message(_("Stopped. The image is as it was."), GTK_MESSAGE_INFO);
    refresh();
    return;
  }
  change([](Editing& editing) { editing.stop(); });
}

void SelectWindow::report(const Expected<void>& result) {
  if (!result) show_error(result.error().message);
}

void SelectWindow::obey(const Intention& intention) {
  if (const auto* const chosen = std::get_if<ChooseClick>(&intention)) {
    shown_.choose(chosen->click);
    return;
  }
  change([&](Editing& editing) { report(editing.obey(intention)); });
  if (adds(intention)) shown_.choose(std::nullopt);
  if (const auto* const remove = std::get_if<RemoveClick>(&intention)) {
    // who goes through the list by keyboard is at the next one then
    const std::size_t left = editing_.marks().size();
    shown_.choose(list_.has_focus() && left > 0 ? std::optional{std::min(remove->click, left - 1)} : std::nullopt);
  }
}

// ---- the image in GIMP ---------------------------------------------------------------------------------

void SelectWindow::image_resized() {
  if (watch_.has_other_size()) {
    applying_.forget();
    report(check_target(current_target(), watch_.width(), watch_.height()));
    offer_reading_again();
  } else {
    layout_.hide_message();
    offer_.hide();
  }
  refresh();
}

void SelectWindow::offer_reading_again() {
  offer_.show(_("The picture has changed in GIMP."), _("_Read it again"), [this] { restart(); });
}

Target SelectWindow::current_target() const {
  Target target = target_;
  target.output = static_cast<Output>(gimp_procedure_config_get_choice_id(config_, "output"));
  target.operation = static_cast<Operation>(gimp_procedure_config_get_choice_id(config_, "operation"));
  return target;
}

void SelectWindow::apply() {
  layout_.hide_message();
  if (const auto checked = check_target(current_target(), watch_.width(), watch_.height()); !checked) {
    show_error(checked.error().message);
    return;
  }
  applying_.want();
  goes_on_ = false;
  refresh();
}

void SelectWindow::apply_and_go_on() {
  apply();
  goes_on_ = applying_.is_wanted() || applying_.is_running();
}

void SelectWindow::show_written() {
  if (!goes_on_) {
    close();
    return;
  }
  g_debug("applied: 1");
  const Target target = current_target();
  const bool is_added = target.output == Output::selection && target.operation == Operation::replace;
  if (is_added) {  // else the next one would replace this one
    g_object_set(config_, "operation", "add", nullptr);
    has_chosen_add_ = true;
  }
  change([&](Editing& editing) { report(editing.restore({})); });
  watch_.accept();
  layout_.show_message(is_added ? _("Applied. Click on the next object: it will be added to the selection.")
                                : _("Applied. Click on the next object."),
                       GTK_MESSAGE_INFO);
}

void SelectWindow::show_help() {
  open_help([this](const std::string& text) { show_error(text); });
}

// ---- keys -----------------------------------------------------------------------------------------------

gboolean SelectWindow::on_delete(GtkWidget*, GdkEvent*, gpointer data) {
  static_cast<SelectWindow*>(data)->close();
  return TRUE;  // destroyed by the destructor
}

void SelectWindow::escape() {
  if (canvas_.abandon_gesture() || brush_->put_away()) return;
  if (gtk_widget_get_sensitive(layout_.stop)) {
    stop();
  } else if (editing_.marks().empty()) {  // pressed once too often to stop, it is not to throw clicks away
    close();
  }
}

bool SelectWindow::obey(Command command) {
  switch (command) {
    case Command::none:
      return false;
    case Command::undo:
      undo();
      return true;
    case Command::redo:
      redo();
      return true;
    case Command::escape:
      escape();
      return true;
    case Command::toggle_preview:
      preview_->toggle();
      return true;
    case Command::help:
      show_help();
      return true;
    default:
      break;
  }
  if (view_->obey(command) || brush_->obey(command)) return true;
  const auto click = list_.has_focus() ? shown_.chosen() : canvas_.meant_marker();
  if (click && *click < editing_.marks().size()) obey(intention_of(command, *click, editing_.radius_of(*click)));
  return true;
}

}  // namespace

std::optional<Answer> run_select_window(const Target& target, Model model, SessionOptions options,
                                        GimpProcedureConfig* config) {
  gimp_ui_init(kSelectProcedure);
  return SelectWindow(target, model, std::move(options), config).run();
}

}  // namespace gbrs::plugin
