// SPDX-License-Identifier: Apache-2.0
#pragma once

// progress.jsonl: the results of a run while it goes on, so that one that was stopped continues. The first line has the
// settings, every other one an object or image.

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

#include "evaluation/dense_result.hpp"
#include "evaluation/object_result.hpp"
#include "gbrs/error.hpp"

namespace gbrs::cli {

/// The file's lines.
class ProgressFile {
 public:
  using TakeLine = std::function<bool(const std::string& line)>;  ///< false: the line cannot be read

  /// Opens or makes the file in `folder` (made, too) and keeps it for this process alone; `take` is given the lines
  /// that are there. `settings`: a JSON object. `is_fresh`: what is there is thrown away. An incomplete last line, left
  /// by a killed run, is cut off; summary.json, which only a finished run has, goes. Lines of several runs with these
  /// settings may be joined in one file. Errors: invalid_argument (results of other settings; names them; a folder with
  /// other files), io (in use by another run, not writable), damaged.
  static Expected<ProgressFile> open(const std::filesystem::path& folder, const std::string& settings, bool is_fresh,
                                     const TakeLine& take);
  /// Gives `take` the whole lines of the file in `folder`, whatever its settings. Errors: not_found, io, damaged.
  static Expected<void> read(const std::filesystem::path& folder, const TakeLine& take);
  ProgressFile(ProgressFile&& other) noexcept;
  ProgressFile& operator=(ProgressFile&&) = delete;
  ~ProgressFile();

  /// Errors: io.
  Expected<void> append(std::string line);

 private:
  ProgressFile(int file, std::string path) : file_(file), path_(std::move(path)) {}
  Expected<void> take_over(const std::string& text, const std::string& settings, const TakeLine& take);

  int file_;
  std::string path_;
};

inline const std::string& name_of(const ObjectResult& result) { return result.object; }
inline const std::string& name_of(const DenseResult& result) { return result.image; }
template <class Result>
Expected<Result> parse_line(const std::string& line) {
  if constexpr (std::is_same_v<Result, ObjectResult>)
    return parse_result(line);
  else
    return parse_dense_result(line);
}

/// Results by name.
template <class Result>
class ResultsFile {
 public:
  /// As ProgressFile::open.
  static Expected<ResultsFile> open(const std::filesystem::path& folder, const std::string& settings, bool is_fresh) {
    std::map<std::string, Result> results;
    const auto take = [&](const std::string& line) {
      auto result = parse_line<Result>(line);
      if (!result) return false;
      std::string name = name_of(*result);
      results[std::move(name)] = std::move(*result);
      return true;
    };
    auto file = ProgressFile::open(folder, settings, is_fresh, take);
    if (!file) return std::unexpected(file.error());
    return ResultsFile(std::move(*file), std::move(results));
  }

  /// The results that were there already and those added.
  [[nodiscard]] const std::map<std::string, Result>& results() const { return results_; }
  /// Errors: io.
  Expected<void> add(const Result& result) {
    if (auto done = file_.append(format_result(result)); !done) return done;
    results_[name_of(result)] = result;
    return {};
  }

 private:
  ResultsFile(ProgressFile file, std::map<std::string, Result> results)
      : file_(std::move(file)), results_(std::move(results)) {}

  ProgressFile file_;
  std::map<std::string, Result> results_;
};

}  // namespace gbrs::cli
