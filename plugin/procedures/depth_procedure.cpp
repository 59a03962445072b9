// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/depth_procedure.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "base/translation.hpp"
#include "gimp/bare_image.hpp"
#include "gimp/selecting.hpp"
#include "tools/depth/depth_result.hpp"
#include "tools/depth/depth_start.hpp"
#include "tools/depth/depth_tool.hpp"
#include "window/click_window.hpp"

namespace gbrs::plugin {
namespace {

struct Made {
  Answer answer;
  GimpImage* image = nullptr;
};

/// What is looked at, and what its greys mean.
struct Begun {
  std::unique_ptr<BareImage> picture;
  DepthScale scale;
};

/// With the argument "start".
Expected<Begun> begin(GimpImage* image, GimpProcedureConfig* config, const Model& model, SessionOptions& options) {
  Begun begun{std::make_unique<BareImage>(image, nullptr), depth_scale_of(config)};
  const std::string name = string_argument(config, "start");
  if (name.empty()) return begun;
  const auto start = start_named(image, name);
  if (!start) return std::unexpected(start.error());
  auto greys = read_start_greys(image, *start);
  if (!greys) return std::unexpected(greys.error());
  begun.picture = std::make_unique<BareImage>(image, *start);
  if (!begun.scale.has_range()) {
    const auto pixels = read_picture(begun.picture->get());
    if (!pixels) return std::unexpected(pixels.error());
    const auto looked = look_at(model, *pixels);
    if (!looked) return std::unexpected(looked.error());
    begun.scale = fitted(begun.scale, *greys, *looked);
    begun.scale.widens = true;
  }
  options.start = std::make_shared<const Map>(depths_of(std::move(*greys), begun.scale));
  return begun;
}

/// Without a window.
Expected<std::optional<Made>> make_depth(GimpImage* image, GimpRunMode mode, GimpProcedureConfig* config) {
  const DepthScale scale = depth_scale_of(config);
  const DepthPlace place = depth_place_of(config);
  if (auto checked = check_depth(image, scale, place); !checked) return std::unexpected(checked.error());
  auto model = open_model(config, Task::depth);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  const auto clicks = parse_clicks(string_argument(config, "clicks"), Task::depth);
  if (!clicks) return std::unexpected(clicks.error());
  gimp_progress_init(_("Depth Layer"));
  auto begun = begin(image, config, *model, *options);
  if (!begun) return std::unexpected(begun.error());
  const auto answer = compute(begun->picture->get(), std::move(*model), std::move(*options), one_by_one(*clicks));
  if (!answer) return std::unexpected(answer.error());
  Made made{*answer};
  DepthResult result(image, *answer, begun->scale, place, [&](GimpImage* written) { made.image = written; });
  if (auto written = make_now(result); !written) return std::unexpected(written.error());
  if (place == DepthPlace::image && mode != GIMP_RUN_NONINTERACTIVE) gimp_display_new(made.image);
  gimp_progress_end();
  return made;
}

/// None: cancelled.
Expected<std::optional<Made>> make_in_window(GimpImage* image, GimpProcedureConfig* config) {
  auto model = open_model(config, Task::depth);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  gimp_ui_init(kDepthProcedure);
  DepthTool tool(image, config);
  std::ignore = tool.prepare(*model, *options);  // the last run's start may not be there now
  const auto applied = ClickWindow(tool, image, *model, std::move(*options), config).run();
  if (!applied) return std::nullopt;
  const std::string clicks = format_clicks(applied->clicks(), Task::depth);
  g_object_set(config, "clicks", clicks.c_str(), nullptr);  // "run with last values" repeats them
  return Made{*applied, tool.written()};
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable**,
                    GimpProcedureConfig* config, gpointer) {
  return run_guarded(procedure, [&]() -> GimpValueArray* {
    const auto made = mode == GIMP_RUN_INTERACTIVE ? make_in_window(image, config) : make_depth(image, mode, config);
    if (!made) return failed(procedure, made.error());
    if (!*made) return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
    GimpValueArray* const values = succeeded(procedure, (*made)->answer);
    GIMP_VALUES_SET_IMAGE(values, 3, (*made)->image);
    return values;
  });
}

void add_arguments(GimpProcedure* procedure) {
  constexpr double kMostDepth = 1e6;
  gimp_procedure_add_string_argument(
      procedure, "clicks", _("_Clicks"),
      _("What you know, separated by spaces: X,Y,DEPTH (2.4 is 2.4 metres), X,Y,@X2,Y2 (as far as there), X,Y,near or "
        "X,Y,far (a little). A further number is how far it reaches, in pixels."),
      "", G_PARAM_READWRITE);
  add_method_arguments(procedure, "depth-rooms", Places::picture_too);
  gimp_procedure_add_string_argument(
      procedure, "start", _("_Start from"),
      _("Name of a layer or channel that has depths already, as greys: clicks change them, all else stays. What they "
        "mean is said as for the result; with farthest at 0, they are fitted to what the network finds."),
      "", G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument(
      procedure, "output", _("Ou_tput"), _("Where the result goes; an image of 8 bits has 256 depths only"),
      gimp_choice_new_with_values("image", static_cast<int>(DepthPlace::image), _("New image of 16 bits"), nullptr,  //
                                  "layer", static_cast<int>(DepthPlace::layer), _("New layer in this image"), nullptr,
                                  nullptr),
      "image", G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument(procedure, "near", _("_Near is"), _("Which end of the grey values is near"),
                                     gimp_choice_new_with_values("white", 0, _("White"), nullptr,  //
                                                                 "black", 1, _("Black"), nullptr, nullptr),
                                     "white", G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument(
      procedure, "scale", _("_Scale"), _("What the grey values are proportional to"),
      gimp_choice_new_with_values("depth", 0, _("Depth"), nullptr,  //
                                  "disparity", 1, _("Disparity (1 / depth)"), nullptr, nullptr),
      "depth", G_PARAM_READWRITE);
  gimp_procedure_add_double_argument(procedure, "nearest", _("N_earest"),
                                     _("The depth at the near end; without a farthest one it does not count"), 0,
                                     kMostDepth, 0, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument(procedure, "farthest", _("_Farthest"),
                                     _("The depth at the far end; 0: both ends are the picture's own"), 0,
                                     kMostDepth, 0, G_PARAM_READWRITE);
  add_results(procedure);
  gimp_procedure_add_image_return_value(procedure, "depth-image", _("Image"), _("The image that has the depth layer"),
                                        FALSE, G_PARAM_READWRITE);
}

}  // namespace

GimpProcedure* create_depth_procedure(GimpPlugIn* plug_in) {
  GimpProcedure* const procedure =
      gimp_image_procedure_new(plug_in, kDepthProcedure, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
  describe(
      procedure, _("_Depth Layer…"),
      _("Estimate how far away everything in the picture is, as grey values (depth map, Z buffer, distance)"),
      _("A neural network estimates depths, for indoor rooms in metres. Clicks that say how far something is, or that "
        "it is as far as something else, correct it where they are and what belongs to it."),
      "<Image>/Filters/Map");
  add_arguments(procedure);
  return procedure;
}

}  // namespace gbrs::plugin
