// SPDX-License-Identifier: Apache-2.0
#pragma once

// The objects of a data set, worked on by several threads, whatever the task.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "evaluation/dataset.hpp"
#include "gbrs/error.hpp"
#include "results_file.hpp"

namespace gbrs::cli {

/// What a thread does with one object: load, compute, keep. Files are read and written under the lock: that takes
/// milliseconds, and libvips has one place for everybody's error messages. The value: what is wrong with the object's
/// files, which costs the object only. Errors: those that stop the run.
using ObjectWork =
    std::function<Expected<std::optional<Error>>(std::size_t thread, const ObjectFiles& files, std::mutex& lock)>;

/// Works on `waiting`; `total` objects are to be done in all. Objects that cannot be used are appended to `skipped`.
/// Errors: the first one.
Expected<void> work_on(const std::vector<ObjectFiles>& waiting, std::size_t total, std::size_t threads,
                       const ObjectWork& work, std::vector<Skipped>& skipped);

/// A file that is no good costs its object; anything else stops the run.
bool is_about_a_file(const Error& error);

/// The results of `objects` in their order, without those left out.
template <class Result>
std::vector<Result> results_of(const std::vector<ObjectFiles>& objects, const ResultsFile<Result>& kept,
                               const std::vector<Skipped>& skipped) {
  std::set<std::string> left_out;
  for (const Skipped& one : skipped) left_out.insert(one.name);
  std::vector<Result> results;
  for (const ObjectFiles& files : objects)
    if (!left_out.contains(files.object)) results.push_back(kept.results().at(files.object));
  return results;
}

}  // namespace gbrs::cli
