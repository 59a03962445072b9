// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which network a file of weights belongs to, from the names and shapes of its tensors: published checkpoints carry no
// name of their own. Whether every key is there is for the network to say when it takes them.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "networks/settings.hpp"

namespace gbrs {

using WeightShapes = std::map<std::string, std::vector<std::int64_t>, std::less<>>;

struct Recognised {
  std::string architecture;  ///< as make_network takes it
  Settings settings;         ///< where the usual ones are not the defaults
};

/// None: no architecture that this library knows.
[[nodiscard]] std::optional<Recognised> recognise(const WeightShapes& shapes);

/// The name without the "module." that a data-parallel wrapper put in front of it.
[[nodiscard]] std::string_view canonical_key(std::string_view key);

}  // namespace gbrs
