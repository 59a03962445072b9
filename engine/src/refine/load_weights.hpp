// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a model's folder to a network on a device.

#include <memory>

#include "gbrs/error.hpp"
#include "layers/tensor.hpp"
#include "models/manifest.hpp"
#include "models/safetensors.hpp"
#include "networks/network.hpp"

namespace gbrs {

/// The values of one entry, in its own type, on the CPU.
[[nodiscard]] Tensor to_tensor(const Safetensors& file, const TensorEntry& entry);

/// Reads, checks against the manifest's SHA-256, and builds the network in float32.
/// Errors: not_found, io, damaged, unsupported (architecture).
[[nodiscard]] Expected<std::unique_ptr<Network>> load_network(const Manifest& manifest, c10::Device device);

}  // namespace gbrs
