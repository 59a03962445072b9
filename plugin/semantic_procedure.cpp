// SPDX-License-Identifier: GPL-3.0-or-later
#include "semantic_procedure.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bridge.hpp"
#include "coverage.hpp"
#include "selecting.hpp"
#include "translation.hpp"
#include "writing.hpp"

namespace gbrs::plugin {
namespace {

/// A kind of thing that was found.
struct Kind {
  int number = 0;
  std::string name;
  double share = 0;  ///< of the picture
};

/// The largest first.
Expected<std::vector<Kind>> kinds_of(const Answer& answer, const Model& model) {
  constexpr double kGlance = 512;  // pixels of the longer side: areas need no more
  const double scale = std::min(1.0, kGlance / std::max(answer.image_width(), answer.image_height()));
  const auto labels = answer.render({0, 0, static_cast<int>(answer.image_width() * scale),
                                     std::max(1, static_cast<int>(answer.image_height() * scale))},
                                    scale);
  if (!labels) return std::unexpected(labels.error());
  std::vector<Kind> kinds;
  for (const int number : answer.classes()) {
    const auto count = std::ranges::count(labels->values, static_cast<float>(number));
    const double share =
        static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(labels->values.size(), 1));
    kinds.push_back({number, model.info().class_name(number), share});
  }
  std::ranges::sort(kinds, std::greater{}, &Kind::share);
  return kinds;
}

/// "cat, person"; empty: all of them.
Expected<std::vector<Kind>> chosen_by_name(const std::vector<Kind>& found, const Model& model,
                                           const std::string& names) {
  std::vector<Kind> chosen;
  gchar** const parts = g_strsplit(names.c_str(), ",", -1);
  std::string unknown;
  for (gchar** part = parts; *part != nullptr; ++part) {
    const std::string name = g_strstrip(*part);
    if (name.empty()) continue;
    const auto kind = std::ranges::find(found, name, &Kind::name);
    const bool is_known = kind != found.end() || std::ranges::contains(model.info().classes, name);
    if (kind != found.end()) chosen.push_back(*kind);
    if (!is_known) unknown = name;
  }
  g_strfreev(parts);
  if (!unknown.empty()) {
    return failure(ErrorCode::invalid_argument,
                   formatted(_("The model %s has no class \"%s\"."), model.info().name.c_str(), unknown.c_str()));
  }
  return names.empty() ? found : chosen;
}

/// What the user ticks. None: cancelled.
std::optional<std::vector<Kind>> ask(GimpProcedure* procedure, GimpProcedureConfig* config,
                                     const std::vector<Kind>& found) {
  constexpr int kSpacing = 6;
  constexpr double kPercent = 100;
  gimp_ui_init(kSemanticProcedure);
  GtkWidget* const dialog = gimp_procedure_dialog_new(procedure, config, _("By Kind of Thing"));
  gimp_procedure_dialog_fill(GIMP_PROCEDURE_DIALOG(dialog), "output", "operation", nullptr);
  GtkWidget* const box = gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing);
  gtk_container_set_border_width(GTK_CONTAINER(box), 2 * kSpacing);
  GtkWidget* const heading = gtk_label_new(_("The picture shows:"));
  gtk_widget_set_halign(heading, GTK_ALIGN_START);
  gtk_box_pack_start(GTK_BOX(box), heading, FALSE, FALSE, 0);
  std::vector<GtkWidget*> ticks;
  for (const Kind& kind : found) {
    const std::string text = formatted(_("%s (%.1f %%)"), kind.name.c_str(), kPercent * kind.share);
    ticks.push_back(gtk_check_button_new_with_label(text.c_str()));
    gtk_box_pack_start(GTK_BOX(box), ticks.back(), FALSE, FALSE, 0);
  }
  // the largest is the ground more often than not, the next one what is meant
  if (!ticks.empty())
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(ticks[std::min<std::size_t>(1, ticks.size() - 1)]), TRUE);
  gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog))), box, FALSE, FALSE, 0);
  gtk_widget_show_all(box);
  const bool is_wanted = gimp_procedure_dialog_run(GIMP_PROCEDURE_DIALOG(dialog)) != FALSE;
  std::vector<Kind> chosen;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    if (gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(ticks[i])) != FALSE) chosen.push_back(found[i]);
  }
  gtk_widget_destroy(dialog);
  return is_wanted ? std::optional(chosen) : std::nullopt;
}

Expected<std::unique_ptr<Writing>> written_kinds(const Answer& answer, std::span<const int> classes, Target target,
                                                 const std::string& name) {
  auto coverage = render_classes(answer, classes, sample_depth(target.image));
  if (!coverage) return std::unexpected(coverage.error());
  target.name = name;
  auto writing = Writing::begin(target, std::move(*coverage));
  while (writing && (*writing)->write_band()) {
  }
  return writing;
}

