// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cases of the parity tests: folders with what another implementation of a network computed. $GBRS_FIXTURES names the
// folder that holds them; without it the small selection in tests/data/parity is run.

#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "models/weight_generator.hpp"
#include "networks/recognition.hpp"
#include "networks/registry.hpp"
#include "support/npy.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {

/// Whether the cases are the small selection.
inline bool is_selection() {
  const char* fixtures = std::getenv("GBRS_FIXTURES");
  return fixtures == nullptr || *fixtures == '\0';
}

/// Every folder with `file` in it whose name begins with one of the prefixes, by name.
inline std::vector<std::filesystem::path> parity_cases(const std::vector<std::string>& prefixes,
                                                       const std::string& file) {
  const auto root = is_selection() ? test_data() / "parity" : std::filesystem::path(std::getenv("GBRS_FIXTURES"));
  std::vector<std::filesystem::path> cases;
  if (!std::filesystem::is_directory(root)) return cases;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    const auto begins = [&](const std::string& prefix) { return name.starts_with(prefix); };
    if (std::ranges::any_of(prefixes, begins) && std::filesystem::exists(entry.path() / file))
      cases.push_back(entry.path());
  }
  std::ranges::sort(cases);
  return cases;
}

/// Names a parametrised test after its folder.
struct FolderName {
  template <class Info>
  std::string operator()(const Info& info) const {
    std::string name = info.param.filename().string();
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
  }
};

inline nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error("no " + path.string());
  return nlohmann::json::parse(stream);
}

inline Tensor read_tensor(const std::filesystem::path& path, at::ScalarType type = at::kDouble) {
  Npy npy = read_npy(path);
  return at::from_blob(npy.values.data(), npy.shape, at::kDouble).to(type, /*non_blocking=*/false, /*copy=*/true);
}

/// Weights with a key missing, misshaped or too many are refused by its name.
inline void expect_strict(const std::string& architecture, const std::map<std::string, Tensor>& weights) {
  const auto message = [&](std::map<std::string, Tensor> tensors) -> std::string {
    try {
      (void)make_network(architecture, Weights(std::move(tensors)));
      return "";
    } catch (const WeightError& error) {
      return error.what();
    }
  };
  const std::string key = weights.begin()->first;
  auto missing = weights, misshaped = weights, foreign = weights;
  missing.erase(key);
  EXPECT_EQ(message(missing), "missing key " + key);
  misshaped.at(key) = at::zeros({2, 3, 1, 1, 1});
  EXPECT_TRUE(message(misshaped).starts_with("key " + key + ": shape [2, 3, 1, 1, 1], expected")) << message(misshaped);
  foreign.emplace("zz.weight", at::zeros({1}));
  EXPECT_EQ(message(foreign), "unknown key zz.weight");
}

/// The gradient of the answer with respect to the input, along itself, against a difference. In float64.
inline void expect_input_gradient(const Network& network, const Tensor& input, const Prompt& prompt) {
  const auto value = [&](const Tensor& x) {
    Insertions none({});
    const Tensor answer = network.decode(*network.condition(*network.encode_input(x), prompt), none);
    return (answer * wavy(answer.sizes())).mean();
  };
  const Tensor x = input.detach().to(at::kDouble).clone().set_requires_grad(true);
  value(x).backward();
  const at::NoGradGuard no_grad;
  const double length = x.grad().norm().item<double>();
  ASSERT_GT(length, 0);
  const double reach = 1e-7 * x.norm().item<double>();
  const Tensor step = x.grad() * (reach / length);
  const double difference = (value(x.detach() + step) - value(x.detach() - step)).item<double>() / (2 * reach);
  EXPECT_NEAR(difference, length, 2e-3 * length);  // some units turn on or off within the step
}

/// Likeness shows in two levels, the second no finer than the first.
inline void expect_likeness(const Network& network, const Encoded& encoded, const Conditioned& conditioned) {
  const auto levels = network.likeness_levels(encoded, conditioned);
  ASSERT_EQ(levels.size(), 2U);
  EXPECT_GE(levels[0].size(2), levels[1].size(2));
  for (const Tensor& level : levels) {
    EXPECT_EQ(level.size(0), 1);
    EXPECT_GT(level.std().item<double>(), 0);
  }
}

