// SPDX-License-Identifier: Apache-2.0
#pragma once

// Metrics of class labels, from one confusion matrix over all images of a data set.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gbrs {

/// All of a confusion matrix that the metrics need: sums over the pixels of any number of images.
struct ClassTotals {
  std::vector<std::int64_t> right;      ///< by class: the matrix's diagonal
  std::vector<std::int64_t> truth;      ///< its rows
  std::vector<std::int64_t> predicted;  ///< its columns

  /// Of the same classes; those of an empty one are anybody's.
  void add(const ClassTotals& other);

  [[nodiscard]] std::int64_t pixels() const;

  /// right / (truth + predicted - right); none for a class in neither truth nor prediction.
  [[nodiscard]] std::optional<double> iou(std::size_t label) const;
  /// Over the classes that have an IoU; none of them: no value.
  [[nodiscard]] std::optional<double> mean_iou() const;
  [[nodiscard]] double pixel_accuracy() const;          ///< 0 without pixels
  [[nodiscard]] double mean_class_accuracy() const;     ///< over the classes of the truth; 0 without pixels
  [[nodiscard]] double frequency_weighted_iou() const;  ///< 0 without pixels
};

class ConfusionMatrix {
 public:
  /// Of classes 0..classes-1.
  explicit ConfusionMatrix(int classes);

  /// Counts pixels; those whose truth is no class (ignored) are left out. A prediction that is none of the classes is
  /// an error of its truth's class and of no other.
  void add(std::span<const int> truth, std::span<const int> prediction);
  /// `count` more pixels of class `truth`, predicted as `prediction`; classes(): as none of them.
  void add(int truth, int prediction, std::int64_t count);

  [[nodiscard]] int classes() const { return classes_; }
  [[nodiscard]] std::int64_t count(int truth, int prediction) const;  ///< classes() as prediction: none of them
  [[nodiscard]] ClassTotals totals() const;

  bool operator==(const ConfusionMatrix&) const = default;

 private:
  int classes_;
  std::vector<std::int64_t> counts_;  // [truth][prediction], the last prediction being none of the classes
};

}  // namespace gbrs
