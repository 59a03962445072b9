// SPDX-License-Identifier: GPL-3.0-or-later
// The window's life and its session.
#include "window/click_window.hpp"

#include <libgimp/gimpui.h>

#include <utility>

#include "base/signal.hpp"
#include "base/translation.hpp"
#include "gimp/selecting.hpp"

namespace gbrs::plugin {

ClickWindow::ClickWindow(WindowTool& tool, GimpImage* image, const Model& model, SessionOptions options,
                         GimpProcedureConfig* config)
    : tool_(tool),
      config_(config),
      loop_(g_main_loop_new(nullptr, FALSE)),
      canvas_(tool.pointer(), canvas_callbacks()),
      list_(tool.texts().flip, tool.texts().flip_tooltip,
            {.intention = [this](const Intention& intention) { obey(intention); },
             .error = [this](const std::string& text) { show_error(text); }}),
      editing_(
          tool.pointer(), model, std::move(options), [this] { refresh(); },
          [this](const std::string& text) { show_error(text); }),
      keeping_(image, tool.pointer().task()),
      offer_([this](const std::string& text) { show_error(text); }),
      loading_([this, image] { return gimp_image_is_valid(image) ? tool_.picture(image) : nullptr; }, canvas_.widget(),
               loading_callbacks()),
      watch_(image, {.closed = [this] { close(); },
                     .resized = [this] { image_resized(); },
                     .repainted = [this] { offer_reading_again(_("The picture has changed in GIMP.")); },
                     .error = [this](const std::string& text) { show_error(text); }}),
      applying_(applying_callbacks()),
      shown_(tool, editing_, applying_, layout_, canvas_, list_) {
  tool_.connect({.view_changed = [this] { view_->show_view(); },
                 .mode_changed = [this] { canvas_.abandon_gesture(); },
                 .take_brush = [this](bool is_wanted) { brush_->take(is_wanted); },
                 .intention = [this](const Intention& intention) { obey(intention); },
                 .to_picture = [this] { gtk_widget_grab_focus(canvas_.widget()); },
                 .restart = [this] { restart(); },
                 .error = [this](const std::string& text) { show_error(text); }});
  layout_ = layout(image);
  view_.emplace(tool, canvas_, layout_, [this](const std::string& text) { show_error(text); });
  brush_.emplace(canvas_, layout_,
                 BrushControls::Callbacks{.taken = [this](bool is_in_hand) { tool_.brush_taken(is_in_hand); },
                                          .error = [this](const std::string& text) { show_error(text); }});
  if (tool.has_preview()) {
    preview_.emplace(canvas_, editing_, layout_.preview, [this](const std::string& text) { show_error(text); });
  }
  monitor_.emplace(layout_.window,
                   MonitorWatch::Callbacks{.changed = [this] { show_again(); },
                                           .error = [this](const std::string& text) { show_error(text); }});
  keys_.emplace(
      layout_.window,
      WindowKeys::Callbacks{.lettered = [this](char letter) { return view_->obey(letter) || tool_.obey(letter); },
                            .pressed = [this](Command command) { return obey(command); },
                            .comparison_ended = [this] { view_->end_comparison(); },
                            .error = [this](const std::string& text) { show_error(text); }});
  connect();
  refresh();
}

WindowLayout ClickWindow::layout(GimpImage* image) {
  gchar* const name = gimp_image_get_name(image);
  WindowParts parts{.canvas = canvas_.widget(),
                    .click_list = list_.widget(),
                    .offer_bar = offer_.widget(),
                    .image_name = name,
                    .image_width = watch_.width(),
                    .image_height = watch_.height(),
                    .config = G_OBJECT(config_)};
  g_free(name);
  return build_window(tool_, parts);
}

ClickWindow::~ClickWindow() {
  tool_.connect({.view_changed = [] {},
                 .mode_changed = [] {},
                 .take_brush = [](bool) {},
                 .intention = [](const Intention&) {},
                 .to_picture = [] {},
                 .restart = [] {},
                 .error = [](const std::string&) {}});
  g_signal_handlers_disconnect_by_data(config_, this);
  keys_.reset();
  monitor_.reset();
  gtk_widget_destroy(layout_.window);
  g_main_loop_unref(loop_);
}

Canvas::Callbacks ClickWindow::canvas_callbacks() {
  return {.intention = [this](const Intention& intention) { obey(intention); },
          .pointed =
              [this](const std::optional<PointedAt>& place) {
                if (preview_) preview_->point(applying_.is_running() ? std::nullopt : place);
                tool_.point(place ? std::optional(place->image) : std::nullopt);
              },
          .view_changed = [this] { view_->show_zoom(); },
          .error = [this](const std::string& text) { show_error(text); }};
}

PictureLoading::Callbacks ClickWindow::loading_callbacks() {
  return {.progress =
              [this](double fraction) {
                constexpr double kPercent = 100;
                layout_.set_status(formatted(_("Reading the picture: %.0f %%"), fraction * kPercent));
                layout_.set_progress(fraction);
              },
          .read = [this](const Pixels& pixels) { return begin_session(pixels); },
          .made =
              [this](std::shared_ptr<const Picture> picture) {
                canvas_.set_picture(picture);
                tool_.show_picture(picture);
                refresh();  // instead of the progress
                g_debug("picture: shown");
              },
          .error = [this](const std::string& text) { tell_failure(text); }};
}

Applying::Callbacks ClickWindow::applying_callbacks() {
  return {.changed = [this] { refresh(); },
          .written = [this] { show_written(); },
          .error = [this](const std::string& text) { show_error(text); }};
}

void ClickWindow::connect() {
  const auto on_click = [this](GtkWidget* button, void (*callback)(GtkWidget*, gpointer)) {
    g_signal_connect(button, "clicked", G_CALLBACK(callback), this);
  };
  on_click(layout_.undo, Signal<&ClickWindow::undo>::emitted);
  on_click(layout_.redo, Signal<&ClickWindow::redo>::emitted);
  on_click(layout_.stop, Signal<&ClickWindow::stop>::emitted);
  on_click(layout_.cancel, Signal<&ClickWindow::close>::emitted);
  on_click(layout_.apply, Signal<&ClickWindow::apply>::emitted);
  on_click(layout_.apply_next, Signal<&ClickWindow::apply_and_go_on>::emitted);
  on_click(layout_.help, Signal<&ClickWindow::show_help>::emitted);
  for (const char* const property : {"model", "layer", "iterations", "start", "band", "keep"}) {
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(config_), property) == nullptr) continue;
    g_signal_connect(config_, formatted("notify::%s", property).c_str(),
                     G_CALLBACK(Signal<&ClickWindow::change_method>::notified), this);
  }
  g_signal_connect(layout_.window, "map-event", G_CALLBACK(on_mapped), this);
  g_signal_connect(layout_.window, "delete-event", G_CALLBACK(on_delete), this);
}

