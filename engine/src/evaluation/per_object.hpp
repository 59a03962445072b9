// SPDX-License-Identifier: Apache-2.0
#pragma once

// per_object.csv: the table of a run's objects, which `gbrs eval compare` reads again.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/object_result.hpp"
#include "gbrs/error.hpp"

namespace gbrs {

struct ObjectRow {
  std::string object;
  double noc85 = 0;
  double noc90 = 0;
  std::vector<double> ious;  ///< after clicks 1..N
  double spc_median = 0;     ///< median seconds of its clicks
  bool operator==(const ObjectRow&) const = default;
};

std::vector<ObjectRow> object_rows(std::span<const ObjectResult> results);

/// Header "object,noc85,noc90,iou_1,...,iou_N,spc_median_s" and a line for each object; numbers read back as the same
/// values.
std::string format_rows(std::span<const ObjectRow> rows);
/// Errors: damaged.
Expected<std::vector<ObjectRow>> parse_rows(std::string_view csv);

}  // namespace gbrs
