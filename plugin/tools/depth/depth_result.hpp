// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <functional>
#include <optional>
#include <utility>

#include "gbrs/answer.hpp"
#include "gimp/layer_writing.hpp"
#include "gimp/result.hpp"
#include "tools/depth/depth_grey.hpp"

namespace gbrs::plugin {

/// Where a depth map goes. The values are the ids of the procedure's choice.
enum class DepthPlace {
  layer,  ///< on top of the image's layers, in one undo step
  image,  ///< a new one of 16 bits, whose numbers PNG and TIFF files keep
};

/// What the procedure's arguments say.
DepthPlace depth_place_of(GimpProcedureConfig* config);
DepthScale depth_scale_of(GimpProcedureConfig* config);

/// What can be said before anything is computed. Errors: invalid_argument (a range that is none), unsupported (an image
/// that takes no grey layer).
Expected<void> check_depth(GimpImage* image, const DepthScale& scale, DepthPlace place);

/// A depth map as grey values. Main thread only, but for render().
class DepthResult final : public Result {
 public:
  /// `on_written` is told the image that has the layer.
  DepthResult(GimpImage* image, const Answer& answer, const DepthScale& scale, DepthPlace place,
              std::function<void(GimpImage*)> on_written)
      : image_(image), answer_(answer), scale_(scale), place_(place), on_written_(std::move(on_written)) {}
  ~DepthResult() override;

  Expected<void> render(const std::stop_token& stop, const std::function<void(double)>& progress) override;
  Expected<bool> write_some() override;
  [[nodiscard]] double fraction() const override { return writing_ ? writing_->fraction() : 0; }
  Expected<void> finish() override;

 private:
  Expected<void> check() const;
  Expected<void> begin();

  GimpImage* image_;
  Answer answer_;
  DepthScale scale_;
  DepthPlace place_;
  std::function<void(GimpImage*)> on_written_;
  Map grey_;
  GimpImage* made_ = nullptr;  // the new image, ours until it has its layer
  std::optional<LayerWriting> writing_;
};

}  // namespace gbrs::plugin