std::optional<Answer> ClickWindow::run() {
  gtk_widget_show_all(layout_.window);
  gimp_window_set_transient(GTK_WINDOW(layout_.window));  // stays above GIMP's window
  gtk_widget_grab_focus(canvas_.widget());
  g_main_loop_run(loop_);
  gtk_widget_hide(layout_.window);  // stopping the engine may take a moment
  gdk_display_flush(gtk_widget_get_display(layout_.window));
  return applying_.applied();
}

gboolean ClickWindow::on_mapped(GtkWidget* window, GdkEvent*, gpointer data) {
  g_signal_handlers_disconnect_by_func(window, reinterpret_cast<gpointer>(on_mapped), data);
  g_debug("window: shown");
  Signal<&ClickWindow::begin_reading>::call(data);  // after the first drawing
  return FALSE;
}

// ---- the session ---------------------------------------------------------------------------------------

void ClickWindow::begin_reading() {
  is_outdated_ = true;
  loading_.begin();
}

// Until there is a session that knows what is chosen now, nothing is applied.
EditingView::Standing ClickWindow::standing() const {
  using enum EditingView::Standing;
  if (loading_.is_beginning() || tool_.is_preparing()) return awaited;
  return is_outdated_ ? outdated : current;
}

bool ClickWindow::begin_session(const Pixels& pixels) {
  if (!tool_.begin(pixels)) {
    refresh();
    return true;
  }
  if (const auto begun = editing_.begin(pixels); !begun) {
    tell_failure(begun.error().message);
    return false;
  }
  g_debug("session: made");
  is_outdated_ = false;
  tool_.begun();
  keeping_.set_method(editing_.model(), config_);
  watch_.accept();
  offer_.hide();
  tell_left_out();
  offer_what_was_kept();
  refresh();
  return true;
}

// Who pressed Apply before did not mean this.
void ClickWindow::change_method() {
  applying_.forget();
  restart();
}

// The picture is read again, and the clicks that there are computed again.
void ClickWindow::restart() {
  is_outdated_ = true;
  offer_.hide();
  auto model = open_model(config_, tool_.pointer().task());
  auto options = engine_options(config_);
  if (model && options) {
    if (auto prepared = tool_.prepare(*model, *options); !prepared) options = std::unexpected(prepared.error());
  }
  if (!model || !options) return tell_failure((!model ? model.error() : options.error()).message);
  layout_.hide_message();
  editing_.set_method(std::move(*model), std::move(*options));
  begin_reading();
}

