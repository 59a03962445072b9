// SPDX-License-Identifier: GPL-3.0-or-later
#include "select_window.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "bridge.hpp"
#include "canvas.hpp"
#include "guard.hpp"
#include "picture.hpp"
#include "select_procedure.hpp"
#include "status_text.hpp"
#include "translation.hpp"
#include "window_layout.hpp"

namespace gbrs::plugin {
namespace {

constexpr guint kLookAtImageMs = 500;
constexpr double kButtonZoom = 1.5;

// Life of the window: shown -> picture read in bands -> session made (its worker loads libtorch) -> clicks ->
// Apply: wait until the answer is final, render in a thread, write. libgimp is called from the main loop only.
class SelectWindow final {
 public:
  SelectWindow(const Target& target, Model model, SessionOptions options, GimpProcedureConfig* config);
  SelectWindow(const SelectWindow&) = delete;
  SelectWindow& operator=(const SelectWindow&) = delete;
  ~SelectWindow();

  std::optional<Answer> run();

 private:
  using Method = void (SelectWindow::*)();

  // Calls one method as a GTK or GLib callback; a failure becomes a message.
  template <Method method>
  static void on_signal(GtkWidget*, gpointer self);
  template <Method method>
  static gboolean on_idle(gpointer self);
  static gboolean on_mapped(GtkWidget*, GdkEvent*, gpointer self);
  static gboolean on_delete(GtkWidget*, GdkEvent*, gpointer self);
  static gboolean on_key(GtkWidget*, GdkEventKey* event, gpointer self);
  static gboolean on_tick(gpointer self);
  static gboolean on_read(gpointer self);

  void connect();
  bool read_some();
  void begin_session(Pixels pixels);
  void show_picture();
  void refresh_soon();
  void refresh();
  void look_at_image();
  bool handle_key(const GdkEventKey& event);

  void click(Point image, bool is_include);
  void undo() { change([](Session& session) { session.undo(); }); }
  void redo() { change([](Session& session) { session.redo(); }); }
  void stop() { change([](Session& session) { session.cancel(); }); }
  template <class Body>
  void change(Body&& body);
  void report(const Expected<void>& result);

  void fit() { canvas_.fit(); }
  void actual_size() { canvas_.actual_size(); }
  void zoom_in() { canvas_.zoom(kButtonZoom); }
  void zoom_out() { canvas_.zoom(1 / kButtonZoom); }
  void show_zoom();
  void toggle_tint();

  void apply();
  void begin_apply();
  void finish_apply();
  void close();

  void show_error(const std::string& text) { layout_.show_message(text, GTK_MESSAGE_ERROR); }
  [[nodiscard]] bool is_settled() const;
  [[nodiscard]] Target current_target() const;

  Target target_;
  Model model_;
  SessionOptions options_;
  GimpProcedureConfig* config_;
  Canvas canvas_;
  WindowLayout layout_;
  GMainLoop* loop_ = nullptr;

