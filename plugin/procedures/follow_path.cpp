// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/follow_path.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/guard.hpp"
#include "base/signal.hpp"
#include "base/translation.hpp"
#include "editing/applying.hpp"
#include "editing/editing.hpp"
#include "editing/status_text.hpp"
#include "gimp/bridge.hpp"
#include "gimp/coverage_result.hpp"
#include "gimp/path_anchors.hpp"
#include "gimp/selecting.hpp"
#include "procedures/following.hpp"
#include "tools/segment/segment_pointer.hpp"

namespace gbrs::plugin {
namespace {

// GIMP does not tell that a path has changed; reading one takes well below a millisecond.
constexpr guint kLookMs = 250;
constexpr int kSpacing = 12;

class PathFollower final {
 public:
  PathFollower(const Target& target, Model model, SessionOptions options, GimpProcedureConfig* config);
  PathFollower(const PathFollower&) = delete;
  PathFollower& operator=(const PathFollower&) = delete;
  ~PathFollower();

  /// Until the user stops it, or path or image are gone; the last answer that was written. Errors: those of reading.
  Expected<std::optional<Answer>> run();
  void show_error(const std::string& text) { show(text); }

 private:
  static gboolean on_tick(gpointer self);
  static gboolean on_delete(GtkWidget*, GdkEvent*, gpointer self);
  void build();
  void look();
  void follow();
  void refresh();
  void show_state();
  void show(const std::string& text);
  void stop() { g_main_loop_quit(loop_); }
  [[nodiscard]] std::vector<Click> anchors() const;