void ClickWindow::tell_failure(const std::string& text) {
  show_error(text);
  if (standing() == EditingView::Standing::outdated) {
    applying_.forget();
    offer_reading_again(_("The picture was not read anew."));
  }
  refresh();
}

void ClickWindow::offer_what_was_kept() {
  if (!has_declined_ && editing_.has_begun() && editing_.says_nothing()) offer_kept_clicks();
}

void ClickWindow::offer_kept_clicks() {
  const auto found = keeping_.found();
  if (!found) layout_.show_message(found.error().message, GTK_MESSAGE_WARNING);
  if (!found || !*found) return;
  const std::size_t clicks = marks_of((*found)->steps).size();
  const std::size_t strokes = (*found)->painted.size();
  std::string text;
  if (clicks > 0) {
    text = formatted(ngettext("%zu click was kept with this image.", "%zu clicks were kept with this image.", clicks),
                     clicks);
  }
  if (strokes > 0) {
    if (!text.empty()) text += ' ';
    text += formatted(ngettext("%zu painted stroke was kept.", "%zu painted strokes were kept.", strokes), strokes);
  }
  if (!keeping_.is_same_method(**found)) {
    text += ' ';
    text += _("They were made with another network or other settings: what they find may differ.");
  }
  offer_.show(
      text, _("_Bring them back"),
      [this, said = keeping_.said_by(**found)] {
        change([&](Editing& editing) {
          const auto restored = editing.restore(said);
          report(restored);
          if (restored) tell_left_out();
        });
      },
      [this] { has_declined_ = true; });
}

void ClickWindow::tell_left_out() {
  const LeftOut& left_out = editing_.left_out();
  std::string text;
  const auto add = [&](std::size_t count, const char* sentence) {
    if (count == 0) return;
    if (!text.empty()) text += ' ';
    text += formatted(sentence, count);
  };
  add(left_out.known,
      ngettext("%zu click is left out, because what is there is known now. A wider band, or another start, "
               "brings it back.",
               "%zu clicks are left out, because what is there is known now. A wider band, or another start, "
               "brings them back.",
               left_out.known));
  add(left_out.outside, ngettext("%zu mark is left out, because it is not in the picture any more.",
                                 "%zu marks are left out, because they are not in the picture any more.",
                                 left_out.outside));
  add(left_out.nameless, ngettext("%zu mark is left out, because this network does not know its kind of thing.",
                                  "%zu marks are left out, because this network does not know their kinds of things.",
                                  left_out.nameless));
  if (!text.empty()) layout_.show_message(text, GTK_MESSAGE_INFO);
}

void ClickWindow::refresh() {
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
  if (editing_.has_begun()) keeping_.keep(editing_.said());
  if (preview_) preview_->refresh();
  shown_.show(!watch_.has_other_size(), standing());
  const bool is_final = standing() == EditingView::Standing::current && editing_.is_settled() && !editing_.is_busy();
  if (applying_.is_wanted() && is_final) begin_applying();
  if (has_old_colours_ && !applying_.is_running()) show_again();
}

void ClickWindow::change(const std::function<void(Editing&)>& edit) {
  if (!editing_.has_begun() || applying_.is_running()) return;
  applying_.forget();
  layout_.hide_message();
  offer_.hide();
  edit(editing_);
  refresh();
}

void ClickWindow::stop() {
  if (applying_.is_running()) {
    applying_.stop();
    layout_.show_message(_("Stopped. The image is as it was."), GTK_MESSAGE_INFO);
    refresh();
    return;
  }
  change([](Editing& editing) { editing.stop(); });
}

void ClickWindow::report(const Expected<void>& result) {
  if (!result) show_error(result.error().message);
}

void ClickWindow::obey(const Intention& intention) {
  if (const auto* const chosen = std::get_if<ChooseClick>(&intention)) {
    shown_.choose(chosen->click);
    return;
  }
  change([&](Editing& editing) { report(editing.obey(intention)); });
  if (adds(intention)) {
    const std::size_t marks = editing_.marks().size();
    shown_.choose(tool_.chooses_new() && marks > 0 ? std::optional{marks - 1} : std::nullopt);
  }
  if (const auto* const remove = std::get_if<RemoveClick>(&intention)) {
    // who goes through the list by keyboard is at the next one then
    const std::size_t left = editing_.marks().size();
    shown_.choose(list_.has_focus() && left > 0 ? std::optional{std::min(remove->click, left - 1)} : std::nullopt);
  }
}

}  // namespace gbrs::plugin
