// SPDX-License-Identifier: Apache-2.0
#pragma once

// The border between libgbrs and the training in libgbrs-torch. No torch here.

#include "gbrs/training.hpp"
#include "training/recipe.hpp"

namespace gbrs {

/// Where a training keeps what it goes on from.
[[nodiscard]] inline std::filesystem::path checkpoint_path(const TrainingRequest& request) {
  return request.output / "checkpoint.safetensors";
}

/// Changes when what crosses the border does: a library of the same version, but of another day, is found out.
inline constexpr std::size_t kTrainerBorderSize = sizeof(TrainingRequest) * 4096 + sizeof(Recipe);

/// What libgbrs-torch exports as `gbrs_trainer`, of the version its backend has.
struct Trainer {
  std::size_t border_size = kTrainerBorderSize;
  Expected<TrainingReport> (*train)(const TrainingRequest& request, Recipe recipe);
};
using TrainerFunction = const Trainer* (*)();

}  // namespace gbrs
