// SPDX-License-Identifier: GPL-3.0-or-later
#include "procedures/following.hpp"

#include <algorithm>
#include <utility>

namespace gbrs::plugin {

std::optional<Intention> next_change(std::span<const Click> now, std::span<const Click> wanted) {
  const auto [differs, wants] = std::ranges::mismatch(now, wanted);
  const auto at = static_cast<std::size_t>(differs - now.begin());
  if (differs == now.end() && wants == wanted.end()) return std::nullopt;
  const bool may_be_new = wants != wanted.end() && differs == now.end();
  if (may_be_new) return AddClick{{wants->x, wants->y}, wants->radius, wants->target > 0};
  const bool is_gone = wants == wanted.end() || now.size() > wanted.size();
  if (is_gone) return RemoveClick{at};
  if (now.size() < wanted.size()) return RemoveClick{now.size() - 1};  // one in between is new: the rest comes after it
  if (differs->target != wants->target) return FlipClick{at};
  return MoveClick{at, {wants->x, wants->y}};
}

}  // namespace gbrs::plugin
