// SPDX-License-Identifier: Apache-2.0
#pragma once

// Metrics of class labels, from one confusion matrix over all images of a data set.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gbrs {

class ConfusionMatrix {
 public:
  /// Of classes 0..classes-1.
  explicit ConfusionMatrix(int classes);

  /// Counts pixels; those whose truth is no class (ignored) are left out. A prediction that is none of the classes is
  /// an error of its truth's class and of no other.
  void add(std::span<const int> truth, std::span<const int> prediction);
  /// `count` more pixels of class `truth`, predicted as `prediction`; classes(): as none of them.
  void add(int truth, int prediction, std::int64_t count);
  void add(const ConfusionMatrix& other);

  [[nodiscard]] int classes() const { return classes_; }
  [[nodiscard]] std::int64_t count(int truth, int prediction) const;  ///< classes() as prediction: none of them
  [[nodiscard]] std::int64_t pixels() const;

  /// M_cc / (row + column - M_cc); none for a class in neither truth nor prediction.
  [[nodiscard]] std::optional<double> iou(int label) const;
  /// Over the classes that have an IoU; none of them: no value.
  [[nodiscard]] std::optional<double> mean_iou() const;
  [[nodiscard]] double pixel_accuracy() const;          ///< 0 without pixels
  [[nodiscard]] double mean_class_accuracy() const;     ///< over the classes of the truth; 0 without pixels
  [[nodiscard]] double frequency_weighted_iou() const;  ///< 0 without pixels

  bool operator==(const ConfusionMatrix&) const = default;

 private:
  [[nodiscard]] std::int64_t row(int label) const;
  [[nodiscard]] std::int64_t column(int label) const;

  int classes_;
  std::vector<std::int64_t> counts_;  // [truth][prediction], the last prediction being none of the classes
};

}  // namespace gbrs
