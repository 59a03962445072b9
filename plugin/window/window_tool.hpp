// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>
#include <gtk/gtk.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "canvas/intention.hpp"
#include "canvas/painter.hpp"
#include "canvas/pointer_tool.hpp"
#include "gbrs/session.hpp"
#include "gimp/result.hpp"
#include "window/shortcuts.hpp"

namespace gbrs::plugin {

class Editing;
class Picture;
struct Pixels;

/// What a window says in its task's words, translated.
struct WindowTexts {
  const char* title;       ///< with %s for the image's name
  const char* role;        ///< for window managers
  const char* keys;        ///< what the keyboard does on the picture, for screen readers
  const char* hint;        ///< the gestures in a line
  const char* gestures;    ///< all of them, a line each
  const char* views;       ///< tooltip of the views
  const char* what_to_do;  ///< as long as there is no click
  const char* looking;     ///< while a click's first answer is computed
  const char* writing;     ///< with %.0f %% for how much is written
  const char* method;      ///< label of what is folded away
  const char* apply;       ///< tooltip
  const char* apply_next;  ///< tooltip; null: there is no next one
  const char* flip;        ///< label; null: clicks have no opposite
  const char* flip_tooltip;
};

struct ViewChoice {
  const char* name;
  char key;  ///< lower case
};

/// A choice of the procedure's, for the line of the buttons.
struct ResultChoice {
  const char* property;
  const char* label;
  const char* tooltip;
};

/// The click that keys and panels mean.
struct ChosenClick {
  std::size_t mark = 0;
  Click click;
};

/// What the window has for one task alone. Made after gimp_ui_init(), before the window, which it outlives. Main thread
/// only.
class WindowTool {
 public:
  struct Host {
    std::function<void()> view_changed;              ///< painter() is another
    std::function<void()> mode_changed;              ///< a gesture that had begun means nothing any more
    std::function<void(bool is_wanted)> take_brush;  ///< into the hand, or put it away
    std::function<void(const Intention& intention)> intention;
    std::function<void()> to_picture;  ///< the keyboard goes back there
    std::function<void()> restart;     ///< with what prepare() says now
    std::function<void(const std::string& message)> error;
  };

  WindowTool() = default;
  WindowTool(const WindowTool&) = delete;
  WindowTool& operator=(const WindowTool&) = delete;
  virtual ~WindowTool() = default;

  /// Once, when there is a window.
  void connect(Host host) { host_ = std::move(host); }
  void show_error(const std::string& text) const { host_.error(text); }

  [[nodiscard]] virtual PointerTool& pointer() = 0;
  [[nodiscard]] virtual const WindowTexts& texts() const = 0;
  [[nodiscard]] virtual std::span<const ResultChoice> choices() const = 0;
  [[nodiscard]] virtual GtkWidget* panel() { return nullptr; }   ///< beside the picture; null: none
  [[nodiscard]] virtual GtkWidget* folded() { return nullptr; }  ///< an expander below it; null: none

  /// What chooses the argument "start"; null: it is a choice of the procedure's, if there is one.
  [[nodiscard]] virtual GtkWidget* start_choice() { return nullptr; }

  [[nodiscard]] virtual std::span<const ViewChoice> views() const = 0;
  virtual void set_view(int view) = 0;
  [[nodiscard]] virtual std::shared_ptr<const Painter> painter() const = 0;  ///< null: the picture alone

  /// Before a session begins with this model: what it is to start from. Errors: that is not there.
  virtual Expected<void> prepare(const Model&, SessionOptions&) { return {}; }
  /// What is looked at: the image, or a copy without what is not part of the picture, which lives until the next call.
  [[nodiscard]] virtual GimpImage* picture(GimpImage* image) { return image; }
  /// The picture was read. False: no session begins with it yet, the tool wants to look first and says Host::restart
  /// then.
  [[nodiscard]] virtual bool begin(const Pixels&) { return true; }
  /// Whether Host::restart will be said soon: there is something to be seen that is chosen, but not in the answer yet.
  [[nodiscard]] virtual bool is_preparing() const { return false; }
  /// The session that begins with what prepare() was told is there.
  virtual void begun() {}
  virtual void show_picture(const std::shared_ptr<const Picture>&) {}  ///< what the canvas draws
  virtual void show(const Answer&) {}                            ///< the newest one
  virtual void show_known(const std::shared_ptr<const Trimap>&) {}  ///< the trimap, or null; told at each refresh
  virtual void choose(const std::optional<ChosenClick>&) {}      ///< told at each change of it
  virtual void point(const std::optional<Point>&) {}             ///< where the pointer is in the picture
  virtual void brush_taken(bool /*is_in_hand*/) {}               ///< or put away
  virtual bool obey(Command) { return false; }                   ///< false: the command is for somebody else
  virtual bool obey(char) { return false; }                      ///< a letter, lower case; false: it means nothing

  [[nodiscard]] virtual bool has_preview() const { return false; }
  [[nodiscard]] virtual bool needs_clicks() const { return false; }  ///< else there is an answer without
  /// Whether a new click is the chosen one: there is more to say about it.
  [[nodiscard]] virtual bool chooses_new() const { return false; }

  /// Why the answer cannot be written to the image, when that is to have this size.
  [[nodiscard]] virtual Expected<void> check(int width, int height) const = 0;
  /// What is to become of the answer, which is settled.
  [[nodiscard]] virtual std::unique_ptr<Result> result(const Editing& editing) = 0;
  /// After a result was written, when the user goes on; returns what to say.
  virtual std::string begin_next() { return {}; }

 protected:
  Host host_;
};

}  // namespace gbrs::plugin
