// SPDX-License-Identifier: GPL-3.0-or-later
#include "select_window.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "applying.hpp"
#include "canvas.hpp"
#include "click_list.hpp"
#include "editing.hpp"
#include "guard.hpp"
#include "picture_loading.hpp"
#include "select_procedure.hpp"
#include "shortcuts.hpp"
#include "status_text.hpp"
#include "translation.hpp"
#include "window_layout.hpp"

namespace gbrs::plugin {
namespace {

constexpr guint kLookAtImageMs = 500;
constexpr double kButtonZoom = 1.5;

void toggle(GtkWidget* button) {
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), !gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button)));
}

// Life of the window: shown -> picture read in bands -> session made (its worker loads libtorch) -> clicks ->
// Apply: wait until the answer is final, render in a thread, write. libgimp is called from the main loop only.
// This class connects the parts: each of them knows nothing of the others.
class SelectWindow final {
 public:
  SelectWindow(const Target& target, Model model, SessionOptions options, GimpProcedureConfig* config);
  SelectWindow(const SelectWindow&) = delete;
  SelectWindow& operator=(const SelectWindow&) = delete;
  ~SelectWindow();

  std::optional<Answer> run();

 private:
  using Method = void (SelectWindow::*)();

  // Calls one method as a GTK callback; a failure becomes a message.
  template <Method method>
  static void on_signal(GtkWidget*, gpointer self);
  static gboolean on_mapped(GtkWidget*, GdkEvent*, gpointer self);
  static gboolean on_delete(GtkWidget*, GdkEvent*, gpointer self);
  static gboolean on_key(GtkWidget*, GdkEventKey* event, gpointer self);
  static gboolean on_tick(gpointer self);

  Canvas::Callbacks canvas_callbacks();
  PictureLoading::Callbacks loading_callbacks();
  Applying::Callbacks applying_callbacks();
  void connect();
  void begin_session(const Pixels& pixels);
  void refresh();
  void show_new_answer();
  void show_clicks();
  void show_status();
  void show_sensitivity();
  void look_at_image();
  bool obey(Command command);

  void obey(const Intention& intention);
  void obey_for_click(Command command);
  void undo() { change([](Session& session) { session.undo(); }); }
  void redo() { change([](Session& session) { session.redo(); }); }
  void stop() { change([](Session& session) { session.cancel(); }); }
  void choose(std::optional<std::size_t> click);
  [[nodiscard]] std::optional<double> radius_of(std::size_t click) const;  // none: not known yet
  template <class Body>
  void change(Body&& body);
  void report(const Expected<void>& result);

  void fit() { canvas_.fit(); }
  void actual_size() { canvas_.actual_size(); }
  void zoom_in() { canvas_.zoom(kButtonZoom); }
  void zoom_out() { canvas_.zoom(1 / kButtonZoom); }
  void show_zoom();
  void toggle_tint();
  void toggle_clicks();
  void escape();

  void apply();
  void close() { g_main_loop_quit(loop_); }

  void show_error(const std::string& text) { layout_.show_message(text, GTK_MESSAGE_ERROR); }
  [[nodiscard]] Target current_target() const;

  Target target_;
  GimpProcedureConfig* config_;
  int width_;
  int height_;
  WindowLayout layout_;
  std::optional<std::size_t> chosen_;
  GMainLoop* loop_;
  std::string notice_;  // from loading the model, shown once
  bool is_size_changed_ = false;
  int list_width_ = 0;  // by which it made the window wider
  Canvas canvas_;
  ClickList list_;
  Editing editing_;
  PictureLoading loading_;
  Applying applying_;
};

template <SelectWindow::Method method>
void SelectWindow::on_signal(GtkWidget*, gpointer data) {
  auto* const self = static_cast<SelectWindow*>(data);
  guarded(false, [self](const std::string& text) { self->show_error(text); },
          [self] {
            (self->*method)();
            return true;
          });
}

SelectWindow::SelectWindow(const Target& target, Model model, SessionOptions options, GimpProcedureConfig* config)
    : target_(target),
      config_(config),
      width_(gimp_image_get_width(target.image)),
      height_(gimp_image_get_height(target.image)),
      loop_(g_main_loop_new(nullptr, FALSE)),
      canvas_(canvas_callbacks()),
      list_({.intention = [this](const Intention& intention) { obey(intention); },
             .error = [this](const std::string& text) { show_error(text); }}),
      editing_(std::move(model), std::move(options), [this] { refresh(); },
               [this](const std::string& text) { show_error(text); }),
      loading_(target.image, loading_callbacks()),
      applying_(applying_callbacks()) {
  gchar* const name = gimp_image_get_name(target.image);
  layout_ = build_window(canvas_.widget(), list_.widget(), name, width_, height_, G_OBJECT(config));
  g_free(name);
  connect();
  refresh();
}

