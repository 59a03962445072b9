// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/main_loop_call.hpp"
#include "canvas/picture.hpp"
#include "gimp/bridge.hpp"

namespace gbrs::plugin {

/// Brings the image's picture to the window: reads it band by band when the main loop has nothing else to do,
/// and makes what the canvas draws in a thread.
class PictureLoading final {
 public:
  struct Callbacks {
    std::function<void(double fraction)> progress;                    ///< 0..1
    /// All of it; for the session to copy. False: nobody wants it, and it is not to be seen.
    std::function<bool(const Pixels& pixels)> read;
    std::function<void(std::shared_ptr<const Picture> picture)> made;  ///< some 0.1 s later
    std::function<void(const std::string& message)> error;            ///< neither of them will come
  };

  /// `image` says which one, at each beginning; `canvas` is where the picture will be seen.
  PictureLoading(std::function<GimpImage*()> image, GtkWidget* canvas, Callbacks callbacks);
  PictureLoading(const PictureLoading&) = delete;
  PictureLoading& operator=(const PictureLoading&) = delete;
  ~PictureLoading();

  /// Again from the beginning, if it was being read.
  void begin();
  /// What read() will get is not there yet.
  [[nodiscard]] bool is_beginning() const { return is_reading_ && !is_known_; }
  /// What was read, in the colours of the monitor where the canvas is now: made() without read(). Nothing, where there
  /// is nothing to show yet, or a reading that will end so.
  void show_again();
  /// Ends a show_again() before its time; whether there was one.
  bool put_off();

 private:
  static gboolean on_idle(gpointer self);
  void start();
  void stop();
  bool read_some();
  void fail(const std::string& message);
  void make_picture(Pixels pixels);

  std::function<GimpImage*()> image_;
  GtkWidget* canvas_;
  Callbacks callbacks_;
  bool is_reading_ = false;
  bool is_known_ = false;  // what there is, or is being read, was given to read() already
  std::optional<PictureReader> reader_;
  std::unique_ptr<const Picture> picture_;  // between the thread that makes it and made_
  std::atomic<bool> is_made_ = false;         // or failed
  MainLoopCall made_;
  std::jthread thread_;  // last: ends before the rest goes
};

}  // namespace gbrs::plugin
