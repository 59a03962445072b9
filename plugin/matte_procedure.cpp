// SPDX-License-Identifier: GPL-3.0-or-later
#include "matte_procedure.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <optional>
#include <string>
#include <utility>

#include "bridge.hpp"
#include "coverage.hpp"
#include "gbrs/matting.hpp"
#include "output.hpp"
#include "selecting.hpp"
#include "start.hpp"
#include "translation.hpp"
#include "writing.hpp"

namespace gbrs::plugin {
namespace {

/// Of the choice "start", beside those of Start: the selected channel is a trimap.
constexpr int kTrimap = static_cast<int>(Start::channel) + 1;

Start start_of_choice(int id) { return id == kTrimap ? Start::channel : static_cast<Start>(id); }

/// The picture without its channels: GIMP shows them over it, and here they say where the object is.
class BareImage final {
 public:
  explicit BareImage(GimpImage* image) : image_(image) {
    if (!has_visible_channel()) return;
    copy_ = gimp_image_duplicate(image);  // hiding them in the image itself would change it
    image_ = copy_;
    for_each_channel([](GimpItem* channel) { gimp_item_set_visible(channel, FALSE); });
  }
  BareImage(const BareImage&) = delete;
  BareImage& operator=(const BareImage&) = delete;
  ~BareImage() {
    if (copy_ != nullptr) gimp_image_delete(copy_);
  }
  [[nodiscard]] GimpImage* get() const { return image_; }

 private:
  template <class Do>
  void for_each_channel(Do what) const {
    GimpChannel** const channels = gimp_image_get_channels(image_);
    for (GimpChannel** one = channels; one != nullptr && *one != nullptr; ++one) what(GIMP_ITEM(*one));
    g_free(channels);
  }
  [[nodiscard]] bool has_visible_channel() const {
    bool is_visible = false;
    for_each_channel([&](GimpItem* channel) { is_visible = is_visible || gimp_item_get_visible(channel) != FALSE; });
    return is_visible;
  }

