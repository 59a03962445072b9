// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a test and the tiny network (tiny_network.cpp) share: a gate that the network's steps go through, and how much
// memory it has.

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace gbrs::test {

class TinyGate {
 public:
  void close() {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    opened_.notify_all();
  }
  /// Waits until the gate is open.
  void pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return is_open_; });
  }

  std::atomic<bool> has_memory = true;  ///< for new frames

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = true;
};

}  // namespace gbrs::test
