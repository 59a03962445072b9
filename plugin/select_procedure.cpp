// SPDX-License-Identifier: GPL-3.0-or-later
#include "select_procedure.hpp"

#include <string>
#include <utility>

#include "bridge.hpp"
#include "gbrs/gbrs.hpp"
#include "guard.hpp"
#include "output.hpp"
#include "select_window.hpp"
#include "translation.hpp"

namespace gbrs::plugin {
namespace {

std::string string_property(GimpProcedureConfig* config, const char* name) {
  gchar* value = nullptr;
  g_object_get(config, name, &value, nullptr);
  std::string text{value != nullptr ? value : ""};
  g_free(value);
  return text;
}

GimpValueArray* failed(GimpProcedure* procedure, const Error& error) {
  // the caller can mend these; everything else happened while running
  const bool is_call = error.code == ErrorCode::invalid_argument || error.code == ErrorCode::not_found;
  if (!error.detail.empty()) g_printerr("gbrs: %s\n", error.detail.c_str());
  return gimp_procedure_new_return_values(procedure, is_call ? GIMP_PDB_CALLING_ERROR : GIMP_PDB_EXECUTION_ERROR,
                                          g_error_new_literal(GIMP_PLUG_IN_ERROR, 0, error.message.c_str()));
}

GimpValueArray* succeeded(GimpProcedure* procedure, const Answer& answer) {
  GimpValueArray* const values = gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, nullptr);
  GIMP_VALUES_SET_INT(values, 1, static_cast<gint>(answer.unsatisfied()));
  GIMP_VALUES_SET_STRING(values, 2, answer.to_json().c_str());
  return values;
}

// GIMP's own setting of threads; 0 (as many as there are processors) when the user left it at that, so that
// the answer is the command line's.
int threads_wanted() {
  const int wanted = gimp_get_num_processors();
  return wanted == static_cast<int>(g_get_num_processors()) ? 0 : wanted;
}

Expected<Model> open_model(GimpProcedureConfig* config) {
  return Model::open(string_property(config, "model"), {.device = Device::automatic, .threads = threads_wanted()});
}

Expected<SessionOptions> session_options(GimpProcedureConfig* config) {
  const auto layer = parse_layer_type(string_property(config, "layer"));
  if (!layer) return std::unexpected(layer.error());
  SessionOptions options;
  options.layer = *layer;
  return options;
}

Target target_of(GimpImage* image, GimpDrawable** drawables, GimpProcedureConfig* config) {
  return {.image = image,
          .layer = target_layer(drawables),
          .output = static_cast<Output>(gimp_procedure_config_get_choice_id(config, "output")),
          .operation = static_cast<Operation>(gimp_procedure_config_get_choice_id(config, "operation"))};
}

Expected<Answer> run_with_arguments(const Target& target, GimpProcedureConfig* config) {
  const auto clicks = parse_clicks(string_property(config, "clicks"));
  if (!clicks) return std::unexpected(clicks.error());
  if (clicks->empty()) {
    return failure(ErrorCode::invalid_argument, _("Give at least one click, for example \"120,80,+\"."));
  }
  const int width = gimp_image_get_width(target.image);
  const int height = gimp_image_get_height(target.image);
  if (const auto checked = check_target(target, width, height); !checked) return std::unexpected(checked.error());
  auto model = open_model(config);
  if (!model) return std::unexpected(model.error());
  const auto options = session_options(config);
  if (!options) return std::unexpected(options.error());

  SessionOptions quiet = *options;
  quiet.publish_every = 0;  // nobody looks
  gimp_progress_init(_("Object by Clicks"));
  auto pixels = read_picture(target.image);
  if (!pixels) return std::unexpected(pixels.error());
  auto session = Session::create(std::move(*model), pixels->view(), quiet);
  *pixels = {};
  if (!session) return std::unexpected(session.error());
  const double steps = static_cast<double>(clicks->size() + 1);  // the last one writes
  auto answer = session->add_one_by_one(
      *clicks, [steps](std::size_t computed) { gimp_progress_update(static_cast<double>(computed) / steps); });
  if (!answer) return answer;
  auto coverage = render_coverage(*answer, sample_depth(target.image));
  if (!coverage) return std::unexpected(coverage.error());
  if (auto written = write_output(target, std::move(*coverage)); !written) return std::unexpected(written.error());
  gimp_progress_end();
  return answer;
}

GimpValueArray* run_in_window(GimpProcedure* procedure, const Target& target, GimpProcedureConfig* config) {
  auto model = open_model(config);
  if (!model) return failed(procedure, model.error());
  const auto options = session_options(config);
  if (!options) return failed(procedure, options.error());
  const auto applied = run_select_window(target, std::move(*model), *options, config);
  if (!applied) return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
  const std::string clicks = format_clicks(applied->clicks());
  g_object_set(config, "clicks", clicks.c_str(), nullptr);  // "run with last values" repeats them
  return succeeded(procedure, *applied);
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer) {
  GimpValueArray* values = nullptr;
  const auto on_error = [&](const std::string& message) {
    values = failed(procedure, {.code = ErrorCode::internal, .message = message, .detail = {}});
  };
  guarded(false, on_error, [&] {
    gegl_init(nullptr, nullptr);
    const Target target = target_of(image, drawables, config);
    if (mode == GIMP_RUN_INTERACTIVE) {
      values = run_in_window(procedure, target, config);
    } else {
      const auto answer = run_with_arguments(target, config);
      values = answer ? succeeded(procedure, *answer) : failed(procedure, answer.error());
    }
    return true;
  });
  return values;
}

void add_arguments(GimpProcedure* procedure) {
  gimp_procedure_add_string_argument(
      procedure, "clicks", _("_Clicks"),
      _("Clicks separated by spaces: X,Y,+ lies on the object, X,Y,- beside it; a fourth number is the radius in "
        "pixels up to which the click may change the answer. Example: 120,80,+ 300,40,-,25"),
      "", G_PARAM_READWRITE);
  gimp_procedure_add_string_argument(procedure, "model", _("_Model"), _("Name or folder of the network"),
                                     "segment-small", G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument(
      procedure, "layer", _("_Refinement"),
      _("What is optimised in the network until the answer agrees with the clicks"),
      gimp_choice_new_with_values("none", 0, _("None"), nullptr,                                   //
                                  "sb", 1, _("Scale and bias"), nullptr,                           //
                                  "bmsb", 2, _("Bias map, scale and bias"), nullptr,               //
                                  "bmsb-m", 3, _("Bias map, scale and bias, merged"), nullptr,     //
                                  "bmconv", 4, _("Bias map and convolution"), nullptr,             //
                                  nullptr),
      "bmconv", G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument(
      procedure, "operation", _("O_peration"), _("What happens to the selection that is there already"),
      gimp_choice_new_with_values("replace", static_cast<int>(Operation::replace), _("Replace the selection"), nullptr,
                                  "add", static_cast<int>(Operation::add), _("Add to the selection"), nullptr,
                                  "subtract", static_cast<int>(Operation::subtract),
                                  _("Subtract from the selection"), nullptr,  //
                                  "intersect", static_cast<int>(Operation::intersect),
                                  _("Intersect with the selection"), nullptr,  //
                                  nullptr),
      "replace", G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument(
      procedure, "output", _("Ou_tput"), _("Where the result goes"),
      gimp_choice_new_with_values("selection", static_cast<int>(Output::selection), _("Selection"), nullptr,
                                  "layer-mask", static_cast<int>(Output::layer_mask), _("Layer mask"), nullptr,
                                  "channel", static_cast<int>(Output::channel), _("Channel"), nullptr,
                                  "new-layer", static_cast<int>(Output::new_layer), _("New layer"), nullptr,
                                  nullptr),
      "selection", G_PARAM_READWRITE);
  gimp_procedure_add_int_return_value(procedure, "unsatisfied", _("Unsatisfied"),
                                      _("Number of clicks that the result does not obey"), 0, G_MAXINT, 0,
                                      G_PARAM_READWRITE);
  gimp_procedure_add_string_return_value(procedure, "report", _("Report"),
                                         _("Clicks, verdicts and times as JSON"), "", G_PARAM_READWRITE);
}

}  // namespace

GimpProcedure* create_select_procedure(GimpPlugIn* plug_in) {
  GimpProcedure* const procedure =
      gimp_image_procedure_new(plug_in, kSelectProcedure, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
  gimp_procedure_set_image_types(procedure, "*");
  // what is visible is looked at, so that any number of layers may be selected
  gimp_procedure_set_sensitivity_mask(
      procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE | GIMP_PROCEDURE_SENSITIVE_DRAWABLES |
                     GIMP_PROCEDURE_SENSITIVE_NO_DRAWABLES);
  gimp_procedure_set_menu_label(procedure, _("Object by _Clicks…"));
  gimp_procedure_add_menu_path(procedure, "<Image>/Select/[Modify]");
  gimp_procedure_set_documentation(
      procedure, _("Select an object, person, animal or foreground with a few clicks (segmentation, cut out)"),
      _("A neural network finds the object that the clicks mean. Each further click that says \"this belongs to "
        "it\" or \"this does not\" refines the answer until it agrees with all clicks. The result becomes the "
        "selection, a layer mask, a channel or a new layer."),
      kSelectProcedure);
  gimp_procedure_set_attribution(procedure, "The gbrs authors", "The gbrs authors", "2026");
  add_arguments(procedure);
  return procedure;
}

}  // namespace gbrs::plugin
