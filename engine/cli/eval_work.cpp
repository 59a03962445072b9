// SPDX-License-Identifier: Apache-2.0
#include "eval_work.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <thread>

#include "eval_data.hpp"
#include "progress_line.hpp"

namespace gbrs::cli {
namespace {

class Workers {
 public:
  Workers(const std::vector<ObjectFiles>& waiting, const ObjectWork& work, std::vector<Skipped>& skipped,
          ProgressLine& progress)
      : waiting_(waiting), work_(work), skipped_(skipped), progress_(progress) {}

  std::optional<Error> work(std::size_t count) {
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < std::min(count, waiting_.size()); ++i)
        threads.emplace_back([this, i] { work_as(i); });
    }
    return error_;
  }

 private:
  void work_as(std::size_t thread) {
    try {
      while (const auto files = take()) {
        const auto done = work_(thread, *files, files_);
        if (!done) return stop(done.error());
        finish(*files, *done);
      }
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

  void finish(const ObjectFiles& files, const std::optional<Error>& problem) {
    const std::lock_guard lock(mutex_);
    if (!problem) return progress_.advance(files.object);
    skipped_.push_back(left_out(files.object, *problem));
    progress_.drop();
  }

  void stop(Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }

  const std::vector<ObjectFiles>& waiting_;
  const ObjectWork& work_;
  std::mutex files_;  ///< for the work
  std::mutex mutex_;  ///< guards what follows
  std::vector<Skipped>& skipped_;
  ProgressLine& progress_;
  std::size_t next_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Expected<void> work_on(const std::vector<ObjectFiles>& waiting, std::size_t total, std::size_t threads,
                       const ObjectWork& work, std::vector<Skipped>& skipped) {
  ProgressLine progress(total, total - waiting.size());
  if (auto error = Workers(waiting, work, skipped, progress).work(threads)) return std::unexpected(std::move(*error));
  return {};
}

bool is_about_a_file(const Error& error) {
  return error.code == ErrorCode::damaged || error.code == ErrorCode::not_found ||
         error.code == ErrorCode::invalid_argument || error.code == ErrorCode::unsupported;
}

}  // namespace gbrs::cli
