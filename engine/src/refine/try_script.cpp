// SPDX-License-Identifier: Apache-2.0
#include "refine/try_script.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>

#include <algorithm>
#include <cmath>
#include <format>

#include "models/sha256.hpp"
#include "networks/script_network.hpp"
#include "refine/guarded.hpp"

namespace gbrs {
namespace {

/// The least side of about 64 pixels, or `steps` steps more.
std::int64_t side(const InputSettings& input, int steps) {
  constexpr int kLeast = 64;
  return std::min(input.long_side,
                  ((kLeast + input.multiple - 1) / input.multiple + steps) * input.multiple + input.rest);
}

/// [H,W,C] uint8 with something in it.
Tensor small_picture(const Manifest& manifest) {
  const std::int64_t height = side(manifest.input, 0), width = side(manifest.input, 1);
  const std::int64_t channels = manifest.task == Task::matte ? 4 : 3;
  return at::arange(height * width * channels, at::kLong)
      .mul(31)
      .remainder(251)
      .to(at::kByte)
      .view({height, width, channels});
}

void check_channels(const Manifest& manifest, std::int64_t channels) {
  const std::size_t classes = manifest.info.classes.size();
  if (manifest.task != Task::semantic) {
    if (channels != 1)
      throw ScriptError(
          std::format("its answer has {} channels; a {} network's has one", channels, manifest.info.task));
  } else if (classes > 0 ? channels != static_cast<std::int64_t>(classes) : channels < 2) {
    throw ScriptError(std::format("its answer has {} channel{}, the manifest names {} classes", channels,
                                  channels == 1 ? "" : "s", classes));
  }
}

/// Whether the answer depends on what is inserted at each place.
void check_gradients(const Network& network, const Conditioned& conditioned, const RefinementSettings& settings) {
  Insertions insertions({.type = LayerType::sb,
                         .sites = settings.insertions,
                         .is_scaled = settings.is_scaled,
                         .top_channels = settings.top_channels});
  {
    const at::AutoGradMode on(true);
    network.decode(conditioned, insertions).sum().backward();
  }
  const auto has_gradient = [](const Tensor& parameter) { return parameter.grad().defined(); };
  if (!std::ranges::all_of(insertions.parameters(), has_gradient))
    throw ScriptError("its answer does not depend on every feature that the manifest inserts a layer at");
}

void try_network(const Network& network, const Manifest& manifest) {
  const auto sites = network.sites();
  for (const std::string& insertion : manifest.refinement.insertions)
    if (!std::ranges::contains(sites, insertion))
      throw ScriptError(std::format("the manifest inserts a layer at {}, which is none of its features", insertion));
  const at::NoGradGuard no_grad;
  const Tensor picture = small_picture(manifest);
  const auto answer = [&](const Conditioned& conditioned) {
    Insertions nothing({.type = LayerType::none, .sites = {}});
    return network.decode(conditioned, nothing);
  };
  const auto first = network.condition(*network.encode(picture), {});
  const Tensor once = answer(*first);
  check_channels(manifest, once.size(1));
  if (!std::isfinite(once.sum().item<double>())) throw ScriptError("its answer is not finite");
  const auto second = network.condition(*network.encode(picture), {});
  if (!at::equal(once, answer(*second)) || !at::equal(once, answer(*second)))
    throw ScriptError("it gives another answer each time, so that no click could be undone");
  check_gradients(network, *first, manifest.refinement);
}

}  // namespace

Expected<std::string> try_script(std::span<const std::byte> script, std::string_view name, const Manifest& manifest) {
  const auto unusable = [&](const char* why) {
    return failure(ErrorCode::damaged, std::format("The script {} cannot be used: {}.", name, why));
  };
  return guarded([&]() -> Expected<std::string> {
    if (!manifest.task)
      return failure(
          ErrorCode::unsupported,
          std::format("There is no task {}; known are segment, semantic, matte, depth.", manifest.info.task));
    try {
      try_network(ScriptNetwork(script, Settings(manifest.settings), c10::kCPU), manifest);
    } catch (const ScriptError& error) {
      return unusable(error.what());
    } catch (const std::invalid_argument& error) {
      return unusable(error.what());
    }
    return sha256_hex(script);
  });
}

}  // namespace gbrs
