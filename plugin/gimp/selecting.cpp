// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/selecting.hpp"

#include <string>
#include <utility>

#include "base/engine_words.hpp"
#include "base/guard.hpp"
#include "base/translation.hpp"
#include "gimp/bridge.hpp"
#include "gimp/coverage.hpp"
#include "gimp/start.hpp"
#include "gimp/writing.hpp"

namespace gbrs::plugin {
namespace {

// GIMP's own setting of threads; 0 (as many as there are processors) when the user left it at that, so that
// the answer is the command line's.
int threads_wanted() {
  const int wanted = gimp_get_num_processors();
  return wanted == static_cast<int>(g_get_num_processors()) ? 0 : wanted;
}

}  // namespace

GimpValueArray* ended(GimpProcedure* procedure, const Expected<Answer>& answer) {
  return answer ? succeeded(procedure, *answer) : failed(procedure, answer.error());
}

void describe(GimpProcedure* procedure, const char* label, const char* blurb, const char* help, const char* menu) {
  gimp_procedure_set_image_types(procedure, "*");
  // what is visible is looked at, so that any number of layers may be selected
  gimp_procedure_set_sensitivity_mask(procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE |
                                                     GIMP_PROCEDURE_SENSITIVE_DRAWABLES |
                                                     GIMP_PROCEDURE_SENSITIVE_NO_DRAWABLES);
  gimp_procedure_set_menu_label(procedure, label);
  gimp_procedure_add_menu_path(procedure, menu);
  gimp_procedure_set_documentation(procedure, blurb, help, gimp_procedure_get_name(procedure));
  gimp_procedure_set_attribution(procedure, "The gbrs authors", "The gbrs authors", "2026");
}

GimpValueArray* run_guarded(GimpProcedure* procedure, const std::function<GimpValueArray*()>& body) {
  GimpValueArray* values = nullptr;
  const auto on_error = [&](const std::string& message) {
    values = failed(procedure, {.code = ErrorCode::internal, .message = message, .detail = {}});
  };
  guarded(false, on_error, [&] {
    gegl_init(nullptr, nullptr);
    values = body();
    return true;
  });
  return values;
}

std::string string_argument(GimpProcedureConfig* config, const char* name) {
  gchar* value = nullptr;
  g_object_get(config, name, &value, nullptr);
  std::string text{value != nullptr ? value : ""};
  g_free(value);
  return text;
}

void add_method_arguments(GimpProcedure* procedure, const char* model, Places places) {
  gimp_procedure_add_string_argument(procedure, "model", _("_Model"), _("Name or folder of the network"), model,
                                     G_PARAM_READWRITE);
  GimpChoice* const layers =
      gimp_choice_new_with_values("none", 0, _("None"), nullptr,                                //
                                  "sb", 1, _("Scale and bias"), nullptr,                        //
                                  "bmsb", 2, _("Bias map, scale and bias"), nullptr,            //
                                  "bmsb-m", 3, _("Bias map, scale and bias, merged"), nullptr,  //
                                  "bmconv", 4, _("Bias map and convolution"), nullptr,          //
                                  nullptr);
  if (places == Places::picture_too)
    gimp_choice_add(layers, "rgb", 5, _("The picture itself (RGB-BRS, slow)"), nullptr);
  gimp_procedure_add_choice_argument(procedure, "layer", _("_Refinement"),
                                     _("What is optimised until the answer agrees with the clicks"), layers, "bmconv",
                                     G_PARAM_READWRITE);
  constexpr int kMostIterations = 1000;
  gimp_procedure_add_int_argument(procedure, "iterations", _("_Iterations"),
                                  _("At most so many optimisation steps a click; 0: as many as suit the model"), 0,
                                  kMostIterations, 0, G_PARAM_READWRITE);
}

void add_operation_argument(GimpProcedure* procedure) {
  gimp_procedure_add_choice_argument(
      procedure, "operation", _("O_peration"), _("What happens to the selection that is there already"),
      gimp_choice_new_with_values(
          "replace", static_cast<int>(Operation::replace), _("Replace"), nullptr, "add",
          static_cast<int>(Operation::add), _("Add to the selection"), nullptr, "subtract",
          static_cast<int>(Operation::subtract), _("Subtract from the selection"), nullptr,                 //
          "intersect", static_cast<int>(Operation::intersect), _("Intersect with the selection"), nullptr,  //
          nullptr),
      "replace", G_PARAM_READWRITE);
}

void add_common_arguments(GimpProcedure* procedure) {
  add_method_arguments(procedure);
  add_operation_argument(procedure);
  gimp_procedure_add_choice_argument(
      procedure, "output", _("Ou_tput"), _("Where the result goes"),
      gimp_choice_new_with_values("selection", static_cast<int>(Output::selection), _("Selection"), nullptr,
                                  "layer-mask", static_cast<int>(Output::layer_mask), _("Layer mask"), nullptr,
                                  "channel", static_cast<int>(Output::channel), _("Channel"), nullptr, "new-layer",
                                  static_cast<int>(Output::new_layer), _("New layer with a mask"), nullptr, "cut-out",
                                  static_cast<int>(Output::cut_out), _("New layer, cut out"), nullptr, nullptr),
      "selection", G_PARAM_READWRITE);
  add_edge_arguments(procedure);
}

void add_edge_arguments(GimpProcedure* procedure) {
  gimp_procedure_add_double_argument(procedure, "grow", _("_Grow"),
                                     _("Moves the object's edge outwards by so many pixels; inwards when negative"),
                                     -kMostGrow, kMostGrow, 0, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument(procedure, "feather", _("_Feather"),
                                     _("Makes the edge soft over so many pixels, as Select > Feather does"), 0,
                                     kMostFeather, 0, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument(procedure, "contrast", _("Co_ntrast"),
                                     _("Makes the edge hard again, in per cent; at 100 there is nothing in between"), 0,
                                     kMostContrast, 0, G_PARAM_READWRITE);
}

void add_results(GimpProcedure* procedure) {
  gimp_procedure_add_int_return_value(procedure, "unsatisfied", _("Unsatisfied"),
                                      _("Number of clicks that the result does not obey"), 0, G_MAXINT, 0,
                                      G_PARAM_READWRITE);
  gimp_procedure_add_string_return_value(procedure, "report", _("Report"), _("Clicks, verdicts and times as JSON"), "",
                                         G_PARAM_READWRITE);
}

GimpValueArray* failed(GimpProcedure* procedure, const Error& error) {
  // the caller can mend these; everything else happened while running
  const bool is_call = error.code == ErrorCode::invalid_argument || error.code == ErrorCode::not_found;
  if (!error.detail.empty()) g_printerr("gbrs: %s\n", error.detail.c_str());
  const std::string words = in_users_words(error.message);
  return gimp_procedure_new_return_values(procedure, is_call ? GIMP_PDB_CALLING_ERROR : GIMP_PDB_EXECUTION_ERROR,
                                          g_error_new_literal(GIMP_PLUG_IN_ERROR, 0, words.c_str()));
}

GimpValueArray* succeeded(GimpProcedure* procedure, const Answer& answer) {
  GimpValueArray* const values = gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, nullptr);
  GIMP_VALUES_SET_INT(values, 1, static_cast<gint>(answer.unsatisfied()));
  GIMP_VALUES_SET_STRING(values, 2, answer.to_json().c_str());
  return values;
}

Expected<Model> open_model(GimpProcedureConfig* config, Task task) {
  auto model = Model::open(string_argument(config, "model"), {.device = Device::automatic, .threads = threads_wanted()});
  if (!model || model->info().task == task_name(task)) return model;
  return failure(ErrorCode::invalid_argument,
                 formatted(_("The model %s is made for something else: its task is \"%s\", not \"%s\"."),
                           model->info().name.c_str(), model->info().task.c_str(), std::string(task_name(task)).c_str()));
}

Expected<SessionOptions> engine_options(GimpProcedureConfig* config) {
  const auto layer = parse_layer_type(string_argument(config, "layer"));
  if (!layer) return std::unexpected(layer.error());
  SessionOptions options;
  options.layer = *layer;
  int iterations = 0;
  g_object_get(config, "iterations", &iterations, nullptr);
  if (iterations > 0) options.method.iterations = iterations;
  return options;
}

Adjustments adjustments_of(GimpProcedureConfig* config) {
  Adjustments adjustments;
  g_object_get(config, "grow", &adjustments.grow, "feather", &adjustments.feather, "contrast", &adjustments.contrast,
               nullptr);
  return adjustments;
}

Expected<std::shared_ptr<const Map>> start_of(const Target& target, GimpProcedureConfig* config) {
  auto start = read_start(target.image, target.layer,
                          static_cast<Start>(gimp_procedure_config_get_choice_id(config, "start")));
  if (!start) return std::unexpected(start.error());
  return *start ? std::make_shared<const Map>(std::move(**start)) : nullptr;
}

Target target_of(GimpImage* image, GimpDrawable** drawables, GimpProcedureConfig* config) {
  return {.image = image,
          .layer = target_layer(drawables),
          .output = static_cast<Output>(gimp_procedure_config_get_choice_id(config, "output")),
          .operation = static_cast<Operation>(gimp_procedure_config_get_choice_id(config, "operation"))};
}

Expected<Answer> compute(GimpImage* picture, Model model, SessionOptions options, const std::vector<Step>& steps) {
  options.publish_every = 0;  // nobody looks
  auto pixels = read_picture(picture);
  if (!pixels) return std::unexpected(pixels.error());
  auto session = Session::create(std::move(model), pixels->view(), std::move(options));
  *pixels = {};
  if (!session) return std::unexpected(session.error());
  auto answer = session->add_one_by_one(steps, [&](std::size_t computed) {
    gimp_progress_update(static_cast<double>(computed) / static_cast<double>(steps.size() + 1));  // the last one writes
  });
  if (!answer) return answer;
  return session->detailed();
}

Expected<Answer> select_without_window(const Target& target, GimpImage* picture, const std::vector<Step>& steps,
                                       std::shared_ptr<const Map> start, GimpProcedureConfig* config) {
  const int width = gimp_image_get_width(target.image);
  const int height = gimp_image_get_height(target.image);
  if (const auto checked = check_target(target, width, height); !checked) return std::unexpected(checked.error());
  auto model = open_model(config);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  options->start = std::move(start);
  gimp_progress_init(_("Object by Clicks"));
  const auto answer = compute(picture, std::move(*model), std::move(*options), steps);
  if (!answer) return answer;
  // the image may have changed meanwhile
  if (const auto checked = check_target(target, width, height); !checked) return std::unexpected(checked.error());
  auto coverage = render_coverage(*answer, sample_depth(target.image), adjustments_of(config));
  if (!coverage) return std::unexpected(coverage.error());
  if (auto written = write_output(target, std::move(*coverage)); !written) return std::unexpected(written.error());
  gimp_progress_end();
  return answer;
}

}  // namespace gbrs::plugin
