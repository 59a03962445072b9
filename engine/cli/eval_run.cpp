// SPDX-License-Identifier: Apache-2.0
#include "eval_run.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <thread>

#include "evaluation/object_run.hpp"
#include "progress_line.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

/// A file that is no good costs its object; anything else stops the run.
bool is_about_a_file(const Error& error) {
  return error.code == ErrorCode::damaged || error.code == ErrorCode::not_found ||
         error.code == ErrorCode::invalid_argument || error.code == ErrorCode::unsupported;
}

std::string without_full_stop(std::string sentence) {
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

Expected<void> write_prediction(const std::vector<std::uint8_t>& pixels, const Truth& truth, const fs::path& path) {
  CodeFile file{.width = truth.width, .height = truth.height, .codes = pixels};
  for (std::uint8_t& code : file.codes) code = code != 0 ? 255 : 0;
  return write_codes(file, path.string());
}

/// The threads' common work. Files are read and written by one at a time: that takes milliseconds, and libvips has one
/// place for everybody's error messages.
class Workers {
 public:
  Workers(const EvalRun& run, std::vector<ObjectFiles> waiting, ResultsFile& kept, std::vector<Skipped>& skipped,
          ProgressLine& progress)
      : run_(run), waiting_(std::move(waiting)), kept_(kept), skipped_(skipped), progress_(progress) {}

  std::optional<Error> work() {
    {
      std::vector<std::jthread> threads;
      const std::size_t count = std::min(run_.segmenters.size(), waiting_.size());
      for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this, i] { work_with(*run_.segmenters[i]); });
    }
    return error_;
  }

 private:
  void work_with(const Segmenter& segmenter) {
    try {
      while (const auto files = take())
        if (auto done = run_one(segmenter, *files); !done) return stop(done.error());
    } catch (const std::bad_alloc& problem) {
      stop({ErrorCode::out_of_memory, "There is not enough memory; fewer --jobs need less.", problem.what()});
    } catch (const std::exception& problem) {
      stop({ErrorCode::internal, "The evaluation failed.", problem.what()});
    }
  }

  std::optional<ObjectFiles> take() {
    const std::lock_guard lock(mutex_);
    if (error_ || next_ == waiting_.size()) return std::nullopt;
    return waiting_[next_++];
  }

  void stop(Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }

  Expected<void> run_one(const Segmenter& segmenter, const ObjectFiles& files) {
    auto loaded = load(files);
    if (!loaded) return is_about_a_file(loaded.error()) ? skip(files, loaded.error()) : std::unexpected(loaded.error());
    auto run = run_object(segmenter, loaded->picture.view(), loaded->truth, files.object, run_.protocol);
    if (!run) return std::unexpected(run.error());
    run->result.image = files.image;
    return keep(*run, loaded->truth);
  }

  Expected<LoadedObject> load(const ObjectFiles& files) {
    const std::lock_guard lock(mutex_);
    return load_object(run_.data, files);
  }

  Expected<void> skip(const ObjectFiles& files, const Error& error) {
    const std::lock_guard lock(mutex_);
    skipped_.push_back({files.object, without_full_stop(error.message)});
    progress_.drop();
    return {};
  }

  Expected<void> keep(const ObjectRun& run, const Truth& truth) {
    const std::lock_guard lock(mutex_);
    const std::string& object = run.result.object;
    if (auto done = write_prediction(run.after_first, truth, first_prediction(run_.out, object)); !done) return done;
    if (auto done = write_prediction(run.after_last, truth, last_prediction(run_.out, object)); !done) return done;
    if (auto done = kept_.add(run.result); !done) return done;
    progress_.advance(object);
    return {};
  }

  const EvalRun& run_;
  const std::vector<ObjectFiles> waiting_;
  std::mutex mutex_;  ///< guards what follows, and the files
  ResultsFile& kept_;
  std::vector<Skipped>& skipped_;
  ProgressLine& progress_;
  std::size_t next_ = 0;
  std::optional<Error> error_;
};

}  // namespace

fs::path first_prediction(const fs::path& out, const std::string& object) {
  return out / "predictions" / (object + "_first.png");
}

fs::path last_prediction(const fs::path& out, const std::string& object) {
  return out / "predictions" / (object + "_last.png");
}

Expected<void> prepare_predictions(const fs::path& out) {
  std::error_code error;
  fs::create_directories(out / "predictions", error);
  std::vector<fs::path> unfinished;
  for (fs::directory_iterator entry(out / "predictions", error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() != ".png") unfinished.push_back(entry->path());
  if (error) return cannot_write("predictions", out.string(), error.message());
  for (const auto& path : unfinished) fs::remove(path, error);
  return {};
}

Expected<std::vector<ObjectResult>> EvalRun::results(const std::vector<ObjectFiles>& objects, ResultsFile& kept,
                                                     std::vector<Skipped>& skipped) const {
  std::vector<ObjectFiles> waiting;
  std::error_code ignored;
  for (const ObjectFiles& files : objects) {
    const bool is_kept = kept.results().contains(files.object) &&
                         fs::exists(first_prediction(out, files.object), ignored) &&
                         fs::exists(last_prediction(out, files.object), ignored);
    if (!is_kept) waiting.push_back(files);
  }
  {
    ProgressLine progress(objects.size(), objects.size() - waiting.size());
    if (auto error = Workers(*this, waiting, kept, skipped, progress).work()) return std::unexpected(std::move(*error));
  }
  std::set<std::string> left_out;
  for (const Skipped& one : skipped) left_out.insert(one.name);
  std::vector<ObjectResult> results;
  for (const ObjectFiles& files : objects)
    if (!left_out.contains(files.object)) results.push_back(kept.results().at(files.object));
  return results;
}

}  // namespace gbrs::cli
