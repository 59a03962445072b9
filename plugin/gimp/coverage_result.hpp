// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "gimp/coverage.hpp"
#include "gimp/output.hpp"
#include "gimp/result.hpp"
#include "gimp/writing.hpp"

namespace gbrs::plugin {

/// How much of each pixel belongs to something: as the selection, a mask, a channel, a layer; or several of them, in
/// one undo step. Main thread only, but for render().
class CoverageResult final : public Result {
 public:
  struct Part {
    Target target;
    std::function<Expected<Coverage>(Depth depth, const std::stop_token& stop,
                                     const std::function<void(double)>& progress)>
        render;
    /// What becomes the target's new layer, made after render() by the main thread; unset: nothing does.
    std::function<Expected<GimpLayer*>()> make_layer = {};
  };
  /// All of one image.
  explicit CoverageResult(std::vector<Part> parts);

  Expected<void> render(const std::stop_token& stop, const std::function<void(double)>& progress) override;
  Expected<bool> write_some() override;
  [[nodiscard]] double fraction() const override;
  Expected<void> finish() override;

 private:
  Expected<Target> target_of(std::size_t part) const;

  std::vector<Part> parts_;
  Depth depth_;
  std::vector<Coverage> rendered_;
  std::vector<std::unique_ptr<Writing>> writings_;
};

/// The whole answer, its edge adjusted.
std::unique_ptr<Result> object_result(const Target& target, const Answer& answer, const Adjustments& adjustments);

}  // namespace gbrs::plugin
