// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files that a finished run leaves: summary.json, per_object.csv, curve.svg, report.md, pictures/.

#include <filesystem>
#include <span>

#include "eval_data.hpp"
#include "evaluation/figures.hpp"
#include "evaluation/object_result.hpp"
#include "evaluation/report.hpp"

namespace gbrs::cli {

/// Writes all of them into `out`. Errors: io, those of reading the images again for the pictures.
Expected<void> write_output(const std::filesystem::path& out, const EvalData& data, const RunDescription& run,
                            const RunFigures& figures, std::span<const ObjectResult> results);

/// Removes what an earlier run left in `out`, its results excepted.
void remove_output(const std::filesystem::path& out);

}  // namespace gbrs::cli