inline Tensor generated(const WeightGenerator& generator, std::string_view key, const std::vector<std::int64_t>& shape,
                        at::ScalarType type) {
  std::vector<float> values = generator.values(key, shape);
  return at::from_blob(values.data(), shape, at::kFloat).to(type, /*non_blocking=*/false, /*copy=*/true);
}

/// A case with generated weights: case.json and keys.tsv.
struct GeneratedCase {
  nlohmann::json settings;
  WeightShapes shapes;
  WeightGenerator generator;

  explicit GeneratedCase(const std::filesystem::path& folder) : settings(read_json(folder / "case.json")) {
    set_prng(settings.at("prng"));
    auto table = read_weight_table(folder / "keys.tsv");
    for (NamedShape& row : table.value())
      shapes.emplace(std::move(row.key), std::move(row.shape));
  }

  void set_prng(const nlohmann::json& prng) {
    generator = {.seed = prng.value("seed", std::uint64_t{0}), .gain = prng.value("gain", 1.0)};
    for (const auto& entry : prng.value("overrides", nlohmann::json::array()))
      generator.overrides.emplace_back(entry.at(0), entry.at(1));
  }

  [[nodiscard]] std::string architecture() const {
    const auto found = recognise(shapes);
    if (!found) throw std::runtime_error("keys.tsv: no known architecture");
    return found->architecture;
  }
  /// Tensors of these names and shapes that hold nothing.
  [[nodiscard]] std::map<std::string, Tensor> hollow() const {
    std::map<std::string, Tensor> tensors;
    for (const auto& [key, shape] : shapes) tensors.emplace(key, at::zeros({}).expand(shape));
    return tensors;
  }
  [[nodiscard]] std::unique_ptr<Network> make(at::ScalarType type = at::kFloat) const { return make(type, options()); }
  [[nodiscard]] std::unique_ptr<Network> make(at::ScalarType type, const Settings& options) const {
    std::map<std::string, Tensor> tensors;
    for (const auto& [key, shape] : shapes) {
      const bool is_count = key.ends_with("num_batches_tracked");
      tensors.emplace(key, is_count ? at::zeros({}, at::kLong) : generated(generator, key, shape, type));
    }
    return make_network(architecture(), Weights(std::move(tensors)), options);
  }

 private:
  /// The case's options as settings: a list's values with commas between.
  [[nodiscard]] Settings options() const {
    const auto text = [](const nlohmann::json& value) {
      return value.is_string() ? value.get<std::string>() : value.dump();
    };
    std::map<std::string, std::string, std::less<>> values;
    const auto given = settings.value("options", nlohmann::json::object());
    for (const auto& [name, value] : given.items()) {
      std::string& all = values[name];
      if (!value.is_array()) all = text(value);
      for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) all += (i == 0 ? "" : ",") + text(value[i]);
    }
    return Settings(values);
  }
};

/// A case's network in float32; of the selection, which is small, the same one for all tests.
inline std::shared_ptr<Network> network_of(const std::filesystem::path& folder, const GeneratedCase& one) {
  if (!is_selection()) return one.make();
  static std::map<std::filesystem::path, std::shared_ptr<Network>> made;
  std::shared_ptr<Network>& network = made[folder];
  if (network == nullptr) network = one.make();
  return network;
}

/// The features that a network shows, by name.
class Features {
 public:
  /// From now on, until another is asked for; later features replace earlier ones of the same name.
  void record(Network& network, const std::string& prefix = "") {
    network.set_watch([this, prefix](std::string_view name, const Tensor& feature) {
      all_[prefix + std::string(name)] = feature.detach();
    });
  }
  Tensor& operator[](const std::string& name) { return all_[name]; }
  [[nodiscard]] const Tensor* find(const std::string& name) const {
    const auto found = all_.find(name);
    return found == all_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, Tensor> all_;
};

}  // namespace gbrs::test
