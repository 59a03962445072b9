// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "gimp/coverage.hpp"
#include "gimp/output.hpp"
#include "gimp/result.hpp"
#include "gimp/writing.hpp"

namespace gbrs::plugin {

/// A new layer that is made bit by bit, on the main thread. One that nobody took goes with this.
class LayerMaking {
 public:
  LayerMaking() = default;
  LayerMaking(const LayerMaking&) = delete;
  LayerMaking& operator=(const LayerMaking&) = delete;
  virtual ~LayerMaking() = default;

  /// Some 10 ms. False: the layer is whole. Errors: those of GIMP.
  virtual Expected<bool> make_some() = 0;
  /// The layer, once it is whole; the caller owns it.
  [[nodiscard]] virtual GimpLayer* take() = 0;
};

/// How much of each pixel belongs to something: as the selection, a mask, a channel, a layer; or several of them, in
/// one undo step. Main thread only, but for render().
class CoverageResult final : public Result {
 public:
  struct Part {
    Target target;
    std::function<Expected<Coverage>(Depth depth, const std::stop_token& stop,
                                     const std::function<void(double)>& progress)>
        render;
    /// What becomes the target's new layer, called after render(); unset: nothing does.
    std::function<std::unique_ptr<LayerMaking>()> make_layer = {};
  };
  /// All of one image.
  explicit CoverageResult(std::vector<Part> parts);

  Expected<void> render(const std::stop_token& stop, const std::function<void(double)>& progress) override;
  Expected<bool> write_some() override;
  [[nodiscard]] double fraction() const override;
  Expected<void> finish() override;

 private:
  Expected<bool> make_some_of_layer(std::size_t part);

  std::vector<Part> parts_;
  Depth depth_;
  std::vector<Coverage> rendered_;
  std::unique_ptr<LayerMaking> making_;  // of the part that comes next; null: not begun
  std::vector<std::unique_ptr<Writing>> writings_;
};

/// The whole answer, its edge adjusted.
std::unique_ptr<Result> object_result(const Target& target, const Answer& answer, const Adjustments& adjustments);

}  // namespace gbrs::plugin
