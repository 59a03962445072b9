// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an answer with a value for every pixel is measured against, and where the next click on it goes: all that the
// evaluation of a task has of its own.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/class_match.hpp"
#include "evaluation/depth_metrics.hpp"
#include "evaluation/protocol.hpp"
#include "evaluation/semantic_metrics.hpp"
#include "gbrs/click.hpp"
#include "gbrs/image.hpp"
#include "gbrs/session.hpp"

namespace gbrs {

struct Score {
  std::map<std::string, double> metrics;     ///< by name, of this image
  std::optional<ConfusionMatrix> confusion;  ///< semantic
};

class DenseTruth {
 public:
  virtual ~DenseTruth() = default;
  /// What the session is told of the image beside its pixels.
  virtual void tell(SessionOptions&) const {}
  /// `answer`: Answer::render(), of the truth's size.
  [[nodiscard]] virtual Score measure(const Map& answer) const = 0;
  /// The click of a patient user (paper, eq. 14); none where nothing is wrong.
  [[nodiscard]] virtual std::optional<Click> next_click(const Map& answer, const Protocol& protocol) const = 0;
};

/// Classes: `labels`, row-major, the data's classes; kNoClass where nothing counts. Pixels of classes that the model
/// has not do not count, either. None: no pixel counts. Metrics: miou (over the image's classes), pixel_accuracy.
[[nodiscard]] std::unique_ptr<DenseTruth> semantic_truth(std::vector<int> labels, int width, int height,
                                                         const ClassMatch& match);

/// Depths, what counts of them as in depth_errors. None: no pixel counts. Metrics: those of DepthErrors.
[[nodiscard]] std::unique_ptr<DenseTruth> depth_truth(Map depths, DepthRange range, Rectangle box);

/// Mattes: `alpha` and `trimap`, row-major, 8 bits, width x height; what counts is where the trimap is 128. None: no
/// pixel counts. Metrics: those of MatteErrors, of the answer in 8 bits.
[[nodiscard]] std::unique_ptr<DenseTruth> matte_truth(std::vector<std::uint8_t> alpha, std::vector<std::uint8_t> trimap,
                                                      int width, int height);

/// The metric that a task's curve is of: the data set's mIoU, the mean delta1, the mean MSE.
[[nodiscard]] std::string_view main_metric(Task task);

}  // namespace gbrs
