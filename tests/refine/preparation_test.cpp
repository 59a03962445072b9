// SPDX-License-Identifier: Apache-2.0
#include "refine/preparation.hpp"

#include <gtest/gtest.h>

#include <future>
#include <new>

namespace gbrs::test {
namespace {

TEST(Preparation, DoesTheWorkOnceForEachSizeInOrder) {
  std::vector<FrameSize> done;
  std::promise<void> all;
  Preparation preparation([&](const FrameSize& size, const std::stop_token&) {
    done.push_back(size);
    if (done.size() == 3) all.set_value();
  });
  preparation.add({{1, 2}, {3, 4}, {1, 2}});
  preparation.add({{3, 4}, {5, 6}});
  all.get_future().wait();
  EXPECT_EQ(done, (std::vector<FrameSize>{{1, 2}, {3, 4}, {5, 6}}));
}

TEST(Preparation, EndsInTheMiddle) {
  std::promise<void> begun;
  int count = 0;
  {
    Preparation preparation([&](const FrameSize&, const std::stop_token& stop) {
      if (++count == 1) begun.set_value();
      while (!stop.stop_requested()) std::this_thread::yield();
    });
    preparation.add({{1, 2}, {3, 4}});
    begun.get_future().wait();
  }
  EXPECT_EQ(count, 1);
}

TEST(Preparation, GoesOnAfterWhatFailed) {
  std::promise<void> last;
  Preparation preparation([&](const FrameSize& size, const std::stop_token&) {
    if (size == FrameSize{1, 2}) throw std::bad_alloc();
    last.set_value();
  });
  preparation.add({{1, 2}, {3, 4}});
  last.get_future().wait();
}

TEST(Preparation, WithoutSizesThereIsNoThreadToWaitFor) {
  Preparation preparation([](const FrameSize&, const std::stop_token&) { FAIL(); });
  preparation.add({});
}

}  // namespace
}  // namespace gbrs::test