/// One selection of all of them, or a channel for each; one undo step, or nothing.
Expected<void> write_kinds(const Answer& answer, const std::vector<Kind>& kinds, const Target& target) {
  // the image may have changed meanwhile
  if (const auto checked = check_target(target, answer.image_width(), answer.image_height()); !checked) return checked;
  std::vector<int> all;
  for (const Kind& kind : kinds) all.push_back(kind.number);
  std::vector<std::unique_ptr<Writing>> writings;
  const bool is_selection = target.output == Output::selection;
  for (std::size_t i = 0; i < (is_selection ? 1 : kinds.size()); ++i) {
    auto writing = is_selection ? written_kinds(answer, all, target, {})
                                : written_kinds(answer, std::span(&kinds[i].number, 1), target, kinds[i].name);
    if (!writing) return std::unexpected(writing.error());
    writings.push_back(std::move(*writing));
  }
  const UndoGroup group(target.image);
  for (const auto& writing : writings) {
    if (auto finished = writing->finish(); !finished) return finished;
  }
  return {};
}

std::string joined(const std::vector<Kind>& kinds) {
  std::string names;
  for (const Kind& kind : kinds) names += (names.empty() ? "" : ", ") + kind.name;
  return names;
}

GimpValueArray* run_semantic(GimpProcedure* procedure, GimpRunMode mode, const Target& target,
                             GimpProcedureConfig* config) {
  auto model = open_model(config, Task::semantic);
  if (!model) return failed(procedure, model.error());
  auto options = engine_options(config);
  if (!options) return failed(procedure, options.error());
  const auto clicks = parse_clicks(string_argument(config, "clicks"), Task::semantic);
  if (!clicks) return failed(procedure, clicks.error());
  gimp_progress_init(_("By Kind of Thing"));
  const auto answer = compute(target.image, *model, std::move(*options), one_by_one(*clicks));
  if (!answer) return failed(procedure, answer.error());
  const auto found = kinds_of(*answer, *model);
  if (!found) return failed(procedure, found.error());
  auto chosen = chosen_by_name(*found, *model, string_argument(config, "classes"));
  if (!chosen) return failed(procedure, chosen.error());
  Target wanted = target;
  if (mode == GIMP_RUN_INTERACTIVE) {
    const auto ticked = ask(procedure, config, *found);
    if (!ticked) return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
    chosen = *ticked;
    g_object_set(config, "classes", joined(*chosen).c_str(), nullptr);  // "run with last values" repeats them
    wanted.output = static_cast<Output>(gimp_procedure_config_get_choice_id(config, "output"));
    wanted.operation = static_cast<Operation>(gimp_procedure_config_get_choice_id(config, "operation"));
  }
  if (chosen->empty()) {
    return failed(procedure, {.code = ErrorCode::invalid_argument,
                              .message = _("The picture shows nothing of the kinds that were chosen."),
                              .detail = {}});
  }
  if (const auto written = write_kinds(*answer, *chosen, wanted); !written) return failed(procedure, written.error());
  gimp_progress_end();
  GimpValueArray* const values = succeeded(procedure, *answer);
  GIMP_VALUES_SET_STRING(values, 3, joined(*found).c_str());
  return values;
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer) {
  return run_guarded(procedure,
                     [&] { return run_semantic(procedure, mode, target_of(image, drawables, config), config); });
}

void add_arguments(GimpProcedure* procedure) {
  gimp_procedure_add_string_argument(
      procedure, "clicks", _("_Clicks"),
      _("What you know, separated by spaces: X,Y,CLASS (its number) or X,Y,@X2,Y2 (the same as there), or a stroke "
        "X,Y;X,Y,CLASS,WIDTH. A further number is how far a click reaches, in pixels."),
      "", G_PARAM_READWRITE);
  gimp_procedure_add_string_argument(
      procedure, "classes", _("_Kinds"),
      _("Names of the kinds to take, separated by commas; all that are found when empty"), "", G_PARAM_READWRITE);
  add_method_arguments(procedure, "semantic-voc");
  add_operation_argument(procedure);
  gimp_procedure_add_choice_argument(
      procedure, "output", _("Ou_tput"), _("Where the result goes"),
      gimp_choice_new_with_values("selection", static_cast<int>(Output::selection), _("Selection"), nullptr,  //
                                  "channel", static_cast<int>(Output::channel), _("A channel for each kind"), nullptr,
                                  nullptr),
      "selection", G_PARAM_READWRITE);
  add_results(procedure);
  gimp_procedure_add_string_return_value(procedure, "kinds", _("Kinds"), _("Names of the kinds that were found"), "",
                                         G_PARAM_READWRITE);
}

}  // namespace

GimpProcedure* create_semantic_procedure(GimpPlugIn* plug_in) {
  GimpProcedure* const procedure =
      gimp_image_procedure_new(plug_in, kSemanticProcedure, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
  describe(
      procedure, _("By _Kind of Thing…"),
      _("Select all persons, animals, cars or other kinds of things (semantic segmentation, classes)"),
      _("A neural network names what each pixel shows. Choose the kinds of things to select, or to keep as channels."));
  add_arguments(procedure);
  return procedure;
}

}  // namespace gbrs::plugin
