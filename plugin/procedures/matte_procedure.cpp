// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/matte_procedure.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/translation.hpp"
#include "canvas/painted.hpp"
#include "gimp/bare_image.hpp"
#include "gimp/selecting.hpp"
#include "tools/matte/matte_result.hpp"
#include "tools/matte/matte_start.hpp"
#include "tools/matte/matte_tool.hpp"
#include "window/click_window.hpp"

namespace gbrs::plugin {
namespace {

/// Without a window.
Expected<std::optional<Answer>> make_matte(const Target& target, GimpProcedureConfig* config) {
  const int width = gimp_image_get_width(target.image);
  const int height = gimp_image_get_height(target.image);
  if (const auto checked = check_matte(target, width, height); !checked) return std::unexpected(checked.error());
  auto model = open_model(config, Task::matte);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  const auto clicks = parse_clicks(string_argument(config, "clicks"), Task::matte);
  if (!clicks) return std::unexpected(clicks.error());
  const auto painted = parse_painted(string_argument(config, "painted"));
  if (!painted) return std::unexpected(painted.error());
  auto known = read_known(target, config, *options);
  if (!known) return std::unexpected(known.error());
  auto trimap = painted_over(options->trimap, *painted);
  if (!trimap) return std::unexpected(trimap.error());
  options->trimap = std::move(*trimap);
  gimp_progress_init(_("Refine Matte"));
  std::shared_ptr<const Pixels> pixels;
  const BareImage picture(target.image);
  if (target.output == Output::new_layer) {
    auto read = read_picture(picture.get());
    if (!read) return std::unexpected(read.error());
    pixels = std::make_shared<const Pixels>(std::move(*read));
  }
  const auto answer = compute(picture.get(), std::move(*model), std::move(*options), one_by_one(*clicks));
  if (!answer) return std::unexpected(answer.error());
  const auto result = matte_result(
      target, [&](const auto&, const auto&) { return answer; }, std::move(pixels));
  if (auto written = make_now(*result); !written) return std::unexpected(written.error());
  gimp_progress_end();
  return *answer;
}

/// None: cancelled.
Expected<std::optional<Answer>> make_in_window(const Target& target, GimpProcedureConfig* config) {
  if (auto chosen = choose_start(target, config); !chosen) return std::unexpected(chosen.error());
  auto model = open_model(config, Task::matte);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  gimp_ui_init(kMatteProcedure);
  MatteTool tool(target, config);
  if (auto prepared = tool.prepare(*model, *options); !prepared) return std::unexpected(prepared.error());
  auto applied = ClickWindow(tool, target.image, *model, std::move(*options), config).run();
  if (!applied) return std::nullopt;
  const std::string clicks = format_clicks(applied->clicks(), Task::matte);
  // "run with last values" repeats them
  g_object_set(config, "clicks", clicks.c_str(), "painted", tool.painted().c_str(), nullptr);
  return applied;
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer) {
  return run_guarded(procedure, [&]() -> GimpValueArray* {
    const Target target{.image = image,
                        .layer = target_layer(drawables),
                        .output = static_cast<Output>(gimp_procedure_config_get_choice_id(config, "output"))};
    const auto made = mode == GIMP_RUN_INTERACTIVE ? make_in_window(target, config) : make_matte(target, config);
    if (!made) return failed(procedure, made.error());
    if (!*made) return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
    return succeeded(procedure, **made);
  });
}

void add_arguments(GimpProcedure* procedure) {
  gimp_procedure_add_string_argument(
      procedure, "clicks", _("_Clicks"),
      _("What you know, separated by spaces: X,Y,ALPHA (0 is the background, 1 the object), X,Y,@X2,Y2 (as opaque as "
        "there), X,Y,+ or X,Y,- (a little more or less). A further number is how far it reaches, in pixels."),
      "", G_PARAM_READWRITE);
  gimp_procedure_add_string_argument(
      procedure, "painted", _("_Painted"),
      _("Strokes over the trimap, before the clicks: keep,RADIUS:X,Y X,Y is wholly the object along the way between "
        "these "
        "pixels, drop the background, unknown to be found out; \";\" stands between strokes."),
      "", G_PARAM_READWRITE);
  add_method_arguments(procedure, "matte-small", Places::picture_too);
  gimp_procedure_add_choice_argument(
      procedure, "start", _("_Start from"), _("What says roughly where the object is"),
      gimp_choice_new_with_values("selection", static_cast<int>(Start::selection), _("Selection"), nullptr,     //
                                  "layer-mask", static_cast<int>(Start::layer_mask), _("Layer mask"), nullptr,  //
                                  "alpha", static_cast<int>(Start::alpha), _("Layer's transparency"), nullptr,  //
                                  "channel", static_cast<int>(Start::channel), _("Selected channel"), nullptr,  //
                                  "trimap", kTrimapStart, _("Selected channel as trimap"),
                                  _("White is the object, black the background, grey unknown"), nullptr),
      "selection", G_PARAM_READWRITE);
  constexpr double kMostBand = 1000;
  gimp_procedure_add_double_argument(procedure, "band", _("_Band"),
                                     _("How many pixels on both sides of the edge, and of what is soft, are looked at; "
                                       "0: what suits the object's size"),
                                     0, kMostBand, 0, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument(
      procedure, "keep", _("_Keep existing opacity"),
      _("Go on from the opacity that the start has already, which clicks then change, instead of the network's"), FALSE,
      G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument(
      procedure, "output", _("Ou_tput"), _("Where the result goes"),
      gimp_choice_new_with_values("layer-mask", static_cast<int>(Output::layer_mask), _("Layer mask"), nullptr,  //
                                  "selection", static_cast<int>(Output::selection), _("Selection"), nullptr,     //
                                  "channel", static_cast<int>(Output::channel), _("Channel"), nullptr,           //
                                  "new-layer", static_cast<int>(Output::new_layer),
                                  _("New layer without the background's colours"), nullptr, nullptr),
      "layer-mask", G_PARAM_READWRITE);
  add_results(procedure);
}

}  // namespace

GimpProcedure* create_matte_procedure(GimpPlugIn* plug_in) {
  GimpProcedure* const procedure =
      gimp_image_procedure_new(plug_in, kMatteProcedure, GIMP_PDB_PROC_TYPE_PLUGIN, run, nullptr, nullptr);
  describe(
      procedure, _("_Refine Matte…"),
      _("Find out how opaque hair, fur, glass and blurred edges are, from a rough selection or mask (matting, cut "
        "out)"),
      _("A neural network estimates opacities near the edge of a selection, a mask or a channel; farther away "
        "everything "
        "stays as it is. Clicks that say how opaque something is correct it where they are and what belongs to it. "
        "A new layer gets the object's colours without those of its background."),
      "<Image>/Layer/Mask");
  add_arguments(procedure);
  return procedure;
}

}  // namespace gbrs::plugin
