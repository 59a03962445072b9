// SPDX-License-Identifier: Apache-2.0
#include "training/training_log.hpp"

#include <algorithm>
#include <charconv>
#include <format>
#include <fstream>

namespace gbrs {
namespace {

constexpr const char* kHead = "samples,rate,seconds_per_sample,loss,iou_1,iou_2,iou_3";

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
  for (const SlotResult& result : outcome.results) {
    if (result.clicks == 0) continue;  // began with a mask
    overlaps_[static_cast<std::size_t>(std::min(result.clicks, 3)) - 1].add(result.overlap);
  }
}

std::array<double, 3> TrainingLog::overlaps() const {
  return {overlaps_[0].value(), overlaps_[1].value(), overlaps_[2].value()};
}

Expected<LogTable> LogTable::open(const std::filesystem::path& path, std::int64_t samples) {
  const std::string lines = samples > 0 ? kept_lines(path, samples) : "";
  std::ofstream stream(path, std::ios::trunc);
  stream << kHead << '\n' << lines << std::flush;
  if (!stream) return cannot_write(path);
  return LogTable(path);
}

Expected<void> LogTable::add(std::int64_t samples, double rate, double seconds, const TrainingLog& log) {
  const auto overlaps = log.overlaps();
  std::ofstream stream(path_, std::ios::app);
  stream << std::format("{},{:.3e},{:.4f},{:.5f},{:.4f},{:.4f},{:.4f}\n", samples, rate, seconds, log.loss(),
                        overlaps[0], overlaps[1], overlaps[2])
         << std::flush;
  if (!stream) return cannot_write(path_);
  return {};
}

}  // namespace gbrs
