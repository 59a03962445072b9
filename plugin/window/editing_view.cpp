// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/editing_view.hpp"

#include <utility>
#include <vector>

#include "base/translation.hpp"
#include "editing/status_text.hpp"

namespace gbrs::plugin {

void EditingView::show(bool has_target, Standing standing) {
  tool_.show_known(editing_.trimap());
  show_clicks();
  show_status(standing);
  show_sensitivity(has_target, standing);
}

void EditingView::show_answer() {
  const Answer& answer = editing_.answer();
  // until another session has looked, what was found before is to be seen
  if (answer.is_empty() && !tool_.needs_clicks()) return;
  canvas_.scene().set_answer(answer, editing_.previous_answer());
  tool_.show(answer);
  if (!editing_.is_settled()) return;
  g_debug("answer: %s", answer.to_json().c_str());
  if (!answer.steps().empty() && !answer.steps().back().notice.empty()) {
    layout_.show_message(answer.steps().back().notice, GTK_MESSAGE_WARNING);
  }
}

void EditingView::choose(std::optional<std::size_t> click) {
  chosen_ = click;
  canvas_.set_chosen(click);
  list_.set_chosen(click);
  tell_choice();
}

void EditingView::tell_choice() {
  const bool is_click =
      chosen_ && *chosen_ < editing_.marks().size() && editing_.marks()[*chosen_].kind != Mark::Kind::box;
  tool_.choose(is_click ? std::optional(ChosenClick{*chosen_, editing_.click_of(editing_.marks()[*chosen_])})
                        : std::nullopt);
}

std::string EditingView::words(const Mark& mark) const {
  if (mark.kind == Mark::Kind::box) return _("Box");
  const std::string words = tool_.pointer().words(editing_.click_of(mark));
  return mark.kind == Mark::Kind::click ? words : formatted(_("%s (stroke)"), words.c_str());
}

void EditingView::show_clicks() {
  std::vector<Marker> markers = editing_.markers();
  std::vector<ClickList::Row> rows;
  for (const Marker& marker : markers) {
    const Mark& mark = editing_.marks()[rows.size()];
    const auto verdict = editing_.verdict_of(rows.size());
    rows.push_back({.marker = marker,
                    .kind = words(mark),
                    .can_flip = mark.kind != Mark::Kind::box && tool_.pointer().flipped(editing_.click_of(mark)),
                    .state = verdict ? verdict_text(*verdict) : std::string{}});
  }
  if (chosen_ && *chosen_ >= markers.size()) choose(std::nullopt);
  canvas_.set_markers(std::move(markers));
  list_.set_rows(std::move(rows));
  tell_choice();
}

std::string EditingView::status(Standing standing) const {
  constexpr double kPercent = 100;
  if (applying_.is_running()) {
    return formatted(tool_.texts().writing, kPercent * applying_.fraction());
  }
  if (standing == Standing::outdated) return {};  // a message says why
  std::string text = tool_.is_preparing()                                      ? _("Looking at the picture…")
                     : standing == Standing::awaited || !editing_.has_begun() ? _("Reading the picture…")
                                                                              : answer_status();
  if (applying_.is_wanted()) text = formatted(_("%s Applied when that is done."), text.c_str());
  return text;
}

std::string EditingView::answer_status() const {
  std::string text = editing_.is_busy() ? progress_text(editing_.progress(), tool_.texts().looking)
                     : editing_.error() ? std::string{}
                                        : answer_text(editing_.answer(), tool_.texts().what_to_do);
  const std::string painted = painted_text(editing_.painted().size());
  if (!painted.empty() && !editing_.error()) text += ' ' + painted;
  return text;
}

void EditingView::show_status(Standing standing) const {
  layout_.set_status(status(standing));
  layout_.set_progress(applying_.is_running()            ? applying_.fraction()
                       : standing == Standing::current ? progress_fraction(editing_.progress())
                                                       : std::nullopt);
}

void EditingView::show_sensitivity(bool has_target, Standing standing) {
  const bool can_change = editing_.has_begun() && !applying_.is_running();
  const bool has_clicks = !editing_.marks().empty();
  gtk_widget_set_sensitive(layout_.undo, can_change && editing_.can_undo());
  gtk_widget_set_sensitive(layout_.redo, can_change && editing_.can_redo());
  gtk_widget_set_sensitive(layout_.stop, applying_.is_running() || (can_change && editing_.is_busy() && has_clicks));
  list_.set_sensitive(can_change);
  gtk_widget_set_sensitive(layout_.choices, !applying_.is_running());
  const bool has_result = tool_.needs_clicks() ? has_clicks : !editing_.answer().is_empty();
  const bool can_apply = can_change && has_result && !editing_.error() && has_target && !applying_.is_wanted() &&
                         standing != Standing::outdated;
  gtk_widget_set_sensitive(layout_.apply, can_apply);
  gtk_widget_set_sensitive(layout_.apply_next, can_apply);
  gtk_widget_set_sensitive(layout_.more, !applying_.is_running());
  if (layout_.panel != nullptr) gtk_widget_set_sensitive(layout_.panel, !applying_.is_running());
}

}  // namespace gbrs::plugin