  Target target_;
  GimpProcedureConfig* config_;
  GMainLoop* loop_;
  GtkWidget* window_ = nullptr;
  GtkWidget* text_ = nullptr;
  std::vector<Click> wanted_;
  std::string problem_;  // of the last writing
  bool has_followed_ = false;
  const void* written_ = nullptr;  // whose answer's reports lie there
  SegmentPointer pointer_;
  Editing editing_;
  Applying applying_;
  guint timer_ = 0;
};

PathFollower::PathFollower(const Target& target, Model model, SessionOptions options, GimpProcedureConfig* config)
    : target_(target),
      config_(config),
      loop_(g_main_loop_new(nullptr, FALSE)),
      editing_(
          pointer_, std::move(model), std::move(options), [this] { refresh(); },
          [this](const std::string& text) { show(text); }),
      applying_({.changed = [this] { show_state(); },
                 .written = [this] { refresh(); },
                 .error =
                     [this](const std::string& text) {
                       problem_ = text;
                       show_state();
                     }}) {
  build();
}

PathFollower::~PathFollower() {
  if (timer_ != 0) g_source_remove(timer_);
  gtk_widget_destroy(window_);
  g_main_loop_unref(loop_);
}

void PathFollower::build() {
  window_ = gtk_window_new(GTK_WINDOW_TOPLEVEL);
  gtk_window_set_title(GTK_WINDOW(window_), _("Object Follows Path"));
  gtk_window_set_role(GTK_WINDOW(window_), "gbrs-follow-path");
  gtk_window_set_resizable(GTK_WINDOW(window_), FALSE);
  gtk_window_set_accept_focus(GTK_WINDOW(window_), TRUE);
  gtk_window_set_focus_on_map(GTK_WINDOW(window_), FALSE);  // the user goes on in GIMP's window
  gtk_container_set_border_width(GTK_CONTAINER(window_), kSpacing);
  text_ = gtk_label_new(nullptr);
  gtk_label_set_line_wrap(GTK_LABEL(text_), TRUE);
  gtk_label_set_xalign(GTK_LABEL(text_), 0);
  constexpr int kWidth = 40;
  gtk_label_set_width_chars(GTK_LABEL(text_), kWidth);
  gtk_label_set_max_width_chars(GTK_LABEL(text_), kWidth);
  constexpr int kLines = 3;
  gtk_label_set_lines(GTK_LABEL(text_), kLines);
  GtkWidget* const button = gtk_button_new_with_mnemonic(_("_Stop"));
  gtk_widget_set_tooltip_text(button, _("Leave the selection as it is and follow the path no longer"));
  gtk_widget_set_halign(button, GTK_ALIGN_END);
  g_signal_connect(button, "clicked", G_CALLBACK(Signal<&PathFollower::stop>::emitted), this);
  GtkWidget* const column = gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing);
  gtk_box_pack_start(GTK_BOX(column), text_, TRUE, TRUE, 0);
  gtk_box_pack_start(GTK_BOX(column), button, FALSE, TRUE, 0);
  gtk_container_add(GTK_CONTAINER(window_), column);
  g_signal_connect(window_, "delete-event", G_CALLBACK(on_delete), this);
}

Expected<std::optional<Answer>> PathFollower::run() {
  {
    const auto pixels = read_picture(target_.image);
    if (!pixels) return std::unexpected(pixels.error());
    if (const auto begun = editing_.begin(*pixels); !begun) return std::unexpected(begun.error());
  }
  gtk_widget_show_all(window_);
  gimp_window_set_transient(GTK_WINDOW(window_));
  show_state();
  timer_ = g_timeout_add(kLookMs, on_tick, this);
  g_debug("following: begun");
  g_main_loop_run(loop_);
  g_debug("following: ended");
  gtk_widget_hide(window_);
  gdk_display_flush(gtk_widget_get_display(window_));
  return applying_.applied();
}

gboolean PathFollower::on_tick(gpointer data) {
  auto* const self = static_cast<PathFollower*>(data);
  guarded(
      false, [self](const std::string& text) { self->show(text); },
      [self] {
        self->look();
        return true;
      });
  return G_SOURCE_CONTINUE;
}

gboolean PathFollower::on_delete(GtkWidget*, GdkEvent*, gpointer data) {
  static_cast<PathFollower*>(data)->stop();
  return TRUE;
}

// Those that lie in the picture: paths may leave it.
std::vector<Click> PathFollower::anchors() const {
  std::vector<Click> clicks = clicks_of_paths(target_.image);
  const Answer& answer = editing_.answer();
  std::erase_if(clicks, [&](const Click& click) {
    return !(click.x >= 0 && click.y >= 0 && click.x < answer.image_width() && click.y < answer.image_height());
  });
  return clicks;
}

void PathFollower::look() {
  if (!gimp_image_is_valid(target_.image)) return stop();
  editing_.refresh();
  std::vector<Click> found = anchors();
  if (found.empty() && has_followed_) return stop();
  if (found == wanted_) return;
  wanted_ = std::move(found);
  problem_.clear();
  follow();
}

// One change after the other, each computed before the next: as if somebody clicked and looked.
void PathFollower::follow() {
  const bool is_answered = editing_.is_settled() || editing_.error();
  if (!is_answered || editing_.is_busy() || applying_.is_running()) return;
  std::vector<Click> now;
  for (const Step& step : editing_.history()) now.insert(now.end(), step.clicks.begin(), step.clicks.end());
  const auto change = next_change(now, wanted_);
  if (!change) return;
  has_followed_ = true;
  if (const auto done = editing_.obey(*change); !done) problem_ = done.error().message;
  editing_.refresh();
  show_state();
}

void PathFollower::refresh() {
  editing_.refresh();
  follow();
  const Answer& answer = editing_.answer();
  const bool is_answer = editing_.is_settled() && !editing_.is_busy() && !editing_.marks().empty();
  if (is_answer && !applying_.is_running() && answer.steps().data() != written_ &&
      answer.clicks().size() == wanted_.size()) {
    written_ = answer.steps().data();
    g_debug("following: %zu", answer.clicks().size());
    if (const auto checked = check_target(target_, answer.image_width(), answer.image_height()); !checked) {
      problem_ = checked.error().message;
    } else {
      applying_.begin(answer, object_result(target_, answer, adjustments_of(config_)));
    }
  }
  show_state();
}

void PathFollower::show_state() {
  if (!problem_.empty()) return show(problem_);
  if (editing_.error()) return show(editing_.error()->message);
  if (editing_.is_busy()) return show(progress_text(editing_.progress(), _("Looking for the object…")));
  if (wanted_.empty()) {
    return show(
        _("With the Paths tool (B), click on the object. Anchors of a path named “exclude” are clicks beside it."));
  }
  show(formatted(
      ngettext("The selection follows %zu anchor. Add, move or remove anchors with the Paths tool.",
               "The selection follows %zu anchors. Add, move or remove anchors with the Paths tool.", wanted_.size()),
      wanted_.size()));
}

void PathFollower::show(const std::string& text) { gtk_label_set_text(GTK_LABEL(text_), text.c_str()); }

Expected<Answer> select_once(const Target& target, GimpProcedureConfig* config) {
  const auto steps = steps_of_paths(target.image);
  if (!steps) return std::unexpected(steps.error());
  return select_without_window(target, target.image, *steps, nullptr, config);
}

GimpValueArray* follow(GimpProcedure* procedure, const Target& target, GimpProcedureConfig* config) {
  auto model = open_model(config);
  if (!model) return failed(procedure, model.error());
  auto options = engine_options(config);
  if (!options) return failed(procedure, options.error());
  gimp_ui_init(kFollowProcedure);
  const auto answer = PathFollower(target, std::move(*model), std::move(*options), config).run();
  if (!answer) return failed(procedure, answer.error());
  if (!*answer) return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
  return succeeded(procedure, **answer);
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer) {
  return run_guarded(procedure, [&] {
    const Target target{.image = image, .layer = target_layer(drawables)};
    if (mode == GIMP_RUN_NONINTERACTIVE) return ended(procedure, select_once(target, config));
    return follow(procedure, target, config);
  });
}

}  // namespace

GimpProcedure* create_follow_procedure(GimpPlugIn* plug_in) {
  GimpProcedure* const procedure =
      gimp_image_procedure_new(plug_in, kFollowProcedure, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
  describe(
      procedure, _("Object Follows Pat_h"), _("Let the selection follow the anchors of a path while it is edited"),
      _("Every anchor of the selected path is a click on the object; while a small window is open, each anchor that "
        "is added, moved or removed changes the selection. The anchors of paths whose names begin with \"exclude\" "
        "are clicks beside the object."));
  add_method_arguments(procedure);
  add_edge_arguments(procedure);
  add_results(procedure);
  return procedure;
}

}  // namespace gbrs::plugin
