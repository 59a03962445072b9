// SPDX-License-Identifier: Apache-2.0
#include "session/shared_work.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace gbrs::test {
namespace {

TEST(ShareWork, DoesEachPieceOnce) {
  for (const std::size_t count : {0, 1, 2, 1000}) {
    std::vector<int> done(count, 0);
    share_work(count, [&](std::size_t i) { ++done[i]; });
    EXPECT_EQ(done, std::vector<int>(count, 1));
  }
}

TEST(ShareWork, PassesOnWhatAPieceThrows) {
  std::atomic<int> done = 0;
  const auto work = [&](std::size_t i) {
    if (i == 3) throw std::runtime_error("three");
    ++done;
  };
  EXPECT_THROW(share_work(50, work), std::runtime_error);
  EXPECT_LE(done, 49);
}

}  // namespace
}  // namespace gbrs::test
