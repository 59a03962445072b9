// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "canvas/gesture.hpp"
#include "canvas/intention.hpp"
#include "canvas/keyboard_cursor.hpp"
#include "canvas/markers.hpp"
#include "canvas/picture.hpp"
#include "canvas/pointer_tool.hpp"
#include "canvas/scene.hpp"
#include "canvas/view_transform.hpp"

// The drawing area: picture, overlay, markers; and what mouse and keyboard do on it.
//
//   clicking and dragging  gesture.hpp            Ctrl + wheel       zoom at the pointer
//   arrows                 keyboard cursor        wheel              scroll; with Shift sideways
//   Enter, Shift + Enter   left, right button     middle, Space      pan
//   R, arrows, Enter       a box, where the task takes boxes
//   with the brush: Enter, arrows, Enter   a stroke
//
// It knows no session: what the user wants goes out through the callbacks, what is to be seen comes in.

namespace gbrs::plugin {

/// A place where a press would mean a new click.
struct PointedAt {
  Point image;
  bool is_primary = true;
  bool operator==(const PointedAt& other) const {
    return image.x == other.image.x && image.y == other.image.y && is_primary == other.is_primary;
  }
};

class Canvas final {
 public:
  struct Callbacks {
    std::function<void(const Intention& intention)> intention;
    std::function<void(const std::optional<PointedAt>& place)> pointed;
    std::function<void()> view_changed;
    std::function<void(const std::string& message)> error;
  };

  /// `tool` outlives it.
  Canvas(const PointerTool& tool, Callbacks callbacks);
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  ~Canvas();

  [[nodiscard]] GtkWidget* widget() const { return area_; }

  void set_picture(std::shared_ptr<const Picture> picture);
  void set_markers(std::vector<Marker> markers);
  [[nodiscard]] Scene& scene() { return scene_; }  ///< what lies below the markers
  void set_chosen(std::optional<std::size_t> marker);
  /// Takes a brush of this radius [image pixels] into the hand, or puts it away.
  void set_brush(std::optional<double> radius);

  /// The marker that a key means: the one under pointer or keyboard cursor, else the chosen one.
  [[nodiscard]] std::optional<std::size_t> meant_marker() const;
  /// Ends the gesture under way without a result. False: there is none.
  bool abandon_gesture();

  [[nodiscard]] double scale() const { return view_.scale(); }
  /// "SCALE X Y": where in the window, in logical pixels, the picture's corner and the unit step lie when the
  /// canvas begins at (left, top). For the log: tests click by it.
  [[nodiscard]] std::string describe_view(int left, int top) const;
  void fit();
  void actual_size();
  void zoom(double factor);

 private:
  template <class Body>
  static gboolean call(gpointer self, Body&& body);
  static gboolean on_draw(GtkWidget*, cairo_t* context, gpointer self);
  static gboolean on_press(GtkWidget*, GdkEventButton* event, gpointer self);
  static gboolean on_motion(GtkWidget*, GdkEventMotion* event, gpointer self);
  static gboolean on_leave(GtkWidget*, GdkEventCrossing* event, gpointer self);
  static gboolean on_release(GtkWidget*, GdkEventButton* event, gpointer self);
  static gboolean on_scroll(GtkWidget*, GdkEventScroll* event, gpointer self);
  static gboolean on_key_press(GtkWidget*, GdkEventKey* event, gpointer self);
  static gboolean on_key_release(GtkWidget*, GdkEventKey* event, gpointer self);
  static gboolean on_focus_out(GtkWidget*, GdkEvent*, gpointer self);
  static gboolean on_lingered(gpointer self);
  static gboolean on_march(gpointer self);
  static void on_size(GtkWidget*, GdkRectangle* size, gpointer self);
  static void on_pixel_ratio(GObject*, GParamSpec*, gpointer self);

  void draw(cairo_t* context);
  void draw_clicks(cairo_t* context) const;
  [[nodiscard]] bool marches() const;
  void draw_brush_at_pointer(cairo_t* context) const;
  [[nodiscard]] Intention meant() const;
  [[nodiscard]] std::optional<Box> keyboard_box() const;
  bool press(const GdkEventButton& event);
  bool motion(const GdkEventMotion& event);
  bool release(const GdkEventButton& event);
  bool scroll(const GdkEventScroll& event);
  bool key_press(const GdkEventKey& event);
  void enter(bool has_shift);
  void paint_by_keyboard(bool is_primary);
  void begin_box();
  bool move_cursor(guint key, bool is_fine);
  void resize();
  void view_moved();
  void pointer_moved(Point canvas);
  void hover(std::optional<std::size_t> marker);
  void obey(const Intention& intention);
  [[nodiscard]] std::optional<Intention> paired(const Intention& intention);
  [[nodiscard]] std::optional<Point> pointed_image() const;
  void show_pointer();
  [[nodiscard]] std::optional<PointedAt> pointed_at() const;
  [[nodiscard]] Point device(double x, double y) const { return {x * pixel_ratio_, y * pixel_ratio_}; }

  const PointerTool& tool_;
  Callbacks callbacks_;
  GtkWidget* area_;
  ViewTransform view_{1, 1};
  double pixel_ratio_ = 1;  // device pixels per logical pixel
  std::vector<Marker> markers_;
  Gesture gesture_;
  MarkerFocus focus_;
  guint linger_ = 0;  // the timer that ends hovering away from centre and rim
  guint march_ = 0;   // the timer of the outline's dashes
  bool is_space_down_ = false;
  std::string_view pointer_name_;
  std::optional<Point> pointer_;  // canvas, device pixels; none: elsewhere
  KeyboardCursor cursor_;
  std::optional<Point> corner_;  // of a box whose other corner is the keyboard cursor
  std::optional<Stroke> stroke_;  // the keyboard cursor's way since the brush was put on the picture
  bool is_stroke_primary_ = true;
  std::optional<double> brush_;  // image pixels
  bool is_secondary_ = false;    // what a press would be now
  std::optional<AddClick> pair_;  // whose other place is to come

  Scene scene_;  // last: its callback uses the rest
};

}  // namespace gbrs::plugin
