// SPDX-License-Identifier: Apache-2.0
#include "evaluation/semantic_metrics.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <numeric>

namespace gbrs {
ConfusionMatrix::ConfusionMatrix(int classes)
    : classes_(classes), counts_(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes + 1)) {}

void ConfusionMatrix::add(std::span<const int> truth, std::span<const int> prediction) {
  assert(truth.size() == prediction.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] < 0 || truth[i] >= classes_) continue;
    add(truth[i], prediction[i] >= 0 && prediction[i] < classes_ ? prediction[i] : classes_, 1);
  }
}

void ConfusionMatrix::add(int truth, int prediction, std::int64_t count) {
  assert(truth >= 0 && truth < classes_ && prediction >= 0 && prediction <= classes_);
  counts_[static_cast<std::size_t>(truth * (classes_ + 1) + prediction)] += count;
}

std::int64_t ConfusionMatrix::count(int truth, int prediction) const {
  return counts_[static_cast<std::size_t>(truth * (classes_ + 1) + prediction)];
}

ClassTotals ConfusionMatrix::totals() const {
  const auto count_of = static_cast<std::size_t>(classes_);
  ClassTotals totals{.right = std::vector<std::int64_t>(count_of),
                     .truth = std::vector<std::int64_t>(count_of),
                     .predicted = std::vector<std::int64_t>(count_of)};
  for (int truth = 0; truth < classes_; ++truth)
    for (int prediction = 0; prediction <= classes_; ++prediction) {
      const auto row = static_cast<std::size_t>(truth), column = static_cast<std::size_t>(prediction);
      totals.truth[row] += count(truth, prediction);
      if (prediction < classes_) totals.predicted[column] += count(truth, prediction);
      if (prediction == truth) totals.right[row] = count(truth, prediction);
    }
  return totals;
}

void ClassTotals::add(const ClassTotals& other) {
  if (truth.empty()) {
    *this = other;
    return;
  }
  assert(other.truth.size() == truth.size());
  std::ranges::transform(right, other.right, right.begin(), std::plus{});
  std::ranges::transform(truth, other.truth, truth.begin(), std::plus{});
  std::ranges::transform(predicted, other.predicted, predicted.begin(), std::plus{});
}

std::int64_t ClassTotals::pixels() const { return std::accumulate(truth.begin(), truth.end(), std::int64_t{0}); }

std::optional<double> ClassTotals::iou(std::size_t label) const {
  const std::int64_t either = truth[label] + predicted[label] - right[label];
  if (either == 0) return std::nullopt;
  return static_cast<double>(right[label]) / static_cast<double>(either);
}

std::optional<double> ClassTotals::mean_iou() const {
  double sum = 0;
  int counted = 0;
  for (std::size_t label = 0; label < truth.size(); ++label) {
    const auto value = iou(label);
    sum += value.value_or(0);
    counted += value ? 1 : 0;
  }
  return counted > 0 ? std::optional(sum / counted) : std::nullopt;
}

double ClassTotals::pixel_accuracy() const {
  const auto all_right = std::accumulate(right.begin(), right.end(), std::int64_t{0});
  return pixels() > 0 ? static_cast<double>(all_right) / static_cast<double>(pixels()) : 0;
}

double ClassTotals::mean_class_accuracy() const {
  double sum = 0;
  int counted = 0;
  for (std::size_t label = 0; label < truth.size(); ++label) {
    if (truth[label] == 0) continue;
    sum += static_cast<double>(right[label]) / static_cast<double>(truth[label]);
    ++counted;
  }
  return counted > 0 ? sum / counted : 0;
}

double ClassTotals::frequency_weighted_iou() const {
  double sum = 0;
  for (std::size_t label = 0; label < truth.size(); ++label)
    sum += static_cast<double>(truth[label]) * iou(label).value_or(0);
  return pixels() > 0 ? sum / static_cast<double>(pixels()) : 0;
}

}  // namespace gbrs
