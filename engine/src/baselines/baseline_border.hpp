// SPDX-License-Identifier: Apache-2.0
#pragma once

// The border between libgbrs and the baselines in libgbrs-torch. No torch here.

#include <memory>

#include "gbrs/baseline.hpp"
#include "refine/backend.hpp"

namespace gbrs {

/// A method with its network on a device.
class LoadedBaseline {
 public:
  virtual ~LoadedBaseline() = default;
  virtual Expected<void> begin(const FramePixels& image) = 0;
  virtual Expected<Map> add(const FrameClick& click) = 0;
  [[nodiscard]] virtual std::string notice() const = 0;
};

/// Changes when what crosses the border does.
inline constexpr std::size_t kBaselineBorderSize = sizeof(BaselineOptions) * 4096 + sizeof(FrameClick) + sizeof(Manifest);

/// What libgbrs-torch exports as `gbrs_baselines`.
struct Baselines {
  std::size_t border_size = kBaselineBorderSize;
  Expected<std::unique_ptr<LoadedBaseline>> (*open)(const Manifest& manifest, const ModelOptions& model,
                                                    const BaselineOptions& options);
};
using BaselinesFunction = const Baselines* (*)();

}  // namespace gbrs