SelectWindow::~SelectWindow() {
  while (g_source_remove_by_user_data(this)) {
  }
  gtk_widget_destroy(layout_.window);
  g_main_loop_unref(loop_);
}

Canvas::Callbacks SelectWindow::canvas_callbacks() {
  return {.intention = [this](const Intention& intention) { obey(intention); },
          .view_changed = [this] { show_zoom(); },
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
          .written = [this] { close(); },
          .error = [this](const std::string& text) { show_error(text); }};
}

void SelectWindow::connect() {
  const auto on_click = [this](GtkWidget* button, void (*callback)(GtkWidget*, gpointer)) {
    g_signal_connect(button, "clicked", G_CALLBACK(callback), this);
  };
  on_click(layout_.undo, on_signal<&SelectWindow::undo>);
  on_click(layout_.redo, on_signal<&SelectWindow::redo>);
  on_click(layout_.fit, on_signal<&SelectWindow::fit>);
  on_click(layout_.actual_size, on_signal<&SelectWindow::actual_size>);
  on_click(layout_.zoom_in, on_signal<&SelectWindow::zoom_in>);
  on_click(layout_.zoom_out, on_signal<&SelectWindow::zoom_out>);
  on_click(layout_.stop, on_signal<&SelectWindow::stop>);
  on_click(layout_.cancel, on_signal<&SelectWindow::close>);
  on_click(layout_.apply, on_signal<&SelectWindow::apply>);
  g_signal_connect(layout_.show_tint, "toggled", G_CALLBACK(on_signal<&SelectWindow::toggle_tint>), this);
  g_signal_connect(layout_.show_clicks, "toggled", G_CALLBACK(on_signal<&SelectWindow::toggle_clicks>), this);
  g_signal_connect(layout_.window, "map-event", G_CALLBACK(on_mapped), this);
  g_signal_connect(layout_.window, "delete-event", G_CALLBACK(on_delete), this);
  g_signal_connect(layout_.window, "key-press-event", G_CALLBACK(on_key), this);
}

std::optional<Answer> SelectWindow::run() {
  gtk_widget_show_all(layout_.window);
  gimp_window_set_transient(GTK_WINDOW(layout_.window));  // stays above GIMP's window
  gtk_widget_grab_focus(canvas_.widget());
  g_timeout_add(kLookAtImageMs, on_tick, this);
  g_main_loop_run(loop_);
  gtk_widget_hide(layout_.window);  // stopping the engine may take a moment
  gdk_display_flush(gtk_widget_get_display(layout_.window));
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
  if (begun) g_debug("session: made");
  report(begun);
  refresh();
}

void SelectWindow::refresh() {
  if (editing_.refresh()) show_new_answer();
  if (std::string notice = editing_.notice(); notice != notice_) {
    notice_ = std::move(notice);
    if (!notice_.empty()) layout_.show_message(notice_, GTK_MESSAGE_INFO);
  }
  if (editing_.error()) {
    applying_.forget();
    show_error(editing_.error()->message);
    g_debug("%s", editing_.error()->detail.c_str());
  }
  show_clicks();
  show_status();
  show_sensitivity();
  if (applying_.is_wanted() && editing_.is_settled() && !editing_.is_busy()) applying_.begin(editing_.answer());
}

void SelectWindow::show_new_answer() {
  const Answer& answer = editing_.answer();
  canvas_.set_answer(answer);
  if (!editing_.is_settled()) return;
  g_debug("answer: %s", answer.to_json().c_str());
  if (!answer.steps().empty() && !answer.steps().back().notice.empty()) {
    layout_.show_message(answer.steps().back().notice, GTK_MESSAGE_WARNING);
  }
}

void SelectWindow::show_clicks() {
  std::vector<Marker> markers;
  std::vector<ClickList::Row> rows;
  for (const Click& click : editing_.clicks()) {
    const std::size_t index = markers.size();
    const auto verdict =
        editing_.is_settled() ? std::optional{editing_.answer().verdicts()[index]} : std::optional<ClickVerdict>{};
    markers.push_back({.image = {click.x, click.y},
                       .is_include = click.target > 0,
                       .is_satisfied = !verdict || verdict->is_satisfied,
                       .radius = radius_of(index),
                       .is_radius_given = click.radius.has_value()});
    rows.push_back({.marker = markers.back(), .state = verdict ? verdict_text(*verdict) : std::string{}});
  }
  if (chosen_ && *chosen_ >= markers.size()) choose(std::nullopt);
  canvas_.set_markers(std::move(markers));
  list_.set_rows(std::move(rows));
}

