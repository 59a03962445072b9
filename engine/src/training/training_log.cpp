// SPDX-License-Identifier: Apache-2.0
#include "training/training_log.hpp"

#include <charconv>
#include <format>
#include <fstream>

namespace gbrs {
namespace {

constexpr const char* kHead = "samples,rate,seconds_per_sample,loss";

std::unexpected<Error> cannot_write(const std::filesystem::path& path) {
  return failure(ErrorCode::io, std::format("The file {} cannot be written.", path.string()));
}

/// The lines up to `samples` of a table that is there.
std::string kept_lines(const std::filesystem::path& path, std::int64_t samples) {
  std::string text;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    std::int64_t own = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), own);
    if (error == std::errc() && *end == ',' && own <= samples) text += line + '\n';
  }
  return text;
}

}  // namespace

void TrainingLog::add(const StepOutcome& outcome) {
  loss_.add(outcome.loss, static_cast<double>(outcome.samples));
  for (const MeasuredValue& value : outcome.values) measures_[value.measure].add(value.value);
}

std::vector<double> TrainingLog::measures() const {
  std::vector<double> values;
  for (const RunningMean& measure : measures_) values.push_back(measure.value());
  return values;
}

Expected<LogTable> LogTable::open(const std::filesystem::path& path, const std::vector<std::string_view>& measures,
                                  std::int64_t samples) {
  const std::string lines = samples > 0 ? kept_lines(path, samples) : "";
  std::ofstream stream(path, std::ios::trunc);
  stream << kHead;
  for (const std::string_view measure : measures) stream << ',' << measure;
  stream << '\n' << lines << std::flush;
  if (!stream) return cannot_write(path);
  return LogTable(path);
}

Expected<void> LogTable::add(std::int64_t samples, double rate, double seconds, const TrainingLog& log) {
  std::ofstream stream(path_, std::ios::app);
  stream << std::format("{},{:.3e},{:.4f},{:.5f}", samples, rate, seconds, log.loss());
  for (const double value : log.measures()) stream << std::format(",{:.4f}", value);
  stream << '\n' << std::flush;
  if (!stream) return cannot_write(path_);
  return {};
}

}  // namespace gbrs
