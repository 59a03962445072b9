// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network of mattes with generated weights: what it answers means nothing, but it is a real one.

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <vector>

#include "gbrs/model.hpp"
#include "models/profiles.hpp"
#include "models/safetensors_writer.hpp"
#include "models/sha256.hpp"
#include "support/parity.hpp"
#include "support/temporary_folder.hpp"

namespace gbrs::test {

/// IndexNet on frames of at most `long_side` pixels, in a folder of its own.
class MatteModel {
 public:
  explicit MatteModel(int long_side) {
    const GeneratedCase stored(test_data() / "parity" / "indexnet_align_70x90");
    std::vector<std::vector<float>> values;
    std::vector<TensorBytes> tensors;
    for (const auto& [key, shape] : stored.shapes) {
      if (key.ends_with("num_batches_tracked")) continue;
      values.push_back(stored.generator.values(key, shape));
      tensors.push_back({key, DataType::f32, shape, std::as_bytes(std::span(values.back()))});
    }
    const auto weights = folder_.path() / "weights.safetensors";
    if (!write_safetensors(weights, tensors)) throw std::runtime_error("no weights were written");
    write_manifest(*profile_of("indexnet", {}), sha256_hex(Safetensors::read(weights)->bytes()), long_side);
    model_ = *Model::open(folder_.path().string() + "/", {.device = Device::cpu, .threads = 1});
  }
  [[nodiscard]] const Model& operator*() const { return *model_; }

 private:
  void write_manifest(const Profile& profile, const std::string& sha256, int long_side) {
    nlohmann::json rates;
    for (const auto& [layer, rate] : profile.rates) rates[std::string(layer_type_name(layer))] = rate;
    std::ofstream(folder_.path() / "manifest.json") << nlohmann::json{
        {"format", 1},
        {"name", "generated"},
        {"task", "matte"},
        {"architecture", "indexnet"},
        {"license", "none"},
        {"sources", {"generated"}},
        {"weights", {{"sha256", sha256}}},
        {"input", {{"long_side", long_side}, {"multiple", profile.input.multiple}, {"rest", profile.input.rest}}},
        {"refinement",
         {{"insertion", profile.insertions}, {"scaled", true}, {"top_channels", 0}, {"rates", std::move(rates)}}}};
  }

  TemporaryFolder folder_;
  std::optional<Model> model_;
};

}  // namespace gbrs::test
