// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

#include "canvas/intention.hpp"
#include "gbrs/click.hpp"

namespace gbrs::plugin {

/// The next change that brings the clicks `now` nearer to `wanted`, so that what both begin with is kept; none: they
/// are the same. A click that differs alone was moved, or it was flipped; else it is added or removed. Places are those
/// of `wanted`.
[[nodiscard]] std::optional<Intention> next_change(std::span<const Click> now, std::span<const Click> wanted);

}  // namespace gbrs::plugin
