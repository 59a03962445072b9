// SPDX-License-Identifier: Apache-2.0
#pragma once

// What simulated clicks are given to: the engine, or a method that it is compared with.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "evaluation/object_result.hpp"
#include "gbrs/baseline.hpp"
#include "gbrs/click.hpp"
#include "gbrs/error.hpp"
#include "gbrs/image.hpp"
#include "gbrs/model.hpp"
#include "gbrs/session.hpp"

namespace gbrs {

/// What becomes of one image.
class Segmentation {
 public:
  virtual ~Segmentation() = default;

  struct Prediction {
    std::vector<std::uint8_t> pixels;  ///< 0 or 1, row-major
    double seconds = 0;                ///< from the click to the answer, without bringing it to the image's size
  };
  /// The answer to one more click. Errors: those of the method.
  virtual Expected<Prediction> add(const Click& click) = 0;
  /// Fills in what the method knows of the clicks that result.clicks lists, and of its steps.
  virtual void report(ObjectResult& result) const = 0;
};

/// Begins anew with each image; for one thread.
class Segmenter {
 public:
  virtual ~Segmenter() = default;
  /// `image` is not used after the call. Errors: those of the method.
  [[nodiscard]] virtual Expected<std::unique_ptr<Segmentation>> begin(ImageView image) const = 0;
  /// A sentence for people about how the method runs; empty if there is none.
  [[nodiscard]] virtual std::string notice() const { return {}; }
};

/// The engine, through the same Session as a person's clicks.
[[nodiscard]] std::unique_ptr<Segmenter> session_segmenter(Model model, SessionOptions options);

/// BRS or f-BRS; one image at a time.
[[nodiscard]] std::unique_ptr<Segmenter> baseline_segmenter(Baseline baseline);

/// GrabCut (doi:10.1145/1015706.1015720) as OpenCV has it, given the clicks as seeds.
[[nodiscard]] std::unique_ptr<Segmenter> grabcut_segmenter();
/// With the release of OpenCV, on which its answers depend.
[[nodiscard]] std::string grabcut_name();

}  // namespace gbrs
