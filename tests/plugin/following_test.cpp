// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/following.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <variant>
#include <vector>

namespace gbrs::plugin {
namespace {

using Clicks = std::vector<Click>;

Click at(double x, double target = kInclude) { return {.x = x, .y = 2, .target = target}; }

void apply(const Intention& change, Clicks& clicks) {
  const auto place = [&](std::size_t index) { return clicks.begin() + static_cast<std::ptrdiff_t>(index); };
  std::visit(Overloaded{[&](const AddClick& add) {
                          clicks.push_back({.x = add.image.x,
                                            .y = add.image.y,
                                            .radius = add.radius,
                                            .target = add.is_primary ? kInclude : kExclude});
                        },
                        [&](const MoveClick& move) {
                          place(move.click)->x = move.image.x;
                          place(move.click)->y = move.image.y;
                        },
                        [&](const FlipClick& flip) { place(flip.click)->target *= -1; },
                        [&](const RemoveClick& remove) { clicks.erase(place(remove.click)); },
                        [](const auto&) { FAIL() << "no such change is needed"; }},
             change);
}

template <class Change>
Change expected(const Clicks& now, const Clicks& wanted) {
  const auto change = next_change(now, wanted);
  EXPECT_TRUE(change && std::holds_alternative<Change>(*change));
  return change && std::holds_alternative<Change>(*change) ? std::get<Change>(*change) : Change{};
}

TEST(Following, AnAnchorMoreIsAClickMoreAndOneMovedOneMoved) {
  EXPECT_EQ(expected<AddClick>({at(1)}, {at(1), at(5)}).image.x, 5);
  const auto moved = expected<MoveClick>({at(1), at(2), at(3)}, {at(1), at(7), at(3)});
  EXPECT_EQ(moved.click, 1U);
  EXPECT_EQ(moved.image.x, 7);
  EXPECT_EQ(expected<RemoveClick>({at(1), at(2), at(3)}, {at(1), at(3)}).click, 1U);
  EXPECT_EQ(expected<FlipClick>({at(1)}, {at(1, kExclude)}).click, 0U);
  EXPECT_FALSE(next_change(Clicks{at(1)}, Clicks{at(1)}));
}

RC_GTEST_PROP(Following, EndsAtWhatIsWantedAndSoon, (const std::vector<int>& first, const std::vector<int>& second)) {
  const auto clicks_of = [](const std::vector<int>& numbers) {
    Clicks clicks;
    for (const int number : numbers) clicks.push_back(at(number / 2, number % 2 == 0 ? kInclude : kExclude));
    return clicks;
  };
  Clicks now = clicks_of(first);
  const Clicks wanted = clicks_of(second);
  std::size_t changes = 0;
  while (const auto change = next_change(now, wanted)) {
    apply(*change, now);
    RC_ASSERT(++changes <= 2 * (first.size() + second.size()));
  }
  RC_ASSERT(now == wanted);
}

}  // namespace
}  // namespace gbrs::plugin
