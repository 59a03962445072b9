// SPDX-License-Identifier: Apache-2.0
#pragma once

// manifest.json of a model folder: what the network is, how it wants to be fed and refined, where it is
// from. Documented with an example in models/README.md.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/method.hpp"
#include "gbrs/model.hpp"
#include "gbrs/task.hpp"

namespace gbrs {

/// The loss over a click's region (method.md, Region), for networks that obey clicks already.
struct RegionSettings {
  double weight = 0;  ///< a; 0: off
  double likeness = 0.9;
  double reach = 0.7;
  int steps = 5;   ///< of the optimiser where it is on, without early stop
  int clicks = 3;  ///< it acts at the first so many of a history; later ones are about slivers, where a disc misleads
};

/// How a network is held to its first answer where this differs from the paper's way; semantic only but for the weight.
struct ConsistencySettings {
  std::optional<double> weight;  ///< lambda after clicks; none: the task's
  MethodOptions::ConsistencyTo to = MethodOptions::ConsistencyTo::labels;
  MethodOptions::Attention attention = MethodOptions::Attention::disc;

  bool operator==(const ConsistencySettings&) const = default;
};

/// The model of objects where a manifest names none.
inline constexpr const char* kObjectModel = "segment-small";

/// How G-BRS refines this network (method.md, Rates; found by a search on training images).
struct RefinementSettings {
  std::vector<std::string> insertions;  ///< names of the insertion points, one or more, the first one alone being best
  std::map<LayerType, double> rates;    ///< Adam's learning rate by layer type
  bool is_scaled = true;                ///< layers work on m / sigma, sigma = deviation of m at the start
  int top_channels = 0;                 ///< top-k channel selection, 0: all channels
  int iterations = 20;                  ///< optimiser steps a click
  /// Each click goes on from the parameters that the one before left, as in the paper; false: from identity, for
  /// networks that see the previous answer and need no other memory.
  bool keeps_parameters = true;
  ConsistencySettings consistency;
  RegionSettings region;
  /// semantic: the model of objects that says what a click is about (session/object_finder.hpp); empty: none does.
  std::string objects = {};
  bool mirrors = false;  ///< a refined answer is the mean with that for the mirror image
};

inline constexpr int kMostLongSide = 4096;

/// The frame a network takes.
struct InputSettings {
  int long_side = 449;  ///< pixels of the frame's longer side, at most one more than kMostLongSide
  int multiple = 16;    ///< sides are multiples of it plus `rest`
  bool close_ups = false;  ///< segment: also looks closer at parts of an object, being told its previous answer
  int rest = 1;
};

struct Manifest {
  ModelInfo info;
  std::optional<Task> task;  ///< what info.task names; none: a task of a newer version
  InputSettings input;
  RefinementSettings refinement;
  std::map<std::string, std::string, std::less<>> settings;  ///< what the weights do not tell (networks/settings.hpp)
  std::vector<std::string> sources;

  [[nodiscard]] std::filesystem::path weights_path() const { return info.folder / "weights.safetensors"; }
};

/// Reads FOLDER/manifest.json. Errors: not_found, damaged (names the member and what is wrong with it).
Expected<Manifest> read_manifest(const std::filesystem::path& folder);
/// The same from memory.
Expected<Manifest> parse_manifest(std::string_view text, const std::filesystem::path& folder);

}  // namespace gbrs
