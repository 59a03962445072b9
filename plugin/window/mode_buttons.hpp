// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace gbrs::plugin {

/// What the pointer says, one of some: radio buttons, each with a letter that chooses it.
class ModeButtons final {
 public:
  struct Choice {
    const char* label;
    const char* tooltip;
    char key;  ///< lower case
    const char* heading = nullptr;  ///< above it; null: it belongs to the ones before
  };

  ModeButtons(std::span<const Choice> choices, std::function<void(int mode)> on_change,
              std::function<void(const std::string& message)> on_error);
  ModeButtons(const ModeButtons&) = delete;
  ModeButtons& operator=(const ModeButtons&) = delete;
  ~ModeButtons();

  [[nodiscard]] GtkWidget* widget() const { return box_; }
  void choose(int mode);
  /// False: the letter is nobody's.
  bool obey(char letter);
  void show_error(const std::string& text) { on_error_(text); }

 private:
  void toggled();

  std::function<void(int)> on_change_;
  std::function<void(const std::string&)> on_error_;
  GtkWidget* box_;
  std::vector<GtkWidget*> buttons_;
  std::vector<char> keys_;
  int mode_ = 0;
};

}  // namespace gbrs::plugin
