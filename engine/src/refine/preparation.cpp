// SPDX-License-Identifier: Apache-2.0
#include "refine/preparation.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <system_error>

namespace gbrs {

void Preparation::add(const std::vector<FrameSize>& sizes) {
  const std::lock_guard lock(mutex_);
  for (const FrameSize& size : sizes)
    if (known_.insert(size).second) waiting_.push_back(size);
  try {
    if (!waiting_.empty() && !thread_.joinable())
      thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  } catch (const std::system_error&) {
    // no thread can be had: what comes will take the time that it takes
  }
  changed_.notify_one();
}

void Preparation::run(const std::stop_token& stop) {
  constexpr int lowest_priority = 19;
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), lowest_priority);  // of this thread and those it starts
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
    if (stop.stop_requested()) return;
    const FrameSize size = waiting_.front();
    waiting_.erase(waiting_.begin());
    lock.unlock();
    try {
      work_(size, stop);
    } catch (const std::exception&) {
      // it will be told when the frame is wanted
    }
    lock.lock();
  }
}

}  // namespace gbrs
