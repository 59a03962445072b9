// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/select_procedure.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/translation.hpp"
#include "gbrs/gbrs.hpp"
#include "gimp/selecting.hpp"
#include "gimp/start.hpp"
#include "tools/segment/segment_tool.hpp"
#include "window/click_window.hpp"

namespace gbrs::plugin {
namespace {

Expected<Answer> run_with_arguments(const Target& target, GimpProcedureConfig* config) {
  const auto steps = parse_steps(string_argument(config, "clicks"));
  if (!steps) return std::unexpected(steps.error());
  if (steps->empty()) {
    return failure(ErrorCode::invalid_argument, _("Give at least one click, for example \"120,80,+\"."));
  }
  auto start = start_of(target, config);
  if (!start) return std::unexpected(start.error());
  return select_without_window(target, target.image, *steps, std::move(*start), config);
}

GimpValueArray* run_in_window(GimpProcedure* procedure, const Target& target, GimpProcedureConfig* config) {
  auto model = open_model(config);
  if (!model) return failed(procedure, model.error());
  auto options = engine_options(config);
  if (!options) return failed(procedure, options.error());
  gimp_ui_init(kSelectProcedure);
  SegmentTool tool(target, config);
  std::ignore = tool.prepare(*model, *options);  // the last run's start may not be there now
  const auto applied = ClickWindow(tool, target.image, *model, std::move(*options), config).run();
  if (!applied) return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
  const std::string clicks = format_steps(applied->history());
  g_object_set(config, "clicks", clicks.c_str(), nullptr);  // "run with last values" repeats them
  return succeeded(procedure, *applied);
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer) {
  return run_guarded(procedure, [&] {
    const Target target = target_of(image, drawables, config);
    if (mode == GIMP_RUN_INTERACTIVE) return run_in_window(procedure, target, config);
    return ended(procedure, run_with_arguments(target, config));
  });
}

void add_arguments(GimpProcedure* procedure) {
  gimp_procedure_add_string_argument(
      procedure, "clicks", _("_Clicks"),
      _("Clicks separated by spaces: X,Y,+ lies on the object, X,Y,- beside it; a fourth number is the radius in "
        "pixels up to which the click may change the answer; LEFT,TOP,RIGHT,BOTTOM is a box around the object. Example: "
        "20,10,310,220 120,80,+ 300,40,-,25"),
      "", G_PARAM_READWRITE);
  add_common_arguments(procedure);
  gimp_procedure_add_choice_argument(
      procedure, "start", _("_Start from"), _("What is selected before the first click"),
      gimp_choice_new_with_values("nothing", static_cast<int>(Start::nothing), _("Nothing"), nullptr,             //
                                  "selection", static_cast<int>(Start::selection), _("Selection"), nullptr,      //
                                  "layer-mask", static_cast<int>(Start::layer_mask), _("Layer mask"), nullptr,   //
                                  "alpha", static_cast<int>(Start::alpha), _("Layer's transparency"), nullptr,   //
                                  "channel", static_cast<int>(Start::channel), _("Selected channel"), nullptr,   //
                                  nullptr),
      "nothing", G_PARAM_READWRITE);
  add_results(procedure);
}

}  // namespace

GimpProcedure* create_select_procedure(GimpPlugIn* plug_in) {
  GimpProcedure* const procedure =
      gimp_image_procedure_new(plug_in, kSelectProcedure, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
  describe(
      procedure, _("Object by _Clicks…"),
      _("Select an object, person, animal or foreground with a few clicks (segmentation, cut out)"),
      _("A neural network finds the object that the clicks mean. Each further click that says \"this belongs to "
        "it\" or \"this does not\" refines the answer until it agrees with all clicks. The result becomes the "
        "selection, a layer mask, a channel or a new layer."));
  add_arguments(procedure);
  return procedure;
}

}  // namespace gbrs::plugin
