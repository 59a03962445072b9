// SPDX-License-Identifier: Apache-2.0
#include "session/close_up_models.hpp"

#include <algorithm>

#include "session/network_answer.hpp"

namespace gbrs {

std::vector<CloseUpModel> CloseUpModels::of(const LayeredAnswer& answer) {
  decltype(known_) wanted;
  std::vector<CloseUpModel> models;
  for (const auto& close_up : answer.close_ups) {
    const auto known = std::ranges::find(known_, close_up, [](const auto& entry) { return entry.first; });
    wanted.emplace_back(close_up, known != known_.end()
                                      ? known->second
                                      : coverage_model(close_up->answer, views_.guide(close_up->frame)));
    models.push_back({.frame = close_up->frame, .model = wanted.back().second, .share = share_of(*close_up, answer)});
  }
  known_ = std::move(wanted);
  return models;
}

}  // namespace gbrs
