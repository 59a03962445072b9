// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <optional>
#include <string>
#include <vector>

#include "editing/kept_clicks.hpp"
#include "editing/versions.hpp"

namespace gbrs::plugin {

/// Keeps the window's clicks with the image as they are made, so that neither closing nor a crash loses them.
/// Main thread only.
class Keeping final {
 public:
  Keeping(GimpImage* image, Task task);
  /// What the answers depend on beside the steps, from now on.
  void set_method(const Model& model, GimpProcedureConfig* config);

  /// What an earlier window kept; none if it kept neither clicks nor painted strokes. Errors: those of
  /// parse_kept_clicks.
  [[nodiscard]] Expected<std::optional<KeptClicks>> found() const;
  /// What the user said in it. The names of classes are known where its model is here.
  [[nodiscard]] Said said_by(const KeptClicks& found) const;
  /// Whether an answer to `found` is the same again: same model, same settings.
  [[nodiscard]] bool is_same_method(const KeptClicks& found) const;

  /// Replaces what is kept; nothing replaces only what was kept by this window. Quick when nothing changed.
  void keep(Said said);

 private:
  GimpImage* image_;
  KeptClicks settings_;
  std::vector<std::string> classes_;  // of their model
  std::optional<KeptClicks> written_;
};

}  // namespace gbrs::plugin
