// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/matte/matte_tool.hpp"

#include <array>
#include <utility>

#include "base/signal.hpp"
#include "base/translation.hpp"
#include "canvas/segment_painter.hpp"
#include "editing/editing.hpp"
#include "tools/matte/matte_result.hpp"
#include "tools/matte/matte_start.hpp"
#include "tools/matte/trimap_painter.hpp"

namespace gbrs::plugin {
namespace {

/// Those of a coverage; behind them the trimap.
constexpr std::array kCoverageViews{View::checks, View::black, View::white, View::mask, View::tint};

}  // namespace

MatteTool::MatteTool(const Target& target, GimpProcedureConfig* config)
    : target_(target),
      config_(config),
      panel_(config, {.mode = [this](MatteMode mode) { set_mode(mode); },
                      .alpha = [this](double alpha) { set_alpha(alpha); },
                      .done = [this] { host_.to_picture(); },
                      .error = [this](const std::string& text) { show_error(text); }}) {
  g_signal_connect(config_, "notify::start", G_CALLBACK(Signal<&MatteTool::show_start>::notified), this);
  show_start();
  show_alpha();
}

MatteTool::~MatteTool() { g_signal_handlers_disconnect_by_data(config_, this); }

const WindowTexts& MatteTool::texts() const {
  static const WindowTexts texts{
      .title = _("Refine Matte — %s"),
      .role = "gbrs-matte",
      .keys = _("Arrow keys move a cursor; Enter clicks there, Shift+Enter as the right button does."),
      .hint = _("Click where it is wrong"),
      .gestures = _(
          "Click: this is as opaque as the number beside the picture; right button, or Ctrl with the left one: not at "
          "all\n"
          "Press and drag: the same, and the circle says how far that reaches\n"
          "N: write the number; the wheel over a mark changes its number\n"
          "E: two clicks; what is at the first place is as opaque as the second\n"
          "U: the left button makes it more opaque, the right one less; D: numbers again\n"
          "K, X, G: a brush that paints what is known: the object, the background, unknown; [ and ] change its size\n"
          "S, or Escape: clicks again, and the brush again\n"
          "Drag a marker: move that click; drag its circle: change how far it reaches\n"
          "Double click or F: more becomes less, opaque becomes transparent; Delete removes the click\n"
          "[ and ]: smaller and larger radius; A: automatic radius\n"
          "Wheel: scroll; with Shift sideways; with Ctrl zoom; middle button or Space with the left button: pan\n"
          "Arrow keys: keyboard cursor (Ctrl: pixel by pixel); Enter clicks, Shift+Enter as the right button\n"
          "Hold O: the original picture; hold P: the answer before the last change\n"
          "Escape: stop computing; close the window when there are no clicks"),
      .views = _("How the object is shown: cut out on a checkerboard (C), on black (B), on white (W), mask (M), tint "
                 "(T), or what is known of it (R): the object in blue, the background dark\n"
                 "Hold O to see the original, P to see the answer before the last change"),
      .what_to_do =
          _("Click where the object is too solid or too thin, paint what is unknown, or apply what was found."),
      .looking = _("Looking how far that reaches…"),
      .writing = _("Writing the matte to the image: %.0f %%"),
      .method = _("Start and _method"),
      .apply = _("Write the matte to the image, in one undo step, and close the window"),
      .apply_next = nullptr,
      .flip = _("Flip"),
      .flip_tooltip = _("More becomes less, opaque becomes transparent (F, or Enter in the list)")};
  return texts;
}

std::span<const ResultChoice> MatteTool::choices() const {
  static const ResultChoice choices[] = {{"output", _("O_utput:"), _("What the matte becomes when it is applied")}};
  return choices;
}

std::span<const ViewChoice> MatteTool::views() const {
  static const ViewChoice views[kCoverageViews.size() + 1] = {{_("Cut out"), 'c'},  {_("On black"), 'b'},
                                                              {_("On white"), 'w'}, {_("Mask"), 'm'},
                                                              {_("Tint"), 't'},     {_("Trimap"), 'r'}};
  return views;
}

std::shared_ptr<const Painter> MatteTool::painter() const {
  const auto view = static_cast<std::size_t>(view_);
  if (view < kCoverageViews.size()) return std::make_shared<const SegmentPainter>(kCoverageViews[view]);
  return trimap_ ? std::make_shared<const TrimapPainter>(trimap_) : nullptr;
}

Expected<void> MatteTool::prepare(const Model&, SessionOptions& options) {
  return read_known(target_, config_, options);
}

GimpImage* MatteTool::picture(GimpImage* image) {
  picture_.emplace(image);
  return picture_->get();
}

// ---- what there is to see --------------------------------------------------------------------------------

void MatteTool::show(const Answer& answer) {
  answer_ = answer;
  show_here();
}

void MatteTool::show_known(const std::shared_ptr<const Trimap>& trimap) {
  if (trimap == trimap_) return;
  trimap_ = trimap;
  host_.view_changed();
}

void MatteTool::point(const std::optional<Point>& place) {
  pointed_ = place;
  show_here();
}

void MatteTool::show_here() {
  const auto alpha = pointed_ ? value_at(answer_, *pointed_) : std::nullopt;
  panel_.set_here(alpha ? formatted(_("Under the pointer: %s"), alpha_text(*alpha).c_str()) : std::string{});
}

void MatteTool::show_start() {
  panel_.set_has_band(gimp_procedure_config_get_choice_id(config_, "start") != kTrimapStart);
}

// ---- what clicks say, and the brush ----------------------------------------------------------------------

void MatteTool::set_mode(MatteMode mode) {
  pointer_.set_mode(mode);
  (is_painting(mode) ? painting_ : clicking_) = mode;
  g_debug("mode: %d", static_cast<int>(mode));
  show_alpha();
  host_.mode_changed();
  host_.take_brush(is_painting(mode));
}

void MatteTool::brush_taken(bool is_in_hand) {
  if (is_in_hand != is_painting(pointer_.mode())) panel_.choose(is_in_hand ? painting_ : clicking_);
}

void MatteTool::choose(const std::optional<ChosenClick>& chosen) {
  chosen_ = chosen;
  show_alpha();
}

void MatteTool::show_alpha() {
  const bool is_of_click = chosen_ && is_alpha(chosen_->click);
  panel_.set_alpha(is_of_click ? chosen_->click.target : pointer_.alpha(), is_of_click);
  panel_.set_alpha_sensitive(is_of_click || (!chosen_ && pointer_.mode() == MatteMode::value));
}

void MatteTool::set_alpha(double alpha) {
  if (chosen_ && is_alpha(chosen_->click)) {
    if (chosen_->click.target == alpha) return;
    host_.intention(SetTarget{chosen_->mark, alpha});
  } else {
    pointer_.set_alpha(alpha);
  }
}

bool MatteTool::obey(char letter) {
  if (letter != 'n') return panel_.obey(letter);
  panel_.edit_alpha();
  return true;
}

// ---- the image -------------------------------------------------------------------------------------------

Target MatteTool::target() const {
  Target target = target_;
  target.output = static_cast<Output>(gimp_procedure_config_get_choice_id(config_, "output"));
  return target;
}

Expected<void> MatteTool::check(int width, int height) const { return check_matte(target(), width, height); }

std::unique_ptr<Result> MatteTool::result(const Editing& editing) {
  painted_ = format_painted(editing.painted());
  return matte_result(target(), editing.detailed(), editing.pixels());
}

}  // namespace gbrs::plugin
