// SPDX-License-Identifier: Apache-2.0
#pragma once

// progress.jsonl: the results of a run while it goes on, so that one that was stopped continues. The first line has the
// settings, every other one an object.

#include <filesystem>
#include <map>
#include <string>

#include "evaluation/object_result.hpp"
#include "gbrs/error.hpp"

namespace gbrs::cli {

class ResultsFile {
 public:
  /// Opens or makes the file in `folder` (made, too) and keeps it for this process alone. `settings`: a JSON object.
  /// `is_fresh`: what is there is thrown away. An incomplete last line, left by a killed run, is cut off.
  /// Errors: invalid_argument (results of other settings; names them; a folder with other files), io (in use by
  /// another run, not writable), damaged.
  static Expected<ResultsFile> open(const std::filesystem::path& folder, const std::string& settings, bool is_fresh);
  ResultsFile(ResultsFile&& other) noexcept;
  ResultsFile& operator=(ResultsFile&&) = delete;
  ~ResultsFile();

  /// The results that were there already and those added, by object.
  [[nodiscard]] const std::map<std::string, ObjectResult>& results() const { return results_; }
  /// Errors: io.
  Expected<void> add(const ObjectResult& result);

 private:
  ResultsFile(int file, std::string path) : file_(file), path_(std::move(path)) {}
  Expected<void> append(std::string line);
  Expected<void> take_over(const std::string& text, const std::string& settings);

  int file_;
  std::string path_;
  std::map<std::string, ObjectResult> results_;
};

}  // namespace gbrs::cli
