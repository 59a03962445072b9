// SPDX-License-Identifier: Apache-2.0
#pragma once

// Getting ready for frames that are likely to come. The first convolution of a size costs tens of times the second:
// oneDNN writes machine code for it, and we try whether it is right (networks/convolution.hpp).

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "refine/backend.hpp"

namespace gbrs {

/// A thread of the lowest priority that does `work` once for every size it is told, in that order. Ends with the
/// object; `work` is to return soon once the token asks for it. What goes wrong is passed over.
class Preparation {
 public:
  using Work = std::function<void(const FrameSize& size, const std::stop_token& stop)>;
  explicit Preparation(Work work) : work_(std::move(work)) {}

  void add(const std::vector<FrameSize>& sizes);

 private:
  void run(const std::stop_token& stop);

  Work work_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable_any changed_;
  std::set<FrameSize> known_;
  std::vector<FrameSize> waiting_;
  std::jthread thread_;  ///< last: ends before what it uses
};

}  // namespace gbrs
