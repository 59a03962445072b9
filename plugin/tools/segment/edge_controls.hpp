// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <string>

#include "base/adjustments.hpp"

typedef struct _GimpProcedureConfig GimpProcedureConfig;

namespace gbrs::plugin {

/// What the user does to the object's edge, folded away below the picture.
class EdgeControls final {
 public:
  /// The edge is neutral at the beginning, whatever `config` says, which outlives this.
  EdgeControls(GimpProcedureConfig* config, std::function<void()> on_change,
               std::function<void(const std::string& message)> on_error);
  EdgeControls(const EdgeControls&) = delete;
  EdgeControls& operator=(const EdgeControls&) = delete;
  ~EdgeControls();

  [[nodiscard]] GtkWidget* widget() const { return expander_; }
  [[nodiscard]] Adjustments adjustments() const;
  void toggle();
  void show_error(const std::string& text) { on_error_(text); }

 private:
  GtkWidget* entry(const char* property, const char* label, double least, double most, const char* tooltip);
  void change();
  void reset();

  GimpProcedureConfig* config_;
  std::function<void()> on_change_;
  std::function<void(const std::string&)> on_error_;
  GtkWidget* expander_;
  GtkWidget* reset_;
};

}  // namespace gbrs::plugin
