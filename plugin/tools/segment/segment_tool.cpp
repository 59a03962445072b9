// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/segment/segment_tool.hpp"

#include <utility>

#include "base/translation.hpp"
#include "canvas/segment_painter.hpp"
#include "editing/editing.hpp"
#include "gimp/coverage_result.hpp"
#include "gimp/selecting.hpp"

namespace gbrs::plugin {

SegmentTool::SegmentTool(const Target& target, GimpProcedureConfig* config)
    : target_(target),
      config_(config),
      edge_(
          config, [this] { host_.view_changed(); }, [this](const std::string& text) { show_error(text); }) {}

SegmentTool::~SegmentTool() {
  if (has_chosen_add_ && target().operation == Operation::add) {
    g_object_set(config_, "operation", "replace", nullptr);  // what the user had chosen: the next window begins with it
  }
}

const WindowTexts& SegmentTool::texts() const {
  static const WindowTexts texts{
      .title = _("Object by Clicks — %s"),
      .role = "gbrs-select",
      .keys =
          _("Arrow keys move a cursor; Enter includes what is under it, Shift+Enter excludes it; R begins a box there, "
            "and Enter ends it."),
      .hint = _("Drag: this far · right: exclude · Shift: box"),
      .gestures =
          _("Press and drag: this belongs to the object, as far as the circle reaches\n"
            "Click: the same, and how far it reaches is found automatically\n"
            "Right button, or Ctrl with the left one: this does not belong to the object\n"
            "Shift and drag: a box around the object\n"
            "Drag a marker: move that click; drag its circle: change how far it reaches\n"
            "Double click or F: include becomes exclude and the other way round; Delete removes the click\n"
            "[ and ]: smaller and larger radius; A: automatic radius\n"
            "S: a brush for strokes, [ and ] change its size\n"
            "Escape while dragging: as if nothing had been pressed\n"
            "Wheel: scroll; with Shift sideways; with Ctrl zoom; middle button or Space with the left button: pan\n"
            "Arrow keys: keyboard cursor (Ctrl: pixel by pixel); Enter includes, Shift+Enter excludes; R: a box\n"
            "Where the pointer rests: what a click there would give; V: not at all\n"
            "Hold O: the original picture; hold P: the answer before the last change\n"
            "Escape: stop computing; close the window when there are no clicks"),
      .views = _("How the object is shown: tint (T), outline (L), on black (B), on white (W), mask (M), "
                 "cut out on a checkerboard (C)\n"
                 "Hold O to see the original, P to see the answer before the last change"),
      .what_to_do =
          _("Press on the object and drag as far as it reaches; with the right button on what does not belong to "
            "it."),
      .looking = _("Looking for the object…"),
      .writing = _("Writing the object to the image: %.0f %%"),
      .method = _("Start and _method"),
      .apply = _("Write the object to the image, in one undo step, and close the window"),
      .apply_next = _("Write the object to the image and go on with the next one"),
      .flip = _("Flip"),
      .flip_tooltip = _("Include becomes exclude and the other way round (F, or Enter in the list)")};
  return texts;
}

std::span<const ResultChoice> SegmentTool::choices() const {
  static const ResultChoice choices[] = {
      {"output", _("O_utput:"), _("What the object becomes when it is applied")},
      {"operation", _("O_peration:"), _("How the object is combined with the selection that the image has")}};
  return choices;
}

std::span<const ViewChoice> SegmentTool::views() const {
  static const ViewChoice views[kViews] = {{_("Tint"), 't'},     {_("Outline"), 'l'}, {_("On black"), 'b'},
                                           {_("On white"), 'w'}, {_("Mask"), 'm'},    {_("Cut out"), 'c'}};
  return views;
}

std::shared_ptr<const Painter> SegmentTool::painter() const {
  return std::make_shared<const SegmentPainter>(view_, edge_.adjustments());
}

Expected<void> SegmentTool::prepare(const Model&, SessionOptions& options) {
  auto start = start_of(target_, config_);
  if (!start) {
    g_object_set(config_, "start", "nothing", nullptr);  // the window offers the others
    return std::unexpected(start.error());
  }
  options.start = std::move(*start);
  return {};
}

bool SegmentTool::obey(Command command) {
  if (command != Command::toggle_folded) return false;
  edge_.toggle();
  return true;
}

Target SegmentTool::target() const {
  Target target = target_;
  target.output = static_cast<Output>(gimp_procedure_config_get_choice_id(config_, "output"));
  target.operation = static_cast<Operation>(gimp_procedure_config_get_choice_id(config_, "operation"));
  return target;
}

Expected<void> SegmentTool::check(int width, int height) const { return check_target(target(), width, height); }

std::unique_ptr<Result> SegmentTool::result(const Editing& editing) {
  return object_result(target(), editing.answer(), edge_.adjustments());
}

std::string SegmentTool::begin_next() {
  const Target written = target();
  if (written.output != Output::selection || written.operation != Operation::replace) {
    return _("Applied. Click on the next object.");
  }
  g_object_set(config_, "operation", "add", nullptr);  // else the next one would replace this one
  has_chosen_add_ = true;
  return _("Applied. Click on the next object: it will be added to the selection.");
}

}  // namespace gbrs::plugin
