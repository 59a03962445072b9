// SPDX-License-Identifier: Apache-2.0
#pragma once

// The networks this library knows, by the name a manifest gives as its architecture.

#include <memory>
#include <string_view>

#include "networks/network.hpp"
#include "networks/settings.hpp"
#include "networks/weights.hpp"

namespace gbrs {

/// Whether make_network knows the architecture.
[[nodiscard]] bool has_network(std::string_view architecture);

/// Throws WeightError, and std::invalid_argument for settings that the architecture cannot have. The weights decide
/// type and device of everything the network computes.
[[nodiscard]] std::unique_ptr<Network> make_network(std::string_view architecture, Weights weights,
                                                    const Settings& settings = {});

}  // namespace gbrs
