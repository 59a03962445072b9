// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to the window: intentions, changes of the image, buttons and keys.
#include <algorithm>
#include <variant>

#include "base/signal.hpp"
#include "base/translation.hpp"
#include "window/click_window.hpp"
#include "window/help.hpp"

namespace gbrs::plugin {

// ---- the image in GIMP ---------------------------------------------------------------------------------

void ClickWindow::image_resized() {
  if (watch_.has_other_size()) {
    applying_.forget();
    report(check());
    offer_reading_again(_("The picture has changed in GIMP."));
  } else {
    layout_.hide_message();
    offer_.hide();
    if (standing() == EditingView::Standing::outdated) {
      offer_reading_again(_("The picture was not read anew."));
    } else {
      offer_what_was_kept();
    }
  }
  refresh();
}

void ClickWindow::offer_reading_again(const char* why) {
  offer_.show(why, _("_Read it again"), [this] { restart(); });
}

// On a monitor of other colours. A picture that has changed since is read when the user says so, with its clicks.
void ClickWindow::show_again() {
  has_old_colours_ = applying_.is_running();
  if (!has_old_colours_ && watch_.is_as_accepted()) loading_.show_again();
}

void ClickWindow::apply() {
  layout_.hide_message();
  goes_on_ = false;
  gtk_widget_grab_focus(canvas_.widget());  // an entry that is left says what was typed into it
  if (standing() == EditingView::Standing::outdated) return;  // a message says why
  if (const auto checked = check(); !checked) return show_error(checked.error().message);
  applying_.want();
  refresh();
}

// The image may have changed while the answer was waited for.
void ClickWindow::begin_applying() {
  applying_.forget();
  if (const auto checked = check(); !checked) return show_error(checked.error().message);
  has_old_colours_ = loading_.put_off() || has_old_colours_;  // half of it would be the result's
  applying_.begin(editing_.answer(), tool_.result(editing_));
}

void ClickWindow::apply_and_go_on() {
  apply();
  goes_on_ = applying_.is_wanted() || applying_.is_running();
}

void ClickWindow::show_written() {
  if (!goes_on_) {
    close();
    return;
  }
  g_debug("applied: 1");
  const std::string said = tool_.begin_next();
  change([&](Editing& editing) { report(editing.restore({})); });
  watch_.accept();
  layout_.show_message(said, GTK_MESSAGE_INFO);
}

void ClickWindow::show_help() {
  open_help([this](const std::string& text) { show_error(text); });
}

// ---- keys -----------------------------------------------------------------------------------------------

gboolean ClickWindow::on_delete(GtkWidget*, GdkEvent*, gpointer data) {
  static_cast<ClickWindow*>(data)->close();
  return TRUE;  // destroyed by the destructor
}

void ClickWindow::escape() {
  if (applying_.is_running()) return stop();
  if (canvas_.abandon_gesture() || brush_->put_away()) return;
  if (gtk_widget_get_sensitive(layout_.stop)) {
    stop();
  } else if (editing_.says_nothing()) {  // pressed once too often to stop, it is not to throw clicks away
    close();
  }
}

bool ClickWindow::obey(Command command) {
  switch (command) {
    case Command::none:
      return false;
    case Command::undo:
      undo();
      return true;
    case Command::redo:
      redo();
      return true;
    case Command::escape:
      escape();
      return true;
    case Command::toggle_preview:
      if (preview_) preview_->toggle();
      return true;
    case Command::help:
      show_help();
      return true;
    default:
      break;
  }
  if (command == Command::toggle_brush && !tool_.pointer().takes_strokes()) return true;
  if (view_->obey(command) || brush_->obey(command) || tool_.obey(command)) return true;
  const auto click = list_.has_focus() ? shown_.chosen() : canvas_.meant_marker();
  if (click && *click < editing_.marks().size()) obey(intention_of(command, *click, editing_.radius_of(*click)));
  return true;
}

}  // namespace gbrs::plugin