void SelectWindow::show_status() {
  if (applying_.is_running()) {
    layout_.set_status(_("Writing the object to the image…"));
  } else if (editing_.has_begun()) {
    std::string text = editing_.is_busy() ? progress_text(editing_.progress())
                       : editing_.error() ? std::string{}
                                          : answer_text(editing_.answer());
    if (applying_.is_wanted()) text = formatted(_("%s Applied when that is done."), text.c_str());
    layout_.set_status(text);
  } else {
    layout_.set_status(_("Reading the picture…"));
  }
  layout_.set_progress(progress_fraction(editing_.progress()));
}

void SelectWindow::show_sensitivity() {
  const bool can_change = editing_.has_begun() && !applying_.is_running();
  const bool has_clicks = !editing_.clicks().empty();
  gtk_widget_set_sensitive(layout_.undo, can_change && editing_.can_undo());
  gtk_widget_set_sensitive(layout_.redo, can_change && editing_.can_redo());
  gtk_widget_set_sensitive(layout_.stop, can_change && editing_.is_busy() && has_clicks);
  list_.set_sensitive(can_change);
  gtk_widget_set_sensitive(layout_.choices, !applying_.is_running());
  gtk_widget_set_sensitive(layout_.apply, can_change && has_clicks && !editing_.error() && !is_size_changed_ &&
                                              !applying_.is_wanted());
}

template <class Body>
void SelectWindow::change(Body&& body) {
  if (!editing_.has_begun() || applying_.is_running()) return;
  applying_.forget();
  layout_.hide_message();
  body(editing_.session());
  refresh();
}

void SelectWindow::report(const Expected<void>& result) {
  if (!result) show_error(result.error().message);
}

void SelectWindow::obey(const Intention& intention) {
  std::visit(
      Overloaded{
          [this](const AddClick& add) {
            choose(std::nullopt);
            change([&](Session& session) {
              report(session.add({.x = add.image.x,
                                  .y = add.image.y,
                                  .radius = add.radius,
                                  .target = add.is_include ? kInclude : kExclude}));
            });
          },
          [this](const MoveClick& move) {
            change([&](Session& session) { report(session.move(move.click, move.image.x, move.image.y)); });
          },
          [this](const SetRadius& set) {
            change([&](Session& session) { report(session.set_radius(set.click, set.radius)); });
          },
          [this](const FlipClick& flip) {
            if (flip.click >= editing_.clicks().size()) return;
            const double target = editing_.clicks()[flip.click].target > 0 ? kExclude : kInclude;
            change([&](Session& session) { report(session.relabel(flip.click, target)); });
          },
          [this](const RemoveClick& remove) {
            change([&](Session& session) { report(session.remove(remove.click)); });
            // who goes through the list by keyboard is at the next one then
            const std::size_t left = editing_.clicks().size();
            choose(list_.has_focus() && left > 0 ? std::optional{std::min(remove.click, left - 1)} : std::nullopt);
          },
          [this](const ChooseClick& chosen) { choose(chosen.click); },
          [](const auto&) {}},
      intention);
}

// The keys that mean one click.
void SelectWindow::obey_for_click(Command command) {
  constexpr double kStep = 1.1;  // a key's worth of radius
  const auto click = list_.has_focus() ? chosen_ : canvas_.meant_marker();
  if (!click || *click >= editing_.clicks().size()) return;
  const auto scale_radius = [&](double factor) {
    const auto radius = radius_of(*click);
    if (!radius) return;  // the engine has not chosen one yet
    // at least a pixel, so that a small one changes too
    const double scaled = factor > 1 ? std::max(*radius * factor, *radius + 1) : std::min(*radius * factor, *radius - 1);
    obey(SetRadius{*click, std::max(1.0, std::round(scaled))});
  };
  switch (command) {
    case Command::flip:
      return obey(FlipClick{*click});
    case Command::remove:
      return obey(RemoveClick{*click});
    case Command::automatic_radius:
      return obey(SetRadius{*click, std::nullopt});
    case Command::grow_radius:
      return scale_radius(kStep);
    case Command::shrink_radius:
      return scale_radius(1 / kStep);
    default:
      return;
  }
}

std::optional<double> SelectWindow::radius_of(std::size_t click) const {
  if (const auto given = editing_.clicks()[click].radius) return given;
  if (!editing_.is_settled()) return std::nullopt;
  return editing_.answer().verdicts()[click].radius;
}

void SelectWindow::choose(std::optional<std::size_t> click) {
  chosen_ = click;
  canvas_.set_chosen(click);
  list_.set_chosen(click);
}

// ---- the image in GIMP ---------------------------------------------------------------------------------

