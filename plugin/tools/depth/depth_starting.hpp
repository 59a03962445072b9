// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtk/gtk.h>
#include <libgimp/gimp.h>

#include <functional>
#include <optional>
#include <string>

#include "base/main_loop_call.hpp"
#include "gbrs/session.hpp"
#include "gimp/bare_image.hpp"
#include "tools/depth/depth_grey.hpp"

namespace gbrs::plugin {

struct Pixels;

/// The window's side of what a depth layer goes on from (depth_start.hpp): it is chosen and read, and where nobody says
/// what its greys mean, they are fitted to what the network finds, which takes a session of its own. Main thread only.
class DepthStarting final {
 public:
  struct Callbacks {
    std::function<void()> restart;  ///< the network has looked: prepare() and begin() again
    std::function<void(const std::string& message)> error;
  };

  /// The choice is bound to `config`, which outlives this.
  DepthStarting(GimpImage* image, GimpProcedureConfig* config, Callbacks callbacks);
  DepthStarting(const DepthStarting&) = delete;
  DepthStarting& operator=(const DepthStarting&) = delete;
  ~DepthStarting();

  [[nodiscard]] GtkWidget* widget() const { return combo_; }
  [[nodiscard]] bool is_used() const;
  /// What the greys of start and result mean: as the user wants it, or as it was fitted.
  [[nodiscard]] DepthScale scale() const;

  /// Errors: those of start_named and read_start_greys; then the choice is "Nothing".
  Expected<void> prepare(const Model& model, SessionOptions& options);
  /// False: the network looks first.
  [[nodiscard]] bool begin(const Pixels& pixels);
  [[nodiscard]] bool is_looking() const { return session_.has_value(); }
  /// The picture without the start, until the next call.
  [[nodiscard]] GimpImage* picture(GimpImage* image);

 private:
  void offer_names();
  Expected<Map> read_greys();
  void look_again();
  [[nodiscard]] std::string key() const;

  struct Fit {
    std::string key;
    double near = 0;
    double far = 0;
  };

  GimpImage* image_;
  GimpProcedureConfig* config_;
  Callbacks callbacks_;
  GtkWidget* combo_;
  GimpDrawable* start_ = nullptr;
  std::optional<BareImage> picture_;
  std::optional<Fit> fit_;      // not used yet
  std::optional<Fit> used_;     // for what is shown
  bool has_failed_ = false;     // the session that looked
  std::optional<Model> model_;  // to look with; none: there is no need
  Map greys_;
  MainLoopCall looked_;
  std::optional<Session> session_;  // after looked_, which its worker calls
};

}  // namespace gbrs::plugin
