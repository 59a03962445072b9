// SPDX-License-Identifier: Apache-2.0
#include "progress_line.hpp"

#include <unistd.h>

#include <format>
#include <iostream>

namespace gbrs::cli {
namespace {

constexpr std::size_t kBarWidth = 30;
constexpr std::chrono::seconds kBetweenLines{15};

std::string duration(double seconds) {
  if (seconds < 100) return std::format("{:.0f} s", seconds);
  if (seconds < 100 * 60) return std::format("{:.0f} min", seconds / 60);
  return std::format("{:.1f} h", seconds / 3600);
}

}  // namespace

ProgressLine::ProgressLine(std::size_t total, std::size_t done)
    : is_terminal_(isatty(STDERR_FILENO) == 1), total_(total), done_(done), done_before_(done) {
  if (done > 0 && done < total) std::cerr << std::format("gbrs: going on after {} of {} objects\n", done, total);
}

ProgressLine::~ProgressLine() {
  if (is_terminal_) std::cerr << "\r\x1b[K" << std::flush;
}

void ProgressLine::advance(const std::string& name) {
  ++done_;
  if (!is_terminal_ && (done_ == total_ || Clock::now() - shown_ < kBetweenLines)) return;
  shown_ = Clock::now();
  show(name);
}

void ProgressLine::drop() { --total_; }

void ProgressLine::show(const std::string& name) {
  if (!is_terminal_) {
    std::cerr << std::format("gbrs: {} of {} objects, {}\n", done_, total_, time_left());
    return;
  }
  const std::size_t filled = kBarWidth * done_ / total_;
  std::cerr << std::format("\r\x1b[K[{}{}] {}/{} {} ({})", std::string(filled, '='),
                           std::string(kBarWidth - filled, ' '), done_, total_, time_left(), name)
            << std::flush;
}

std::string ProgressLine::time_left() const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const auto made = static_cast<double>(done_ - done_before_);
  return duration(seconds / made * static_cast<double>(total_ - done_)) + " left";
}

}  // namespace gbrs::cli