  std::optional<PictureReader> reader_;
  int width_ = 0;
  int height_ = 0;
  std::unique_ptr<const Picture> picture_;  // between the thread that makes it and show_picture()
  std::optional<Session> session_;
  Answer answer_;
  std::vector<Click> clicks_;
  std::string notice_;  // from loading the model, shown once
  bool is_size_changed_ = false;
  bool is_apply_wanted_ = false;
  bool is_applying_ = false;
  Expected<Coverage> rendered_;  // between the thread that makes it and finish_apply()
  std::optional<Answer> applied_;
  std::atomic<bool> is_refresh_due_ = false;
  std::jthread picture_thread_;
  std::jthread apply_thread_;
};

template <SelectWindow::Method method>
void SelectWindow::on_signal(GtkWidget*, gpointer data) {
  on_idle<method>(data);
}

template <SelectWindow::Method method>
gboolean SelectWindow::on_idle(gpointer data) {
  auto* const self = static_cast<SelectWindow*>(data);
  guarded(false, [self](const std::string& text) { self->show_error(text); },
          [self] {
            (self->*method)();
            return true;
          });
  return G_SOURCE_REMOVE;
}

SelectWindow::SelectWindow(const Target& target, Model model, SessionOptions options, GimpProcedureConfig* config)
    : target_(target),
      model_(std::move(model)),
      options_(std::move(options)),
      config_(config),
      canvas_({.click = [this](Point image, bool is_include) { click(image, is_include); },
               .move =
                   [this](std::size_t marker, Point image) {
                     change([&](Session& session) { report(session.move(marker, image.x, image.y)); });
                   },
               .remove =
                   [this](std::size_t marker) {
                     change([&](Session& session) { report(session.remove(marker)); });
                   },
               .view_changed = [this] { show_zoom(); },
               .error = [this](const std::string& text) { show_error(text); }}),
      loop_(g_main_loop_new(nullptr, FALSE)),
      width_(gimp_image_get_width(target.image)),
      height_(gimp_image_get_height(target.image)) {
  gchar* const name = gimp_image_get_name(target.image);
  layout_ = build_window(canvas_.widget(), name, width_, height_, G_OBJECT(config));
  g_free(name);
  connect();
  refresh();
}

SelectWindow::~SelectWindow() {
  apply_thread_ = {};
  picture_thread_ = {};
  session_.reset();  // from here on nobody calls refresh_soon()
  while (g_source_remove_by_user_data(this)) {
  }
  gtk_widget_destroy(layout_.window);
  g_main_loop_unref(loop_);
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
  return std::move(applied_);
}

// ---- the picture ---------------------------------------------------------------------------------------

gboolean SelectWindow::on_mapped(GtkWidget* window, GdkEvent*, gpointer data) {
  g_signal_handlers_disconnect_by_func(window, reinterpret_cast<gpointer>(on_mapped), data);
  g_debug("window: shown");
  g_idle_add_full(G_PRIORITY_LOW, on_read, data, nullptr);  // after the first drawing
  return FALSE;
}

gboolean SelectWindow::on_read(gpointer data) {
  auto* const self = static_cast<SelectWindow*>(data);
  return guarded(false, [self](const std::string& text) { self->show_error(text); },
                 [self] { return self->read_some(); })
             ? G_SOURCE_CONTINUE
             : G_SOURCE_REMOVE;
}

bool SelectWindow::read_some() {
  if (!gimp_image_is_valid(target_.image)) return false;
  if (!reader_) {
    auto opened = PictureReader::open(target_.image);
    if (!opened) {
      show_error(opened.error().message);
      return false;
    }
    reader_.emplace(std::move(*opened));
  }
  if (reader_->read_band()) {
    constexpr double kPercent = 100;
    layout_.set_status(formatted(_("Reading the picture: %.0f %%"), reader_->fraction() * kPercent));
    layout_.set_progress(reader_->fraction());
    return true;
  }
  begin_session(reader_->take());
  reader_.reset();
  return false;
}

void SelectWindow::begin_session(Pixels pixels) {
  auto session = Session::create(model_, pixels.view(), options_);
  if (!session) {
    show_error(session.error().message);
  } else {
    g_debug("session: made");
    session_.emplace(std::move(*session));
    session_->on_change([this] { refresh_soon(); });
  }
  picture_thread_ = std::jthread([this, pixels = std::move(pixels)]() mutable {
    // a failure (memory) leaves picture_ empty; show_picture() says so
    guarded(false, [](const std::string&) {},
            [&] {
              picture_ = std::make_unique<const Picture>(std::move(pixels));
              return true;
            });
    g_idle_add(on_idle<&SelectWindow::show_picture>, this);
  });
  refresh();
}

void SelectWindow::show_picture() {
  if (picture_) {
    canvas_.set_picture(std::move(picture_));
  } else {
    show_error(_("There is not enough memory to show the picture."));
  }
}

// ---- the session ---------------------------------------------------------------------------------------

// Called by the session's worker.
void SelectWindow::refresh_soon() {
  if (!is_refresh_due_.exchange(true)) g_idle_add(on_idle<&SelectWindow::refresh>, this);
}

bool SelectWindow::is_settled() const {
  return answer_.is_final() && std::ranges::equal(answer_.clicks(), clicks_);
}

void SelectWindow::refresh() {
  is_refresh_due_ = false;
  Progress progress;
  bool is_failed = false;
  if (session_) {
    progress = session_->progress();
    clicks_ = session_->clicks();
    Answer answer = session_->answer();
    // the reports of two answers lie at one place only when they are the same answer: progress alone draws nothing
    const bool is_new = answer.steps().empty() || answer.steps().data() != answer_.steps().data();
    answer_ = std::move(answer);
    if (is_new) canvas_.set_answer(answer_);
    if (is_new && is_settled()) {
      g_debug("answer: %s", answer_.to_json().c_str());
      if (!answer_.steps().empty() && !answer_.steps().back().notice.empty())
        layout_.show_message(answer_.steps().back().notice, GTK_MESSAGE_WARNING);
    }
    if (std::string notice = model_.notice(); notice != notice_) {
      notice_ = std::move(notice);
      if (!notice_.empty()) layout_.show_message(notice_, GTK_MESSAGE_INFO);
    }
    if (const auto error = session_->error()) {
      is_apply_wanted_ = false;
      is_failed = true;
      show_error(error->message);
      g_debug("%s", error->detail.c_str());
    }
  }
  std::vector<Marker> markers;
  for (const Click& click : clicks_) {
    const std::size_t index = markers.size();
    const bool is_satisfied = !is_settled() || answer_.verdicts()[index].is_satisfied;
    markers.push_back({{click.x, click.y}, click.target > 0, is_satisfied});
  }
  canvas_.set_markers(std::move(markers));

  const bool is_busy = session_ && progress.phase != Progress::Phase::idle;
  const bool can_change = session_ && !is_applying_;
  if (is_applying_) {
    layout_.set_status(_("Writing the object to the image…"));
  } else if (session_) {
    std::string text = is_busy ? progress_text(progress) : is_failed ? std::string{} : answer_text(answer_);
    if (is_apply_wanted_) text = formatted(_("%s Applied when that is done."), text.c_str());
    layout_.set_status(text);
  } else {
    layout_.set_status(_("Reading the picture…"));
  }
  layout_.set_progress(progress_fraction(progress));
  gtk_widget_set_sensitive(layout_.undo, can_change && session_->can_undo());
  gtk_widget_set_sensitive(layout_.redo, can_change && session_->can_redo());
  gtk_widget_set_sensitive(layout_.stop, can_change && is_busy && !clicks_.empty());
  gtk_widget_set_sensitive(layout_.choices, !is_applying_);
  gtk_widget_set_sensitive(layout_.apply,
                           can_change && !clicks_.empty() && !is_failed && !is_size_changed_ && !is_apply_wanted_);
  if (is_apply_wanted_ && is_settled() && !is_busy) begin_apply();
}

template <class Body>
void SelectWindow::change(Body&& body) {
  if (!session_ || is_applying_) return;
  is_apply_wanted_ = false;
  layout_.hide_message();
  body(*session_);
  refresh();
}

void SelectWindow::report(const Expected<void>& result) {
  if (!result) show_error(result.error().message);
}

void SelectWindow::click(Point image, bool is_include) {
  change([&](Session& session) {
    report(session.add(
        {.x = image.x, .y = image.y, .radius = std::nullopt, .target = is_include ? kInclude : kExclude}));
  });
}

// ---- the image in GIMP ---------------------------------------------------------------------------------

gboolean SelectWindow::on_tick(gpointer data) {
  on_idle<&SelectWindow::look_at_image>(data);
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
    is_apply_wanted_ = false;
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
  is_apply_wanted_ = true;
  refresh();
}

void SelectWindow::begin_apply() {
  is_apply_wanted_ = false;
  // the image may have changed while the answer was waited for
  if (const auto checked = check_target(current_target(), width_, height_); !checked) {
    show_error(checked.error().message);
    return;
  }
  is_applying_ = true;
  const Depth depth = sample_depth(target_.image);
  apply_thread_ = std::jthread([this, answer = answer_, depth](const std::stop_token& stop) {
    guarded(false,
            [this](const std::string& text) { rendered_ = failure(ErrorCode::out_of_memory, text); },
            [&] {
              rendered_ = render_coverage(answer, depth, stop);
              return true;
            });
    g_idle_add(on_idle<&SelectWindow::finish_apply>, this);
  });
  refresh();
}

void SelectWindow::finish_apply() {
  is_applying_ = false;
  refresh();  // before writing: whatever fails then, the window can be used
  Expected<void> written;
  if (rendered_) {
    written = write_output(current_target(), std::move(*rendered_));
  } else {
    written = std::unexpected(rendered_.error());
  }
  if (!written) {
    show_error(written.error().message);
    return;
  }
  applied_ = answer_;
  close();
}

void SelectWindow::close() { g_main_loop_quit(loop_); }

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

gboolean SelectWindow::on_delete(GtkWidget*, GdkEvent*, gpointer data) {
  static_cast<SelectWindow*>(data)->close();
  return TRUE;  // destroyed by the destructor
}

gboolean SelectWindow::on_key(GtkWidget*, GdkEventKey* event, gpointer data) {
  auto* const self = static_cast<SelectWindow*>(data);
  return guarded(FALSE, [self](const std::string& text) { self->show_error(text); },
                 [&] { return self->handle_key(*event) ? TRUE : FALSE; });
}

bool SelectWindow::handle_key(const GdkEventKey& event) {
  const auto modifiers = event.state & gtk_accelerator_get_default_mod_mask();
  const guint key = gdk_keyval_to_lower(event.keyval);
  if (modifiers == GDK_CONTROL_MASK && key == GDK_KEY_z) {
    undo();
  } else if ((modifiers == (GDK_CONTROL_MASK | GDK_SHIFT_MASK) && key == GDK_KEY_z) ||
             (modifiers == GDK_CONTROL_MASK && key == GDK_KEY_y)) {
    redo();
  } else if ((modifiers & (GDK_CONTROL_MASK | GDK_MOD1_MASK)) != 0) {
    return false;
  } else if (key == GDK_KEY_Escape) {
    if (gtk_widget_get_sensitive(layout_.stop)) {
      stop();
    } else if (clicks_.empty()) {  // pressed once too often to stop, it is not to throw clicks away
      close();
    }
  } else if (key == GDK_KEY_0 || key == GDK_KEY_KP_0) {
    fit();
  } else if (key == GDK_KEY_1 || key == GDK_KEY_KP_1) {
    actual_size();
  } else if (key == GDK_KEY_plus || key == GDK_KEY_equal || key == GDK_KEY_KP_Add) {
    zoom_in();
  } else if (key == GDK_KEY_minus || key == GDK_KEY_KP_Subtract) {
    zoom_out();
  } else if (key == GDK_KEY_m) {
    GtkToggleButton* const tint = GTK_TOGGLE_BUTTON(layout_.show_tint);
    gtk_toggle_button_set_active(tint, !gtk_toggle_button_get_active(tint));
  } else {
    return false;
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
