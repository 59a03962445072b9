// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a Model handle shares: manifest, options, and the network once it is loaded.

#include <memory>
#include <mutex>

#include "models/manifest.hpp"
#include "refine/backend.hpp"

namespace gbrs {

struct Model::State {
  Manifest manifest;
  ModelOptions options;

  std::mutex calls;  ///< gives the network to one caller at a time; held for as long as a step takes
  std::shared_ptr<LoadedNetwork> network;

  std::shared_ptr<State> objects;  ///< the model of objects that this one uses; null: not opened yet

  std::mutex mutex;  ///< guards the texts below; never held for long
  std::string device;
  std::string notice;

  /// Loads the network unless it is loaded. The caller holds `calls`.
  Expected<void> ensure_loaded();
  /// Opens the model that finds objects for this one unless it is open. The caller holds `calls`. Errors: those of
  /// Model::open; unsupported where it is of another task.
  Expected<void> ensure_objects();
};

}  // namespace gbrs
