// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/semantic_procedure.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/translation.hpp"
#include "gimp/selecting.hpp"
#include "tools/semantic/kinds.hpp"
#include "tools/semantic/kinds_result.hpp"
#include "tools/semantic/semantic_tool.hpp"
#include "window/click_window.hpp"

namespace gbrs::plugin {
namespace {

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

struct Made {
  Answer answer;
  std::vector<Kind> found;
};

/// Without a window.
Expected<std::optional<Made>> select_kinds(const Target& target, GimpProcedureConfig* config) {
  auto model = open_model(config, Task::semantic);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  const auto clicks = parse_clicks(string_argument(config, "clicks"), Task::semantic);
  if (!clicks) return std::unexpected(clicks.error());
  gimp_progress_init(_("By Kind of Thing"));
  const auto answer = compute(target.image, *model, std::move(*options), one_by_one(*clicks));
  if (!answer) return std::unexpected(answer.error());
  auto found = kinds_of(*answer, model->info());
  if (!found) return std::unexpected(found.error());
  const auto chosen = chosen_by_name(*found, *model, string_argument(config, "classes"));
  if (!chosen) return std::unexpected(chosen.error());
  if (chosen->empty()) {
    return failure(ErrorCode::invalid_argument, _("The picture shows nothing of the kinds that were chosen."));
  }
  // the image may have changed meanwhile
  auto written = check_kinds(target, answer->image_width(), answer->image_height());
  if (written) written = make_now(*kinds_result(target, *answer, model->info(), *chosen));
  if (!written) return std::unexpected(written.error());
  gimp_progress_end();
  return Made{*answer, std::move(*found)};
}

/// None: cancelled.
Expected<std::optional<Made>> select_in_window(const Target& target, GimpProcedureConfig* config) {
  auto model = open_model(config, Task::semantic);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  gimp_ui_init(kSemanticProcedure);
  SemanticTool tool(target, config);
  if (auto prepared = tool.prepare(*model, *options); !prepared) return std::unexpected(prepared.error());
  const auto applied = ClickWindow(tool, target.image, *model, std::move(*options), config).run();
  if (!applied) return std::nullopt;
  // "run with last values" repeats them
  g_object_set(config, "clicks", format_clicks(applied->clicks(), Task::semantic).c_str(), "classes",
               joined_names(tool.ticked()).c_str(), nullptr);
  return Made{*applied, tool.found()};
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer) {
  return run_guarded(procedure, [&]() -> GimpValueArray* {
    const Target target = target_of(image, drawables, config);
    const auto made = mode == GIMP_RUN_INTERACTIVE ? select_in_window(target, config) : select_kinds(target, config);
    if (!made) return failed(procedure, made.error());
    if (!*made) return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
    GimpValueArray* const values = succeeded(procedure, (*made)->answer);
    GIMP_VALUES_SET_STRING(values, 3, joined_names((*made)->found).c_str());
    return values;
  });
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
  add_method_arguments(procedure, "semantic-voc", Places::picture_too);
  add_operation_argument(procedure);
  gimp_procedure_add_choice_argument(
      procedure, "output", _("Ou_tput"), _("Where the result goes"),
      gimp_choice_new_with_values("selection", static_cast<int>(Output::selection), _("Selection"), nullptr,  //
                                  "channel", static_cast<int>(Output::channel), _("A channel for each kind"), nullptr,
                                  "new-layer", static_cast<int>(Output::new_layer),
                                  _("A layer with a mask for each kind"), nullptr, "labels",
                                  static_cast<int>(Output::labels), _("A layer of their colours"), nullptr, nullptr),
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
