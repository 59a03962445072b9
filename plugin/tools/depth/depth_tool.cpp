// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_tool.hpp"

#include <libgimp/gimpui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/guard.hpp"
#include "base/signal.hpp"
#include "base/translation.hpp"
#include "canvas/picture.hpp"
#include "editing/editing.hpp"
#include "gimp/output.hpp"
#include "tools/depth/depth_result.hpp"
#include "tools/depth/depth_start.hpp"
#include "tools/depth/focus_painter.hpp"

namespace gbrs::plugin {

DepthTool::DepthTool(GimpImage* image, GimpProcedureConfig* config)
    : image_(image),
      config_(config),
      panel_(config, {.mode = [this](DepthMode mode) { set_mode(mode); },
                      .depth = [this](double depth) { set_depth(depth); },
                      .done = [this] { host_.to_picture(); },
                      .focus = [this] { show_focus(); },
                      .error = [this](const std::string& text) { show_error(text); }}),
      starting_(
          image, config,
          {.restart = [this] { host_.restart(); }, .error = [this](const std::string& text) { show_error(text); }}) {
  for (const char* const property : {"notify::near", "notify::scale", "notify::nearest", "notify::farthest"}) {
    g_signal_connect(config_, property, G_CALLBACK(Signal<&DepthTool::change_scale>::notified), this);
  }
}

DepthTool::~DepthTool() {
  g_signal_handlers_disconnect_by_data(config_, this);
  if (waiting_ != 0) g_source_remove(waiting_);
}

const WindowTexts& DepthTool::texts() const {
  static const WindowTexts texts{
      .title = _("Depth Layer — %s"),
      .role = "gbrs-depth",
      .keys = _("Arrow keys move a cursor; Enter clicks there, Shift+Enter as the right button does."),
      .hint = _("Click where it is wrong"),
      .gestures =
          _("Click: this is as far away as the number beside the mark; N, or the wheel over the mark, changes it\n"
            "Press and drag: the same, and the circle says how far that reaches\n"
            "Right button, or Ctrl with the left one: as far away as the click before\n"
            "E: two clicks; what is at the first place is as far away as the second\n"
            "U: the left button pushes nearer, the right one farther; D: numbers again\n"
            "Drag a marker: move that click; drag its circle: change how far it reaches\n"
            "[ and ]: smaller and larger radius; A: automatic radius; Delete removes the click\n"
            "Wheel: scroll; with Shift sideways; with Ctrl zoom; middle button or Space with the left button: pan\n"
            "Arrow keys: keyboard cursor (Ctrl: pixel by pixel); Enter clicks, Shift+Enter as the right button\n"
            "Hold O: the original picture; hold P: the answer before the last change\n"
            "Escape: stop computing; close the window when there are no clicks"),
      .views = _("How the depths are shown: colours (C), grey as in the layer (G), contour lines (L), the picture "
                 "sharp at one depth and blurred elsewhere (B), not at all (X)\n"
                 "Hold O to see the original, P to see the answer before the last change"),
      .what_to_do = _("Click where a depth is wrong and give the number, or apply what was found."),
      .looking = _("Looking how far that reaches…"),
      .writing = _("Making the depth layer: %.0f %%"),
      .method = _("Start and _method"),
      .apply = _("Make the depth layer and close the window"),
      .apply_next = nullptr,
      .flip = _("Flip"),
      .flip_tooltip = _("Nearer becomes farther and the other way round (F, or Enter in the list)")};
  return texts;
}

std::span<const ResultChoice> DepthTool::choices() const {
  static const ResultChoice choices[] = {
      {"output", _("O_utput:"), _("Where the result goes; an image of 8 bits has 256 depths only")}};
  return choices;
}

std::span<const ViewChoice> DepthTool::views() const {
  static const ViewChoice views[kDepthViews] = {{_("Colours"), 'c'},
                                                {_("Grey"), 'g'},
                                                {_("Contour lines"), 'l'},
                                                {_("Depth of field"), 'b'},
                                                {_("Picture"), 'x'}};
  return views;
}

void DepthTool::set_view(int view) {
  view_ = static_cast<DepthView>(view);
  panel_.show_focus(view_ == DepthView::focus);
  panel_.legend().set(view_, scale_, pointer_.unit());
}

std::shared_ptr<const Painter> DepthTool::painter() const {
  if (view_ == DepthView::picture || !scale_.has_range()) return nullptr;
  if (view_ == DepthView::focus) {
    return blurs_ ? std::make_shared<const FocusPainter>(blurs_, diagonal_, panel_.focus().focus(), scale_) : nullptr;
  }
  return std::make_shared<const DepthPainter>(view_, scale_);
}

Expected<void> DepthTool::prepare(const Model& model, SessionOptions& options) {
  pointer_.set_unit(model.info().unit);
  panel_.set_unit(model.info().unit);
  return starting_.prepare(model, options);
}

// ---- what there is to see --------------------------------------------------------------------------------

void DepthTool::show_picture(const std::shared_ptr<const Picture>& picture) {
  blurs_ = std::make_shared<BlurLevels>(
      [picture](Rectangle part, double scale, PixelRows pixels) { picture->paint(part, scale, pixels); });
  diagonal_ = std::hypot(picture->width(), picture->height());
  if (view_ == DepthView::focus) host_.view_changed();
}

void DepthTool::show(const Answer& answer) {
  answer_ = answer;
  if (answer.is_empty()) return;
  const auto glance = glance_at(answer);
  if (!glance) return;
  const auto [nearest, farthest] = std::ranges::minmax(glance->values);
  nearest_ = nearest;
  farthest_ = farthest;
  g_debug("depths: %g %g", nearest_, farthest_);
  show_scale();
  show_here();
}

void DepthTool::change_scale() {
  show_scale();
  if (!starting_.is_used()) return;
  constexpr guint kWaitMs = 400;
  if (waiting_ != 0) g_source_remove(waiting_);
  waiting_ = g_timeout_add(kWaitMs, on_waited, this);
}

gboolean DepthTool::on_waited(gpointer data) {
  auto* const self = static_cast<DepthTool*>(data);
  self->waiting_ = 0;
  guarded(
      false, [self](const std::string& text) { self->show_error(text); },
      [self] {
        self->host_.restart();
        return true;
      });
  return G_SOURCE_REMOVE;
}

void DepthTool::show_scale() {
  scale_ = settled(starting_.scale(), nearest_, farthest_);
  panel_.legend().set(view_, scale_, pointer_.unit());
  panel_.focus().set_range(scale_);
  host_.view_changed();
}

void DepthTool::point(const std::optional<Point>& place) {
  pointed_ = place;
  show_here();
}

void DepthTool::show_here() {
  const auto depth = pointed_ ? value_at(answer_, *pointed_) : std::nullopt;
  panel_.set_here(depth ? formatted(_("Under the pointer: %s"), pointer_.text(*depth).c_str()) : std::string{});
  panel_.legend().point(depth);
  if (depth && view_ == DepthView::focus) panel_.focus().point(*depth);
}

void DepthTool::show_focus() {
  g_debug("focus: %g", panel_.focus().focus().depth);
  host_.view_changed();
}

// ---- what clicks say -------------------------------------------------------------------------------------

void DepthTool::set_mode(DepthMode mode) {
  pointer_.set_mode(mode);
  show_sensitivity();
  host_.mode_changed();
}

void DepthTool::choose(const std::optional<ChosenClick>& chosen) {
  chosen_ = chosen;
  if (chosen_ && is_depth(chosen_->click)) {
    pointer_.set_last(chosen_->click.target);
    panel_.set_depth(chosen_->click.target);
  }
  show_sensitivity();
}

void DepthTool::show_sensitivity() {
  panel_.set_depth_sensitive(chosen_ ? is_depth(chosen_->click)
                                     : pointer_.mode() == DepthMode::value && pointer_.last().has_value());
}

void DepthTool::set_depth(double depth) {
  pointer_.set_last(depth);
  if (chosen_ && is_depth(chosen_->click)) host_.intention(SetTarget{chosen_->mark, depth});
}

bool DepthTool::obey(char letter) {
  if (letter != 'n') return panel_.obey(letter);
  panel_.edit_depth();
  return true;
}

// ---- the image -------------------------------------------------------------------------------------------

Expected<void> DepthTool::check(int width, int height) const {
  if (auto checked = check_target({.image = image_}, width, height); !checked) return checked;
  return check_depth(image_, depth_scale_of(config_), depth_place_of(config_));
}

std::unique_ptr<Result> DepthTool::result(const Editing& editing) {
  const DepthPlace place = depth_place_of(config_);
  return std::make_unique<DepthResult>(image_, editing.answer(), starting_.scale(), place,
                                       [this, place](GimpImage* written) {
                                         written_ = written;
                                         if (place == DepthPlace::image) gimp_display_new(written);
                                       });
}

}  // namespace gbrs::plugin
