// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/semantic/semantic_tool.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/translation.hpp"
#include "editing/editing.hpp"
#include "tools/semantic/kinds_result.hpp"

namespace gbrs::plugin {

SemanticTool::SemanticTool(const Target& target, GimpProcedureConfig* config)
    : target_(target),
      config_(config),
      pointer_([this](int number) { panel_.pick(number); }),
      panel_({.mode = [this](bool is_pair) { set_pairs(is_pair); },
              .picked =
                  [this](int number) {
                    pointer_.set_picked(number);
                    g_debug("picked: %d", number);
                  },
              .ticked =
                  [this] {
                    g_debug("ticked: %s", joined_names(ticked()).c_str());
                    host_.view_changed();
                  },
              .error = [this](const std::string& text) { show_error(text); }}) {}

const WindowTexts& SemanticTool::texts() const {
  static const WindowTexts texts{
      .title = _("By Kind of Thing — %s"),
      .role = "gbrs-semantic",
      .keys = _("Arrow keys move a cursor; Enter clicks there, Shift+Enter as the right button does."),
      .hint = _("Tick what to take; click on what has the wrong kind"),
      .gestures =
          _("Click: this is of the kind that is picked beside the picture\n"
            "Press and drag: the same, and the circle says how far that reaches\n"
            "Right button, or Ctrl with the left one: picks the kind that is under the pointer\n"
            "S: a brush for strokes, [ and ] change its size\n"
            "E: two clicks; what is at the first place is of the kind of the second; K: kinds again\n"
            "Drag a marker: move that click; drag its circle: change how far it reaches\n"
            "Double click or F: the click says the picked kind; Delete removes the click\n"
            "[ and ]: smaller and larger radius; A: automatic radius\n"
            "Wheel: scroll; with Shift sideways; with Ctrl zoom; middle button or Space with the left button: pan\n"
            "Arrow keys: keyboard cursor (Ctrl: pixel by pixel); Enter clicks, Shift+Enter as the right button\n"
            "Hold O: the original picture; hold P: the answer before the last change\n"
            "Escape: stop computing; close the window when there are no clicks"),
      .views = _(
          "How the kinds are shown: tint (T), outline (L), the ticked ones on black (B), nothing but colours (C), not "
          "at all (X)\n"
          "Hold O to see the original, P to see the answer before the last change"),
      .what_to_do = _("Tick the kinds to take. Click on what has the wrong kind, after picking the right one."),
      .looking = _("Looking how far that reaches…"),
      .writing = _("Writing the kinds to the image: %.0f %%"),
      .method = _("_Method"),
      .apply = _("Write the ticked kinds to the image, in one undo step, and close the window"),
      .apply_next = nullptr,
      .flip = _("Picked kind"),
      .flip_tooltip = _("The click says the kind that is picked (F, or Enter in the list)")};
  return texts;
}

std::span<const ResultChoice> SemanticTool::choices() const {
  static const ResultChoice choices[] = {
      {"output", _("O_utput:"), _("What the ticked kinds become when they are applied")},
      {"operation", _("O_peration:"), _("How they are combined with the selection that the image has")}};
  return choices;
}

std::span<const ViewChoice> SemanticTool::views() const {
  static const ViewChoice views[kSemanticViews] = {
      {_("Tint"), 't'}, {_("Outline"), 'l'}, {_("On black"), 'b'}, {_("Colours"), 'c'}, {_("Picture"), 'x'}};
  return views;
}

std::shared_ptr<const Painter> SemanticTool::painter() const {
  if (view_ == SemanticView::picture) return nullptr;
  std::map<int, Colour> colours;
  for (const Kind& kind : found_) colours[kind.number] = kind_colour(pointer_.model(), kind.number);
  return std::make_shared<const SemanticPainter>(view_, std::move(colours), panel_.ticked());
}

Expected<void> SemanticTool::prepare(const Model& model, SessionOptions&) {
  next_ = model.info();
  if (pointer_.model().weights_sha256.empty()) begun();  // nothing was said with another one
  return {};
}

// Until then numbers are those of the session that there is.
void SemanticTool::begun() {
  const ModelInfo before = pointer_.model();
  if (before.weights_sha256 == next_.weights_sha256) return;
  pointer_.set_model(next_);
  panel_.set_model(next_);
  found_.clear();
  if (before.classes.empty()) return;
  const auto same = std::ranges::find(next_.classes, before.class_name(pointer_.picked()));
  panel_.pick(same != next_.classes.end() ? static_cast<int>(same - next_.classes.begin()) : 0);
}

void SemanticTool::show(const Answer& answer) {
  if (answer.is_empty() || !answer.is_final()) return;
  auto found = kinds_of(answer, pointer_.model());
  if (!found || *found == found_) return;
  found_ = std::move(*found);
  g_debug("kinds: %s", joined_names(found_).c_str());
  panel_.set_found(found_);
  host_.view_changed();
}

void SemanticTool::set_pairs(bool takes_pairs) {
  pointer_.set_pairs(takes_pairs);
  host_.mode_changed();
}

std::vector<Kind> SemanticTool::ticked() const {
  std::vector<Kind> kinds;
  for (const Kind& kind : found_) {
    if (panel_.ticked().contains(kind.number)) kinds.push_back(kind);
  }
  return kinds;
}

Target SemanticTool::target() const {
  Target target = target_;
  target.output = static_cast<Output>(gimp_procedure_config_get_choice_id(config_, "output"));
  target.operation = static_cast<Operation>(gimp_procedure_config_get_choice_id(config_, "operation"));
  return target;
}

Expected<void> SemanticTool::check(int width, int height) const {
  const Target wanted = target();
  if (ticked().empty() && wanted.output != Output::labels) {
    return failure(ErrorCode::invalid_argument, _("Tick at least one kind."));
  }
  return check_kinds(wanted, width, height);
}

std::unique_ptr<Result> SemanticTool::result(const Editing& editing) {
  return kinds_result(target(), editing.answer(), pointer_.model(), ticked());
}

}  // namespace gbrs::plugin
