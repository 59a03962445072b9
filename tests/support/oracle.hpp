// SPDX-License-Identifier: Apache-2.0
#pragma once

// The numeric oracle of the method: reference values of layers, losses, runs and simulated clicks. A folder
// has index.json, {"cases": [{"case", "file", settings..., "arrays": [{"name", "role", "shape", "offset",
// "size", "f32_spread"}]}]}, and one vector of float64 (.npy) a case that holds its arrays.
//
// $GBRS_ORACLE names a folder of the same layout that replaces tests/data/gbrs_oracle, which holds most of its cases:
// every case that an index.json lists is run.
//
// Tolerance (from the oracle's description): float64 |difference| <= 1e-9 + relative * max|array| with
// relative 1e-9, for whole runs 1e-6 (20 Adam steps amplify); float32 10 * f32_spread + 1e-6 * max|array| +
// 1e-6, where f32_spread is what six float32 runs of the reference with slightly disturbed input differ by.

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/npy.hpp"

namespace gbrs::test {

struct OracleArray {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
  double f32_spread = 0;

  [[nodiscard]] double largest() const {
    double largest = 0;
    for (const double value : values) largest = std::max(largest, std::abs(value));
    return largest;
  }
  [[nodiscard]] double tolerance_f64(double relative = 1e-9) const { return 1e-9 + relative * largest(); }
  [[nodiscard]] double tolerance_f32() const { return 10 * f32_spread + 1e-6 * largest() + 1e-6; }
};

struct OracleCase {
  std::string name;
  nlohmann::json settings;
  std::map<std::string, OracleArray> arrays;

  [[nodiscard]] const OracleArray& at(const std::string& array) const {
    const auto found = arrays.find(array);
    if (found == arrays.end()) throw std::runtime_error(name + " has no array " + array);
    return found->second;
  }
  [[nodiscard]] bool has(const std::string& array) const { return arrays.contains(array); }
};

/// How gtest prints a case.
inline void PrintTo(const OracleCase& value, std::ostream* stream) { *stream << value.name; }

inline std::filesystem::path test_data() {
  const char* folder = std::getenv("GBRS_TEST_DATA");
  return folder != nullptr ? folder : "tests/data";
}

/// "layers", "losses", "runs" or "clicks".
inline std::vector<OracleCase> read_oracle(const std::string& folder) {
  const char* replacement = std::getenv("GBRS_ORACLE");
  const bool is_replaced = replacement != nullptr && *replacement != '\0';
  const std::filesystem::path root =
      (is_replaced ? std::filesystem::path(replacement) : test_data() / "gbrs_oracle") / folder;
  std::ifstream stream(root / "index.json");
  if (!stream) throw std::runtime_error("no oracle in " + root.string());
  std::vector<OracleCase> cases;
  const auto index = nlohmann::json::parse(stream);
  for (const auto& entry : index.at("cases")) {
    OracleCase one{.name = entry.at("case"), .settings = entry, .arrays = {}};
    const Npy npy = read_npy(root / entry.at("file").get<std::string>());
    for (const auto& array : entry.at("arrays")) {
      const auto offset = array.at("offset").get<std::ptrdiff_t>();
      const auto size = array.at("size").get<std::ptrdiff_t>();
      one.arrays[array.at("name")] = {.shape = array.at("shape"),
                                      .values = {npy.values.begin() + offset, npy.values.begin() + offset + size},
                                      .f32_spread = array.value("f32_spread", 0.0)};
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

/// Names a parametrised test after its case.
struct CaseName {
  template <class Info>
  std::string operator()(const Info& info) const {
    std::string name = info.param.name;
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
  }
};

}  // namespace gbrs::test
