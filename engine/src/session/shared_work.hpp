// SPDX-License-Identifier: Apache-2.0
#pragma once

// Independent pieces of work, as many at a time as there are processors.

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace gbrs {

/// work(0) to work(count - 1), in any order, on this thread and others. What one of them throws is thrown here when all
/// threads are done.
template <class Work>
void share_work(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<void>> others;  // each waits for its thread when it goes
  for (std::size_t i = 1; i < std::min(count, processors); ++i) others.push_back(std::async(std::launch::async, take));
  take();
  for (std::future<void>& other : others) other.get();
}

}  // namespace gbrs
