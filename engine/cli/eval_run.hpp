// SPDX-License-Identifier: Apache-2.0
#pragma once

// The objects of a data set, clicked on by several threads.

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "eval_data.hpp"
#include "evaluation/object_result.hpp"
#include "evaluation/protocol.hpp"
#include "evaluation/segmenter.hpp"
#include "results_file.hpp"

namespace gbrs::cli {

/// Where the predictions after the first and after the last click are kept, below the output folder.
std::filesystem::path first_prediction(const std::filesystem::path& out, const std::string& object);
std::filesystem::path last_prediction(const std::filesystem::path& out, const std::string& object);

/// Makes their folder, and removes what a killed run left half-written there. Errors: io.
Expected<void> prepare_predictions(const std::filesystem::path& out);

struct EvalRun {
  const EvalData& data;
  const Protocol& protocol;
  std::vector<std::unique_ptr<Segmenter>> segmenters;  ///< one for each thread
  std::filesystem::path out;

  /// Results of `objects` in their order; those that `kept` has are taken from there, the others are computed and
  /// added. Objects whose files cannot be used are left out and appended to `skipped`. Errors: those of the segmenter
  /// and of writing; what was computed before is kept.
  Expected<std::vector<ObjectResult>> results(const std::vector<ObjectFiles>& objects, ResultsFile<ObjectResult>& kept,
                                              std::vector<Skipped>& skipped) const;

 private:
  Expected<std::optional<Error>> run_one(const Segmenter& segmenter, const ObjectFiles& files, std::mutex& lock,
                                         ResultsFile<ObjectResult>& kept) const;
};

}  // namespace gbrs::cli
