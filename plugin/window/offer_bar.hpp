// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <string>

namespace gbrs::plugin {

/// A bar that asks whether something is to be done, and is in nobody's way: who goes on clicking declines.
class OfferBar final {
 public:
  explicit OfferBar(std::function<void(const std::string& message)> on_error);
  OfferBar(const OfferBar&) = delete;
  OfferBar& operator=(const OfferBar&) = delete;
  ~OfferBar();

  [[nodiscard]] GtkWidget* widget() const { return bar_; }
  /// Replaces an offer that is shown. `accepted` is called by a press on the button `label`, `declined` when the bar is
  /// closed by its own one.
  void show(const std::string& text, const std::string& label, std::function<void()> accepted,
            std::function<void()> declined = {});
  void hide();

 private:
  static void on_response(GtkInfoBar*, gint response, gpointer self);

  std::function<void(const std::string&)> on_error_;
  std::function<void()> accepted_;
  std::function<void()> declined_;
  GtkWidget* bar_;
  GtkWidget* text_;
  GtkWidget* accept_;
};

}  // namespace gbrs::plugin
