// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a training goes: running means, and a table of them on disk.

#include <filesystem>
#include <limits>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "training/training.hpp"

namespace gbrs {

/// The plain mean of the first values, then one that forgets.
class RunningMean {
 public:
  void add(double value, double count = 1) {
    constexpr double kMemory = 1000;
    seen_ = std::min(seen_ + count, kMemory);
    mean_ = seen_ == count ? value : mean_ + (value - mean_) * count / seen_;
  }
  [[nodiscard]] double value() const { return seen_ > 0 ? mean_ : std::numeric_limits<double>::quiet_NaN(); }

 private:
  double mean_ = 0;
  double seen_ = 0;
};

class TrainingLog {
 public:
  explicit TrainingLog(std::size_t measure_count) : measures_(measure_count) {}

  void add(const StepOutcome& outcome);
  [[nodiscard]] double loss() const { return loss_.value(); }
  /// In the order of Training::measures().
  [[nodiscard]] std::vector<double> measures() const;

 private:
  RunningMean loss_;
  std::vector<RunningMean> measures_;
};

/// log.csv. A training that goes on drops the lines after its checkpoint.
class LogTable {
 public:
  /// Errors: io.
  [[nodiscard]] static Expected<LogTable> open(const std::filesystem::path& path,
                                               const std::vector<std::string_view>& measures, std::int64_t samples);
  /// Errors: io.
  [[nodiscard]] Expected<void> add(std::int64_t samples, double rate, double seconds, const TrainingLog& log);

  static constexpr std::int64_t kEvery = 800;  ///< samples from one line to the next

 private:
  explicit LogTable(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace gbrs
