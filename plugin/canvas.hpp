// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "markers.hpp"
#include "overlay.hpp"
#include "picture.hpp"
#include "view_transform.hpp"

// The drawing area: picture, tint, markers; and what mouse and keyboard do on it.
//
//   left button            include               wheel                   zoom at the pointer
//   right, Ctrl + left     exclude               Shift + wheel, middle   pan (also Space + drag)
//   drag a marker          move that click       arrows, Enter           keyboard cursor: include there
//   Delete over a marker   remove that click     Shift + Enter           exclude there
//
// It knows no session: what the user wants goes out through the callbacks, what is to be seen comes in.

namespace gbrs::plugin {

class Canvas final {
 public:
  struct Callbacks {
    std::function<void(Point image, bool is_include)> click;
    std::function<void(std::size_t marker, Point image)> move;
    std::function<void(std::size_t marker)> remove;
    std::function<void()> view_changed;
    std::function<void(const std::string& message)> error;
  };

  explicit Canvas(Callbacks callbacks);
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;
  ~Canvas();

  [[nodiscard]] GtkWidget* widget() const { return area_; }

  void set_picture(std::unique_ptr<const Picture> picture);
  void set_markers(std::vector<Marker> markers);
  /// Shows this answer, until the next; a default-made one shows none.
  void set_answer(Answer answer);
  void set_tint_visible(bool is_visible);

  [[nodiscard]] double scale() const { return view_.scale(); }
  /// "SCALE X Y": where in the window, in logical pixels, the picture's corner and the unit step lie when the
  /// canvas begins at (left, top). For the log: tests click by it.
  [[nodiscard]] std::string describe_view(int left, int top) const;
  void fit();
  void actual_size();
  void zoom(double factor);

 private:
  enum class Drag { none, pan, marker };

  template <class Body>
  static gboolean call(gpointer self, Body&& body);
  static gboolean on_draw(GtkWidget*, cairo_t* context, gpointer self);
  static gboolean on_press(GtkWidget*, GdkEventButton* event, gpointer self);
  static gboolean on_motion(GtkWidget*, GdkEventMotion* event, gpointer self);
  static gboolean on_release(GtkWidget*, GdkEventButton* event, gpointer self);
  static gboolean on_scroll(GtkWidget*, GdkEventScroll* event, gpointer self);
  static gboolean on_key_press(GtkWidget*, GdkEventKey* event, gpointer self);
  static gboolean on_key_release(GtkWidget*, GdkEventKey* event, gpointer self);
  static void on_size(GtkWidget*, GdkRectangle* size, gpointer self);
  static void on_pixel_ratio(GObject*, GParamSpec*, gpointer self);

  void draw(cairo_t* context);
  void draw_picture(cairo_t* context);
  void draw_cursor(cairo_t* context) const;
  bool press(const GdkEventButton& event);
  bool motion(const GdkEventMotion& event);
  bool release(const GdkEventButton& event);
  bool scroll(const GdkEventScroll& event);
  bool key_press(const GdkEventKey& event);
  bool move_cursor(guint key, bool is_fine);
  void click_at(Point canvas, bool is_include);
  void resize();
  void view_moved();
  void show_pointer(Point canvas);
  [[nodiscard]] Point device(double x, double y) const { return {x * pixel_ratio_, y * pixel_ratio_}; }

  Callbacks callbacks_;
  GtkWidget* area_;
  std::unique_ptr<const Picture> picture_;
  ViewTransform view_{1, 1};
  double pixel_ratio_ = 1;  // device pixels per logical pixel
  std::vector<Marker> markers_;
  Answer answer_;
  Tint tint_;
  bool is_tint_visible_ = true;

  // the picture as drawn for cached_view_, so that a new tint costs one copy
  std::unique_ptr<cairo_surface_t, Tint::Destroy> cached_;
  ViewTransform cached_view_{1, 1};

  Drag drag_ = Drag::none;
  Point drag_start_;      // canvas, device pixels
  Point drag_last_;
  std::size_t dragged_ = 0;
  bool is_drag_moved_ = false;
  bool drag_includes_ = true;
  bool is_space_down_ = false;
  Point pointer_{-1, -1};
  std::optional<Point> cursor_;  // the keyboard's, image pixels

  OverlayRenderer overlay_;  // last: its callback uses the rest
};

}  // namespace gbrs::plugin
