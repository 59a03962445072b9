// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/hint_procedures.hpp"

#include <libgimp/gimp.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/translation.hpp"
#include "gimp/bare_image.hpp"
#include "gimp/bridge.hpp"
#include "gimp/path_anchors.hpp"
#include "gimp/selecting.hpp"
#include "gimp/start.hpp"
#include "procedures/hint_clicks.hpp"

namespace gbrs::plugin {
namespace {

/// What was drawn, as the engine takes it.
struct Hints {
  std::vector<Step> steps;
  std::shared_ptr<const Map> start;  // null: none
};

// ---- the selection: roughly the object ---------------------------------------------------------------------

Expected<Hints> hints_of_selection(const Target& target) {
  auto start = read_start(target.image, nullptr, Start::selection);
  if (!start) return std::unexpected(start.error());
  Hints hints;
  hints.steps = one_by_one(clicks_of_region(**start));
  if (hints.steps.empty()) {
    return failure(ErrorCode::invalid_argument, _("No pixel is selected by more than a half."));
  }
  hints.start = std::make_shared<const Map>(std::move(**start));
  return hints;
}

// ---- paths: their anchors are clicks -----------------------------------------------------------------------

Expected<Hints> hints_of_paths(const Target& target) {
  auto steps = steps_of_paths(target.image);
  if (!steps) return std::unexpected(steps.error());
  return Hints{.steps = std::move(*steps), .start = {}};
}

// ---- a layer with brush strokes ----------------------------------------------------------------------------

// Where paint is and what it says: light or green paint includes, dark or red paint excludes.
struct Strokes {
  Map including;
  Map excluding;
};

Strokes read_strokes(GimpImage* image, GimpLayer* layer) {
  gint offset_x = 0;
  gint offset_y = 0;
  gimp_drawable_get_offsets(GIMP_DRAWABLE(layer), &offset_x, &offset_y);
  const Rectangle part{-offset_x, -offset_y, gimp_image_get_width(image), gimp_image_get_height(image)};
  Strokes strokes{read_numbers(GIMP_DRAWABLE(layer), Samples::alpha, part), {}};
  const Map green = read_numbers(GIMP_DRAWABLE(layer), Samples::green, part);
  strokes.excluding = strokes.including;
  for (std::size_t i = 0; i < green.values.size(); ++i) {
    (green.values[i] >= 0.5F ? strokes.excluding : strokes.including).values[i] = 0;
  }
  return strokes;
}

// One by one: the networks learn from single clicks, each on the answer to those before it.
void add_strokes(const Map& painted, double target, std::vector<Step>& steps) {
  for (const auto& run : clicks_of_strokes(painted, target)) {
    std::ranges::move(one_by_one(run), std::back_inserter(steps));
  }
}

Expected<Hints> hints_of_strokes(const Target& target) {
  if (target.layer == nullptr || !gimp_drawable_has_alpha(GIMP_DRAWABLE(target.layer))) {
    return failure(
        ErrorCode::invalid_argument,
        _("Paint strokes on a transparent layer of their own, and select that layer: white or green paint on "
          "the object, black or red paint beside it."));
  }
  const Strokes strokes = read_strokes(target.image, target.layer);
  Hints hints;
  add_strokes(strokes.including, kInclude, hints.steps);
  add_strokes(strokes.excluding, kExclude, hints.steps);
  if (hints.steps.empty()) {
    return failure(ErrorCode::invalid_argument, _("The selected layer has no paint on it: everything is transparent."));
  }
  return hints;
}

// ---- the procedures ----------------------------------------------------------------------------------------

struct Kind {
  const char* name;
  const char* label;
  const char* blurb;
  const char* help;
  Expected<Hints> (*hints)(const Target& target);
  bool is_drawn_on_a_layer;
};

const Kind& kind_of(std::string_view name) {
  static const std::array<Kind, kHintProcedures.size()> kinds{
      {{kHintProcedures[0], N_("Object from _Selection"),
        N_("Turn a rough selection into the object that it surrounds"),
        N_("What is selected, roughly, is taken as a hint: the network finds the object in it and selects that. Make "
           "the hint with the lasso, an ellipse or the quick mask."),
        hints_of_selection, false},
       {kHintProcedures[1], N_("Object from _Path"), N_("Select the object on which a path's anchors lie"),
        N_("Every anchor of the selected paths (of all, where none is selected) is a click on the object; the anchors "
           "of paths whose names begin with \"exclude\" are clicks beside it."),
        hints_of_paths, false},
       {kHintProcedures[2], N_("Object from Painted St_rokes"),
        N_("Select the object on which strokes are painted on a layer of their own"),
        N_("White or green strokes on the selected transparent layer lie on the object, black or red ones beside it. "
           "The layer itself is not looked at."),
        hints_of_strokes, true}}};
  for (const Kind& kind : kinds) {
    if (name == kind.name) return kind;
  }
  return kinds.front();
}

Expected<Answer> select(const Kind& kind, const Target& target, GimpProcedureConfig* config) {
  auto hints = kind.hints(target);
  if (!hints) return std::unexpected(hints.error());
  if (!kind.is_drawn_on_a_layer) {
    return select_without_window(target, target.image, hints->steps, std::move(hints->start), config);
  }
  const BareImage picture(target.image, GIMP_DRAWABLE(target.layer));  // without the strokes
  return select_without_window(target, picture.get(), hints->steps, std::move(hints->start), config);
}

GimpValueArray* run(GimpProcedure* procedure, GimpRunMode, GimpImage* image, GimpDrawable** drawables,
                    GimpProcedureConfig* config, gpointer data) {
  return run_guarded(procedure, [&] {
    return ended(procedure, select(*static_cast<const Kind*>(data), target_of(image, drawables, config), config));
  });
}

}  // namespace

GimpProcedure* create_hint_procedure(GimpPlugIn* plug_in, const char* name) {
  const Kind& kind = kind_of(name);
  GimpProcedure* const procedure =
      gimp_image_procedure_new(plug_in, kind.name, GIMP_PDB_PROC_TYPE_PLUGIN, run, const_cast<Kind*>(&kind), nullptr);
  describe(procedure, _(kind.label), _(kind.blurb), _(kind.help));
  add_common_arguments(procedure);
  add_results(procedure);
  return procedure;
}

}  // namespace gbrs::plugin
