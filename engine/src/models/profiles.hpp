// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a manifest says of a network when nobody has found out anything better: the task, the size that it was trained
// at, where layers go, and learning rates (method.md, Rates).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/task.hpp"
#include "models/manifest.hpp"

namespace gbrs {

struct Profile {
  Task task = Task::segment;
  InputSettings input;
  std::vector<std::string> insertions;
  std::map<LayerType, double> rates;
  int iterations = RefinementSettings{}.iterations;
  ConsistencySettings consistency = {};
  std::string objects = {};  ///< RefinementSettings::objects
  std::string unit = {};
  std::vector<std::string> classes = {};
};

/// `shapes`: of the weights, by key; they say how many classes there are. None: not a network that a model can be made
/// of.
[[nodiscard]] std::optional<Profile> profile_of(std::string_view architecture,
                                                const std::map<std::string, std::vector<std::int64_t>, std::less<>>& shapes);

}  // namespace gbrs
