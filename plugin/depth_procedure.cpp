// SPDX-License-Identifier: GPL-3.0-or-later
#include "depth_procedure.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <string>
#include <utility>
#include <vector>

#include "bridge.hpp"
#include "depth_grey.hpp"
#include "output.hpp"
#include "selecting.hpp"
#include "translation.hpp"

namespace gbrs::plugin {
namespace {

enum class Place { layer, image };

DepthScale scale_of(GimpProcedureConfig* config) {
  DepthScale scale;
  g_object_get(config, "nearest", &scale.near, "farthest", &scale.far, nullptr);
  scale.is_disparity = string_argument(config, "scale") == "disparity";
  scale.is_near_white = string_argument(config, "near") == "white";
  return scale;
}

GimpLayer* new_layer(GimpImage* image, GimpImageType type, const Map& grey) {
  constexpr double kOpaquePercent = 100;
  GimpLayer* const layer = gimp_layer_new(image, _("Depth"), grey.width, grey.height, type, kOpaquePercent,
                                          gimp_image_get_default_new_layer_mode(image));
  write_numbers(layer, grey);
  return layer;
}

/// On top of the image's layers, in one undo step.
Expected<GimpImage*> write_layer(GimpImage* image, const Map& grey) {
  // the image may have changed meanwhile
  if (const auto checked = check_target({.image = image}, grey.width, grey.height); !checked) {
    return std::unexpected(checked.error());
  }
  const GimpImageBaseType base = gimp_image_get_base_type(image);
  GimpLayer* const layer = new_layer(image, base == GIMP_GRAY ? GIMP_GRAY_IMAGE : GIMP_RGB_IMAGE, grey);
  if (gimp_image_insert_layer(image, layer, nullptr, 0) == FALSE) {
    return failure(ErrorCode::internal, _("GIMP could not add the layer."));
  }
  return image;
}

/// 16 bits, whose numbers PNG and TIFF files keep.
Expected<GimpImage*> write_image(const Map& grey, GimpRunMode mode) {
  GimpImage* const image =
      gimp_image_new_with_precision(grey.width, grey.height, GIMP_GRAY, GIMP_PRECISION_U16_NON_LINEAR);
  if (image == nullptr) return failure(ErrorCode::internal, _("GIMP could not make an image."));
  gimp_image_undo_disable(image);
  gimp_image_insert_layer(image, new_layer(image, GIMP_GRAY_IMAGE, grey), nullptr, 0);
  gimp_image_undo_enable(image);
  if (mode != GIMP_RUN_NONINTERACTIVE) gimp_display_new(image);
  return image;
}

struct Written {
  Answer answer;
  GimpImage* image = nullptr;
};

/// What can be said before anything is computed.
Expected<void> check_depth(GimpImage* image, const DepthScale& scale, bool has_own_image) {
  if (scale.far <= scale.near && (scale.far != 0 || scale.near != 0)) {
    return failure(ErrorCode::invalid_argument, _("The farthest depth has to be greater than the nearest."));
  }
  if (!has_own_image && gimp_image_get_base_type(image) == GIMP_INDEXED) {
    return failure(ErrorCode::unsupported,
                   _("An indexed image takes no grey layer: choose a new image, or convert it to RGB."));
  }
  return {};
}

Expected<Written> make_depth(GimpImage* image, GimpRunMode mode, GimpProcedureConfig* config) {
  const bool has_own_image = gimp_procedure_config_get_choice_id(config, "output") == static_cast<int>(Place::image);
  if (auto checked = check_depth(image, scale_of(config), has_own_image); !checked) {
    return std::unexpected(checked.error());
  }
  auto model = open_model(config, Task::depth);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  const auto clicks = parse_clicks(string_argument(config, "clicks"), Task::depth);
  if (!clicks) return std::unexpected(clicks.error());
  gimp_progress_init(_("Depth Layer"));
  auto answer = compute(image, std::move(*model), std::move(*options), one_by_one(*clicks));
  if (!answer) return std::unexpected(answer.error());
  auto depth = answer->render();
  if (!depth) return std::unexpected(depth.error());
  const Map grey = grey_of(std::move(*depth), scale_of(config));
  const auto written = has_own_image ? write_image(grey, mode) : write_layer(image, grey);
  if (!written) return std::unexpected(written.error());
  gimp_displays_flush();
  gimp_progress_end();
  return Written{*answer, *written};
}

bool ask(GimpProcedure* procedure, GimpProcedureConfig* config) {
  gimp_ui_init(kDepthProcedure);
  GtkWidget* const dialog = gimp_procedure_dialog_new(procedure, config, _("Depth Layer"));
  gimp_procedure_dialog_fill(GIMP_PROCEDURE_DIALOG(dialog), "output", "near", "scale", "nearest", "farthest", "clicks",
                             "model", nullptr);
  GtkWidget* const scope =
      gtk_label_new(_("The network depth-rooms knows indoor rooms only: what it says of anything else means "
                      "nothing."));
  constexpr int kMostCharacters = 45;
  constexpr int kBorder = 12;
  gtk_label_set_line_wrap(GTK_LABEL(scope), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(scope), kMostCharacters);
  gtk_widget_set_margin_start(scope, kBorder);
  gtk_widget_set_margin_end(scope, kBorder);
  gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog))), scope, FALSE, FALSE, kBorder);
  gtk_widget_show(scope);
  const bool is_wanted = gimp_procedure_dialog_run(GIMP_PROCEDURE_DIALOG(dialog)) != FALSE;
  gtk_widget_destroy(dialog);
  return is_wanted;
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable**,
                    GimpProcedureConfig* config, gpointer) {
  return run_guarded(procedure, [&]() -> GimpValueArray* {
    if (mode == GIMP_RUN_INTERACTIVE && !ask(procedure, config)) {
      return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
    }
    const auto written = make_depth(image, mode, config);
    if (!written) return failed(procedure, written.error());
    GimpValueArray* const values = succeeded(procedure, written->answer);
    GIMP_VALUES_SET_IMAGE(values, 3, written->image);
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
  add_method_arguments(procedure, "depth-rooms");
  gimp_procedure_add_choice_argument(
      procedure, "output", _("Ou_tput"), _("Where the result goes; an image of 8 bits has 256 depths only"),
      gimp_choice_new_with_values("image", static_cast<int>(Place::image), _("New image of 16 bits"), nullptr,  //
                                  "layer", static_cast<int>(Place::layer), _("New layer in this image"), nullptr,
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
                                     _("The depth at the near end; with both at 0 it is the picture's nearest"), 0,
                                     kMostDepth, 0, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument(procedure, "farthest", _("_Farthest"),
                                     _("The depth at the far end; with both at 0 it is the picture's farthest"), 0,
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
