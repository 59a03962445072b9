// SPDX-License-Identifier: Apache-2.0
#include "session/close_up_models.hpp"

#include <algorithm>

#include "session/network_answer.hpp"
#include "session/shared_work.hpp"

namespace gbrs {

std::vector<CloseUpModel> CloseUpModels::of(const LayeredAnswer& answer) {
  std::vector<CloseUpModel> models(answer.close_ups.size());
  share_work(models.size(), [&](std::size_t i) {
    const auto& close_up = answer.close_ups[i];
    const auto known = std::ranges::find(known_, close_up, [](const auto& entry) { return entry.first; });
    models[i] = {.frame = close_up->frame,
                 .model = known != known_.end() ? known->second
                                                : coverage_model(close_up->answer, views_.guide(close_up->frame)),
                 .share = share_of(*close_up, answer)};
  });
  known_.clear();
  for (std::size_t i = 0; i < models.size(); ++i) known_.emplace_back(answer.close_ups[i], models[i].model);
  return models;
}

}  // namespace gbrs
