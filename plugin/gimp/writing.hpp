// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "gimp/bridge.hpp"
#include "gimp/coverage.hpp"
#include "gimp/output.hpp"

namespace gbrs::plugin {

/// Pairs start and end on every path; the group is what one Ctrl+Z takes back. May be nested.
class UndoGroup final {
 public:
  explicit UndoGroup(GimpImage* image) : image_(image) { gimp_image_undo_group_start(image_); }
  UndoGroup(const UndoGroup&) = delete;
  UndoGroup& operator=(const UndoGroup&) = delete;
  ~UndoGroup() { gimp_image_undo_group_end(image_); }

 private:
  GimpImage* image_;
};

/// From a coverage to something of GIMP's, band by band, so that a window stays alive meanwhile:
///
///   auto writing = Writing::begin(target, coverage);
///   while (writing->write_band()) {}
///   auto written = writing->finish();
///
/// Nothing of it lies in the image before finish(), which adds it in one undo step. Without finish() (the user wants it
/// no more, this process ends) the image is as it was. Main thread only.
class Writing final {
 public:
  /// Checks first. The coverage is combined with the selection as it is written.
  static Expected<std::unique_ptr<Writing>> begin(const Target& target, Coverage coverage);
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
  ~Writing();

  /// Some 10 ms of work. False: all is written, finish() is due.
  bool write_band();
  [[nodiscard]] double fraction() const;  ///< 0..1

  /// Layer mask: an existing mask is replaced. New layer: a copy of the layer, above it, with the coverage as its mask (a
  /// mask that the layer had is applied to the copy before, that of a group left out). Cut-out: the same with the mask applied.
  /// Errors: those of check_target; unsupported, when the layer moved meanwhile.
  Expected<void> finish();

 private:
  Writing(const Target& target, Coverage coverage);
  Expected<void> make_item();
  Expected<void> add_mask(GimpLayer* layer);
  Expected<void> add_layer();

  Target target_;
  Coverage coverage_;
  GimpLayer* copy_ = nullptr;     // of the layer, until it is in the image
  GimpDrawable* item_ = nullptr;  // the mask or channel, until it is in the image; none for the selection
  Rectangle place_;               // of what is written, in the image
  std::optional<CoverageWriter> writer_;
  int rows_written_ = 0;
};

/// All of it at once.
Expected<void> write_output(const Target& target, Coverage coverage);

}  // namespace gbrs::plugin
