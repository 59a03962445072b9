// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "canvas/canvas.hpp"
#include "editing/applying.hpp"
#include "editing/editing.hpp"
#include "window/click_list.hpp"
#include "window/window_layout.hpp"
#include "window/window_tool.hpp"

namespace gbrs::plugin {

/// What is to be seen of the clicks and their answer: on the canvas, in the list, in the status line, and by which
/// buttons can be pressed. All that it is given outlives it.
class EditingView final {
 public:
  EditingView(WindowTool& tool, const Editing& editing, const Applying& applying, const WindowLayout& layout,
              Canvas& canvas, ClickList& list)
      : tool_(tool), editing_(editing), applying_(applying), layout_(layout), canvas_(canvas), list_(list) {}

  /// How the answer stands with what is chosen.
  enum class Standing {
    current,
    awaited,   ///< another one is to come: whoever applies waits for it
    outdated,  ///< none is to come
  };

  /// Shows everything but the answer as it is now. `has_target`: the image takes what would be applied.
  void show(bool has_target, Standing standing);
  void show_answer();

  /// The click that keys and the list's buttons mean.
  [[nodiscard]] std::optional<std::size_t> chosen() const { return chosen_; }
  void choose(std::optional<std::size_t> click);

 private:
  void show_clicks();
  void tell_choice();
  [[nodiscard]] std::string words(const Mark& mark) const;
  void show_status(Standing standing) const;
  void show_sensitivity(bool has_target, Standing standing);
  [[nodiscard]] std::string status(Standing standing) const;
  [[nodiscard]] std::string answer_status() const;

  WindowTool& tool_;
  const Editing& editing_;
  const Applying& applying_;
  const WindowLayout& layout_;
  Canvas& canvas_;
  ClickList& list_;
  std::optional<std::size_t> chosen_;
};

}  // namespace gbrs::plugin
