// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far a long run is, on standard error: a bar on a terminal, a line now and then elsewhere.

#include <chrono>
#include <cstddef>
#include <string>

namespace gbrs::cli {

class ProgressLine {
 public:
  /// `done` of `total` things were there already.
  ProgressLine(std::size_t total, std::size_t done);
  ~ProgressLine();  ///< takes the bar away

  /// One more is done, the one named.
  void advance(const std::string& name);
  /// One of them turned out not to count.
  void drop();

 private:
  void show(const std::string& name);
  [[nodiscard]] std::string time_left() const;

  using Clock = std::chrono::steady_clock;
  const bool is_terminal_;
  std::size_t total_;
  std::size_t done_;
  const std::size_t done_before_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
};

}  // namespace gbrs::cli
