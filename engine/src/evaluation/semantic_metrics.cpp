// SPDX-License-Identifier: Apache-2.0
#include "evaluation/semantic_metrics.hpp"

#include <cassert>
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

void ConfusionMatrix::add(const ConfusionMatrix& other) {
  assert(other.classes_ == classes_);
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::int64_t ConfusionMatrix::count(int truth, int prediction) const {
  return counts_[static_cast<std::size_t>(truth * (classes_ + 1) + prediction)];
}

std::int64_t ConfusionMatrix::pixels() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

std::int64_t ConfusionMatrix::row(int label) const {
  std::int64_t sum = 0;
  for (int other = 0; other <= classes_; ++other) sum += count(label, other);
  return sum;
}

std::int64_t ConfusionMatrix::column(int label) const {
  std::int64_t sum = 0;
  for (int other = 0; other < classes_; ++other) sum += count(other, label);
  return sum;
}

std::optional<double> ConfusionMatrix::iou(int label) const {
  const std::int64_t either = row(label) + column(label) - count(label, label);
  if (either == 0) return std::nullopt;
  return static_cast<double>(count(label, label)) / static_cast<double>(either);
}

std::optional<double> ConfusionMatrix::mean_iou() const {
  double sum = 0;
  int counted = 0;
  for (int label = 0; label < classes_; ++label) {
    const auto value = iou(label);
    sum += value.value_or(0);
    counted += value ? 1 : 0;
  }
  return counted > 0 ? std::optional(sum / counted) : std::nullopt;
}

double ConfusionMatrix::pixel_accuracy() const {
  std::int64_t right = 0;
  for (int label = 0; label < classes_; ++label) right += count(label, label);
  return pixels() > 0 ? static_cast<double>(right) / static_cast<double>(pixels()) : 0;
}

double ConfusionMatrix::mean_class_accuracy() const {
  double sum = 0;
  int counted = 0;
  for (int label = 0; label < classes_; ++label) {
    if (row(label) == 0) continue;
    sum += static_cast<double>(count(label, label)) / static_cast<double>(row(label));
    ++counted;
  }
  return counted > 0 ? sum / counted : 0;
}

double ConfusionMatrix::frequency_weighted_iou() const {
  double sum = 0;
  for (int label = 0; label < classes_; ++label) sum += static_cast<double>(row(label)) * iou(label).value_or(0);
  return pixels() > 0 ? sum / static_cast<double>(pixels()) : 0;
}

}  // namespace gbrs
