// SPDX-License-Identifier: Apache-2.0
#include "eval_run.hpp"

#include "eval_work.hpp"
#include "evaluation/object_run.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

Expected<void> write_prediction(const std::vector<std::uint8_t>& pixels, const Truth& truth, const fs::path& path) {
  CodeFile file{.width = truth.width, .height = truth.height, .codes = pixels};
  for (std::uint8_t& code : file.codes) code = code != 0 ? 255 : 0;
  return write_codes(file, path.string());
}

Expected<void> keep(const ObjectRun& run, const Truth& truth, const fs::path& out, ResultsFile<ObjectResult>& kept) {
  const std::string& object = run.result.object;
  if (auto done = write_prediction(run.after_first, truth, first_prediction(out, object)); !done) return done;
  if (auto done = write_prediction(run.after_last, truth, last_prediction(out, object)); !done) return done;
  return kept.add(run.result);
}

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

Expected<std::optional<Error>> EvalRun::run_one(const Segmenter& segmenter, const ObjectFiles& files, std::mutex& lock,
                                                ResultsFile<ObjectResult>& kept) const {
  std::unique_lock guard(lock);
  auto loaded = load_object(data, files);
  guard.unlock();
  if (!loaded) {
    if (is_about_a_file(loaded.error())) return loaded.error();
    return std::unexpected(loaded.error());
  }
  auto run = run_object(segmenter, loaded->picture.view(), loaded->truth, files.object, protocol);
  if (!run) return std::unexpected(run.error());
  run->result.image = files.image;
  guard.lock();
  if (auto done = keep(*run, loaded->truth, out, kept); !done) return std::unexpected(done.error());
  return std::nullopt;
}

Expected<std::vector<ObjectResult>> EvalRun::results(const std::vector<ObjectFiles>& objects,
                                                     ResultsFile<ObjectResult>& kept,
                                                     std::vector<Skipped>& skipped) const {
  std::vector<ObjectFiles> waiting;
  std::error_code ignored;
  for (const ObjectFiles& files : objects) {
    const bool is_kept = kept.results().contains(files.object) &&
                         fs::exists(first_prediction(out, files.object), ignored) &&
                         fs::exists(last_prediction(out, files.object), ignored);
    if (!is_kept) waiting.push_back(files);
  }
  const auto work = [&](std::size_t thread, const ObjectFiles& files, std::mutex& lock) {
    return run_one(*segmenters[thread], files, lock, kept);
  };
  if (auto done = work_on(waiting, objects.size(), segmenters.size(), work, skipped); !done)
    return std::unexpected(done.error());
  return results_of(objects, kept, skipped);
}

}  // namespace gbrs::cli
