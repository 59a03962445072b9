// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model of the tiny network (tiny_network.cpp), which tests get by GBRS_BACKEND.

#include <fstream>

#include "gbrs/model.hpp"
#include "models/loader.hpp"
#include "session/pictures.hpp"
#include "session/tiny_network.hpp"

namespace gbrs::test {

inline const Model& tiny_model() {
  static const TemporaryFolder folder;
  static const Model model = [] {
    std::ofstream(folder.path() / "manifest.json")
        << R"({"format": 1, "name": "tiny", "task": "segment", "architecture": "tiny",
  "license": "l", "sources": [],
  "weights": {"sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
  "input": {"long_side": 17, "multiple": 4, "close_ups": true},
  "refinement": {"insertion": "i", "scaled": true, "top_channels": 0, "rates": {"bmconv": 1}}})";
    return *Model::open(folder.path().string());
  }();
  return model;
}

inline TinyGate& tiny_gate() {
  using Function = TinyGate* (*)();
  static TinyGate& instance = *reinterpret_cast<Function>(*backend_symbol("gbrs_tiny_gate"))();
  return instance;
}

}  // namespace gbrs::test
