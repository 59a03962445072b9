// SPDX-License-Identifier: Apache-2.0
#pragma once

// The oracle's tasks, clicks and strokes in the engine's terms.

#include <ATen/ops/full_like.h>
#include <ATen/ops/where.h>

#include <stdexcept>
#include <string>

#include "gbrs/method.hpp"
#include "gbrs/task.hpp"
#include "objectives/objective.hpp"
#include "objectives/strokes.hpp"
#include "support/oracle.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {

/// `name`: a task of the oracle; a push is one of its network's family.
inline Task oracle_task(const std::string& name, const std::string& family = "matting") {
  if (name == "push") return oracle_task(family);
  if (name == "is") return Task::segment;
  if (name == "semantic" || name == "stroke") return Task::semantic;
  if (name == "matting") return Task::matte;
  if (name == "depth") return Task::depth;
  throw std::runtime_error("task " + name);
}

inline MethodOptions oracle_method(const nlohmann::json& settings) {
  MethodOptions method;
  const bool is_valid = settings.at("ce_norm") == "valid";
  method.cross_entropy_norm = is_valid ? MethodOptions::CrossEntropyNorm::valid : MethodOptions::CrossEntropyNorm::all;
  method.push = settings.at("eps");
  method.stop = MethodOptions::Stop::none;
  if (!settings.at("use_lc").get<bool>() && settings.at("task") != "push") method.consistency = 0;
  return method;
}

/// Row `index` of "clicks_uvrl".
inline GridClick oracle_click(const OracleArray& rows, std::size_t index, const std::string& task) {
  const double* row = rows.values.data() + 4 * index;
  return {.u = row[0], .v = row[1], .radius = row[2], .target = row[3], .is_push = task == "push"};
}

/// A label map in which `classes` means not painted.
inline Tensor oracle_strokes(const OracleArray& array, std::int64_t classes) {
  const Tensor labels = to_tensor(array, at::kLong);
  return at::where(labels == classes, at::full_like(labels, kUnpainted), labels);
}

}  // namespace gbrs::test