gboolean SelectWindow::on_tick(gpointer data) {
  on_signal<&SelectWindow::look_at_image>(nullptr, data);
  return G_SOURCE_CONTINUE;
}

void SelectWindow::look_at_image() {
  if (!gimp_image_is_valid(target_.image)) {
    close();
    return;
  }
  const bool is_changed = gimp_image_get_width(target_.image) != width_ ||
                          gimp_image_get_height(target_.image) != height_;
  if (is_changed == is_size_changed_) return;
  is_size_changed_ = is_changed;
  if (is_changed) {
    applying_.forget();
    report(check_target(current_target(), width_, height_));
  } else {
    layout_.hide_message();
  }
  refresh();
}

Target SelectWindow::current_target() const {
  Target target = target_;
  target.output = static_cast<Output>(gimp_procedure_config_get_choice_id(config_, "output"));
  target.operation = static_cast<Operation>(gimp_procedure_config_get_choice_id(config_, "operation"));
  return target;
}

void SelectWindow::apply() {
  layout_.hide_message();
  if (const auto checked = check_target(current_target(), width_, height_); !checked) {
    show_error(checked.error().message);
    return;
  }
  applying_.want();
  refresh();
}

// ---- view and keys -------------------------------------------------------------------------------------

void SelectWindow::show_zoom() {
  constexpr double kPercent = 100;
  gint x = 0;
  gint y = 0;
  gtk_widget_translate_coordinates(canvas_.widget(), layout_.window, 0, 0, &x, &y);
  g_debug("view: %s", canvas_.describe_view(x, y).c_str());
  gtk_label_set_text(GTK_LABEL(layout_.zoom_label), formatted(_("%.0f %%"), canvas_.scale() * kPercent).c_str());
}

void SelectWindow::toggle_tint() {
  canvas_.set_tint_visible(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(layout_.show_tint)) != FALSE);
}

void SelectWindow::toggle_clicks() {
  const bool is_shown = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(layout_.show_clicks)) != FALSE;
  if (list_.has_focus()) gtk_widget_grab_focus(canvas_.widget());
  // the window grows and shrinks by it, so that the picture stays as it is where the screen has room
  gint width = 0;
  gint height = 0;
  gint side_width = 0;
  gtk_window_get_size(GTK_WINDOW(layout_.window), &width, &height);
  gtk_widget_set_visible(layout_.side, is_shown);
  gtk_widget_get_preferred_width(layout_.side, nullptr, &side_width);
  if (gtk_window_is_maximized(GTK_WINDOW(layout_.window)) == FALSE) {
    gtk_window_resize(GTK_WINDOW(layout_.window), std::max(1, is_shown ? width + side_width : width - list_width_), height);
  }
  list_width_ = side_width;
}

gboolean SelectWindow::on_delete(GtkWidget*, GdkEvent*, gpointer data) {
  static_cast<SelectWindow*>(data)->close();
  return TRUE;  // destroyed by the destructor
}

gboolean SelectWindow::on_key(GtkWidget*, GdkEventKey* event, gpointer data) {
  auto* const self = static_cast<SelectWindow*>(data);
  return guarded(FALSE, [self](const std::string& text) { self->show_error(text); },
                 [&] { return self->obey(command_of(*event)) ? TRUE : FALSE; });
}

void SelectWindow::escape() {
  if (canvas_.abandon_gesture()) return;
  if (gtk_widget_get_sensitive(layout_.stop)) {
    stop();
  } else if (editing_.clicks().empty()) {  // pressed once too often to stop, it is not to throw clicks away
    close();
  }
}

bool SelectWindow::obey(Command command) {
  switch (command) {
    case Command::none:
      return false;
    case Command::undo:
      undo();
      break;
    case Command::redo:
      redo();
      break;
    case Command::escape:
      escape();
      break;
    case Command::fit:
      fit();
      break;
    case Command::actual_size:
      actual_size();
      break;
    case Command::zoom_in:
      zoom_in();
      break;
    case Command::zoom_out:
      zoom_out();
      break;
    case Command::toggle_tint:
      toggle(layout_.show_tint);
      break;
    case Command::toggle_clicks:
      toggle(layout_.show_clicks);
      break;
    case Command::flip:
    case Command::remove:
    case Command::grow_radius:
    case Command::shrink_radius:
    case Command::automatic_radius:
      obey_for_click(command);
      break;
  }
  return true;
}

}  // namespace

std::optional<Answer> run_select_window(const Target& target, Model model, SessionOptions options,
                                        GimpProcedureConfig* config) {
  gimp_ui_init(kSelectProcedure);
  options.prepares_zoom = true;
  return SelectWindow(target, std::move(model), std::move(options), config).run();
}

}  // namespace gbrs::plugin