  GimpImage* image_;
  GimpImage* copy_ = nullptr;
};

/// The trimap, and what to go on from if that is wanted.
Expected<void> read_known(const Target& target, GimpProcedureConfig* config, SessionOptions& options) {
  const int id = gimp_procedure_config_get_choice_id(config, "start");
  auto start = read_start(target.image, target.layer, start_of_choice(id));
  if (!start) return std::unexpected(start.error());
  if (id == kTrimap) {
    options.trimap = std::move(**start);
    return {};
  }
  double band = 0;
  gboolean is_kept = FALSE;
  g_object_get(config, "band", &band, "keep", &is_kept, nullptr);
  auto trimap = trimap_of(**start, band > 0 ? std::optional(band) : std::nullopt);
  if (!trimap) return std::unexpected(trimap.error());
  options.trimap = std::move(*trimap);
  if (is_kept != FALSE) options.start = std::move(**start);
  return {};
}

/// What can be said before anything is computed.
Expected<void> check_matte(const Target& target) {
  if (target.output == Output::new_layer && gimp_image_get_base_type(target.image) == GIMP_INDEXED) {
    return failure(ErrorCode::unsupported,
                   _("An indexed image has no room for the colours of a new layer: choose a layer mask, or convert it to "
                     "RGB."));
  }
  return check_target(target, gimp_image_get_width(target.image), gimp_image_get_height(target.image));
}

/// What is visible, with the object's own colours where it is partly opaque.
Expected<GimpLayer*> new_layer(GimpImage* picture, GimpImage* image, const Map& alpha) {
  auto pixels = read_picture(picture);
  if (!pixels) return std::unexpected(pixels.error());
  const auto colours = foreground_colours(pixels->view(), alpha);
  if (!colours) return std::unexpected(colours.error());
  GimpLayer* const layer = gimp_layer_new_from_visible(picture, image, _("Matte"));
  if (layer == nullptr) return failure(ErrorCode::internal, _("GIMP could not make the layer."));
  write_soft_colours(layer, *colours, alpha);
  return layer;
}

Expected<void> write_matte(const Answer& answer, Target target, GimpImage* picture) {
  // the image may have changed meanwhile
  if (const auto checked = check_target(target, answer.image_width(), answer.image_height()); !checked) return checked;
  auto coverage = render_coverage(answer, sample_depth(target.image));
  if (!coverage) return std::unexpected(coverage.error());
  if (target.output == Output::new_layer) {
    const auto alpha = answer.render();
    if (!alpha) return std::unexpected(alpha.error());
    const auto layer = new_layer(picture, target.image, *alpha);
    if (!layer) return std::unexpected(layer.error());
    target.new_layer = *layer;
  }
  target.name = _("Matte");
  return write_output(target, std::move(*coverage));
}

Expected<Answer> make_matte(const Target& target, GimpProcedureConfig* config) {
  if (const auto checked = check_matte(target); !checked) return std::unexpected(checked.error());
  auto model = open_model(config, Task::matte);
  if (!model) return std::unexpected(model.error());
  auto options = engine_options(config);
  if (!options) return std::unexpected(options.error());
  const auto clicks = parse_clicks(string_argument(config, "clicks"), Task::matte);
  if (!clicks) return std::unexpected(clicks.error());
  if (auto known = read_known(target, config, *options); !known) return std::unexpected(known.error());
  gimp_progress_init(_("Refine Matte"));
  const BareImage picture(target.image);
  auto answer = compute(picture.get(), std::move(*model), std::move(*options), one_by_one(*clicks));
  if (!answer) return answer;
  if (auto written = write_matte(*answer, target, picture.get()); !written) return std::unexpected(written.error());
  gimp_progress_end();
  return answer;
}

/// Begins with something that there is, if the last run's start is not there now.
void choose_start(const Target& target, GimpProcedureConfig* config) {
  const auto is_there = [&](int id) { return has_start(target.image, target.layer, start_of_choice(id)); };
  if (is_there(gimp_procedure_config_get_choice_id(config, "start"))) return;
  for (const auto& [id, name] : {std::pair{Start::selection, "selection"}, std::pair{Start::layer_mask, "layer-mask"},
                                 std::pair{Start::channel, "channel"}, std::pair{Start::alpha, "alpha"}}) {
    if (!is_there(static_cast<int>(id))) continue;
    g_object_set(config, "start", name, nullptr);
    return;
  }
}

bool ask(GimpProcedure* procedure, GimpProcedureConfig* config) {
  gimp_ui_init(kMatteProcedure);
  GtkWidget* const dialog = gimp_procedure_dialog_new(procedure, config, _("Refine Matte"));
  gimp_procedure_dialog_fill(GIMP_PROCEDURE_DIALOG(dialog), "start", "band", "keep", "output", "clicks", "model",
                             nullptr);
  const bool is_wanted = gimp_procedure_dialog_run(GIMP_PROCEDURE_DIALOG(dialog)) != FALSE;
  gtk_widget_destroy(dialog);
  return is_wanted;
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode mode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer) {
  return run_guarded(procedure, [&]() -> GimpValueArray* {
    Target target{.image = image, .layer = target_layer(drawables)};
    if (mode == GIMP_RUN_INTERACTIVE) {
      choose_start(target, config);
      if (!ask(procedure, config)) return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, nullptr);
    }
    target.output = static_cast<Output>(gimp_procedure_config_get_choice_id(config, "output"));
    return ended(procedure, make_matte(target, config));
  });
}

void add_arguments(GimpProcedure* procedure) {
  gimp_procedure_add_string_argument(
      procedure, "clicks", _("_Clicks"),
      _("What you know, separated by spaces: X,Y,ALPHA (0 is the background, 1 the object), X,Y,@X2,Y2 (as opaque as "
        "there), X,Y,+ or X,Y,- (a little more or less). A further number is how far it reaches, in pixels."),
      "", G_PARAM_READWRITE);
  add_method_arguments(procedure, "matte-small");
  gimp_procedure_add_choice_argument(
      procedure, "start", _("_Start from"), _("What says roughly where the object is"),
      gimp_choice_new_with_values("selection", static_cast<int>(Start::selection), _("Selection"), nullptr,      //
                                  "layer-mask", static_cast<int>(Start::layer_mask), _("Layer mask"), nullptr,   //
                                  "alpha", static_cast<int>(Start::alpha), _("Layer's transparency"), nullptr,   //
                                  "channel", static_cast<int>(Start::channel), _("Selected channel"), nullptr,   //
                                  "trimap", kTrimap, _("Selected channel as trimap"),
                                  _("White is the object, black the background, grey unknown"), nullptr),
      "selection", G_PARAM_READWRITE);
  constexpr double kMostBand = 1000;
  gimp_procedure_add_double_argument(
      procedure, "band", _("_Band"),
      _("How many pixels on both sides of the edge, and of what is soft, are looked at; 0: what suits the object's size"),
      0, kMostBand, 0, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument(
      procedure, "keep", _("_Keep the start's opacity"),
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
      _("Find out how opaque hair, fur, glass and blurred edges are, from a rough selection or mask (matting, cut out)"),
      _("A neural network estimates opacities near the edge of a selection, a mask or a channel; farther away everything "
        "stays as it is. Clicks that say how opaque something is correct it where they are and what belongs to it. "
        "A new layer gets the object's colours without those of its background."),
      "<Image>/Layer/Mask");
  add_arguments(procedure);
  return procedure;
}

}  // namespace gbrs::plugin
