// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/offer_bar.hpp"

#include <utility>

#include "base/guard.hpp"

namespace gbrs::plugin {

OfferBar::OfferBar(std::function<void(const std::string& message)> on_error)
    : on_error_(std::move(on_error)), bar_(gtk_info_bar_new()), text_(gtk_label_new(nullptr)) {
  g_object_ref_sink(bar_);
  gtk_label_set_line_wrap(GTK_LABEL(text_), TRUE);
  gtk_label_set_xalign(GTK_LABEL(text_), 0);
  gtk_widget_show(text_);
  gtk_container_add(GTK_CONTAINER(gtk_info_bar_get_content_area(GTK_INFO_BAR(bar_))), text_);
  accept_ = gtk_info_bar_add_button(GTK_INFO_BAR(bar_), "", GTK_RESPONSE_ACCEPT);
  gtk_button_set_use_underline(GTK_BUTTON(accept_), TRUE);
  gtk_info_bar_set_message_type(GTK_INFO_BAR(bar_), GTK_MESSAGE_QUESTION);
  gtk_info_bar_set_show_close_button(GTK_INFO_BAR(bar_), TRUE);
  gtk_widget_set_no_show_all(bar_, TRUE);
  g_signal_connect(bar_, "response", G_CALLBACK(on_response), this);
}

OfferBar::~OfferBar() {
  g_signal_handlers_disconnect_by_data(bar_, this);
  g_object_unref(bar_);
}

void OfferBar::show(const std::string& text, const std::string& label, std::function<void()> accepted,
                    std::function<void()> declined) {
  gtk_label_set_text(GTK_LABEL(text_), text.c_str());
  gtk_button_set_label(GTK_BUTTON(accept_), label.c_str());
  accepted_ = std::move(accepted);
  declined_ = std::move(declined);
  gtk_widget_show(bar_);
  g_debug("offer: %s", text.c_str());
}

void OfferBar::hide() {
  accepted_ = declined_ = {};
  gtk_widget_hide(bar_);
}

void OfferBar::on_response(GtkInfoBar*, gint response, gpointer data) {
  auto* const self = static_cast<OfferBar*>(data);
  const auto answered = response == GTK_RESPONSE_ACCEPT ? self->accepted_ : self->declined_;
  self->hide();
  if (!answered) return;
  guarded(false, self->on_error_, [&] {
    answered();
    return true;
  });
}

}  // namespace gbrs::plugin
