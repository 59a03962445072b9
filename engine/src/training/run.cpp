// SPDX-License-Identifier: Apache-2.0
// gbrs_trainer: from a request to a report. What crosses the border to libgbrs is here.

#include <c10/util/Exception.h>

#include <chrono>
#include <format>
#include <new>

#include "gbrs/export.hpp"
#include "models/safetensors.hpp"
#include "models/sha256.hpp"
#include "networks/learning_convolution.hpp"
#include "refine/runtime.hpp"
#include "training/checkpoint.hpp"
#include "training/matte_training.hpp"
#include "training/segment_training.hpp"
#include "training/trainer.hpp"
#include "training/training_log.hpp"

namespace gbrs {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

class Run {
 public:
  explicit Run(const TrainingRequest& request) : request_(request) {}

  Expected<TrainingReport> operator()(Recipe recipe) {
    if (auto done = prepare(std::move(recipe)); !done) return std::unexpected(done.error());
    while (!training_->is_finished() && !is_interrupted()) {
      if (auto done = step(); !done) return std::unexpected(done.error());
    }
    return finish();
  }

 private:
  [[nodiscard]] std::filesystem::path weights_path() const { return request_.output / "weights.safetensors"; }

  void say(const std::string& text) const {
    if (request_.say) request_.say(text);
  }

  Expected<void> prepare(Recipe recipe) {
    const Runtime runtime = start_runtime(Device::cpu, request_.threads);
    if (!runtime.notice.empty()) say(runtime.notice);
    cv::setNumThreads(1);  // the pictures' part is small
    if (auto opened = open_pictures(recipe); !opened) return opened;
    auto made = request_.resumes ? resume(std::move(recipe)) : begin(std::move(recipe));
    if (!made) return made;
    say(describe(runtime));
    auto table = LogTable::open(request_.output / "log.csv", training_->measures(), training_->samples());
    if (!table) return std::unexpected(table.error());
    table_ = std::move(*table);
    log_ = TrainingLog(training_->measures().size());
    first_sample_ = saved_sample_ = logged_sample_ = training_->samples();
    start_ = logged_at_ = Clock::now();
    return {};
  }

  Expected<void> open_pictures(const Recipe& recipe) {
    const TrainingFolder folder{.root = request_.data, .held_out = recipe.held_out};
    if (recipe.task == Task::matte) {
      auto composites = Composites::open(recipe, folder, *request_.files);
      if (!composites) return std::unexpected(composites.error());
      composites_ = std::move(*composites);
      return {};
    }
    auto examples = Examples::open(recipe.data, folder, *request_.files);
    if (!examples) return std::unexpected(examples.error());
    examples_ = std::move(*examples);
    return {};
  }

  Expected<void> begin(Recipe recipe) {
    const auto weights = initial_weights(recipe.architecture, request_.from, recipe.seed);
    if (!weights) return std::unexpected(weights.error());
    return make(std::move(recipe), *weights);
  }

  Expected<void> resume(Recipe recipe) {
    auto checkpoint = read_checkpoint(checkpoint_path(request_));
    if (!checkpoint) return std::unexpected(checkpoint.error());
    if (checkpoint->recipe != recipe.text)
      return failure(ErrorCode::invalid_argument,
                     std::format("The checkpoint in {} was made with another recipe.", request_.output.string()),
                     checkpoint->recipe);
    if (auto made = make(std::move(recipe), checkpoint->weights()); !made) return made;
    return training_->restore(std::move(checkpoint->progress), checkpoint->tensors);
  }

  Expected<void> make(Recipe recipe, const TensorMap& weights) {
    const auto keep = [this](auto training) -> Expected<void> {
      if (!training) return std::unexpected(training.error());
      training_ = std::move(*training);
      return {};
    };
    if (recipe.task == Task::matte) return keep(MatteTraining::make(std::move(recipe), weights, composites_));
    return keep(SegmentTraining::make(std::move(recipe), weights, examples_));
  }

  [[nodiscard]] std::string describe(const Runtime& runtime) const {
    const Recipe& recipe = training_->recipe();
    const std::string start =
        training_->samples() > 0 ? std::format(", going on after {} samples", training_->samples()) : "";
    return std::format(
        "{}: {} samples of {} pictures, {} values in {} tensors learn, computed in {}{}; seed {}, {} threads: the same "
        "again "
        "with the same data, processor and number of threads.",
        recipe.architecture, recipe.samples,
        recipe.task == Task::matte ? composites_.picture_count() : examples_.picture_count(),
        training_->weights().learning_values(), training_->weights().learning_count(),
        recipe.is_bfloat16 ? "bfloat16" : "float32", start, recipe.seed, runtime.threads);
  }

  [[nodiscard]] bool is_interrupted() const {
    if (request_.minutes && seconds_since(start_) >= *request_.minutes * 60) return true;
    return request_.should_stop && request_.should_stop();
  }

  Expected<void> step() {
    const auto outcome = training_->step();
    if (!outcome) return std::unexpected(outcome.error());
    log_.add(*outcome);
    report_wrong_convolutions();
    if (request_.progress) request_.progress(progress());
    const std::int64_t samples = training_->samples();
    if (samples - logged_sample_ >= LogTable::kEvery || training_->is_finished()) {
      const double seconds = seconds_since(logged_at_) / static_cast<double>(samples - logged_sample_);
      if (auto added = table_->add(samples, training_->rate(), seconds, log_); !added) return added;
      logged_sample_ = samples;
      logged_at_ = Clock::now();
    }
    return samples - saved_sample_ >= training_->recipe().checkpoint_every ? save() : Expected<void>{};
  }

  void report_wrong_convolutions() {
    const ConvolutionTrials trials = convolution_trials();
    const int wrong = trials.wrong_forward + trials.wrong_gradients;
    if (wrong == wrong_) return;
    wrong_ = wrong;
    say(std::format(
        "oneDNN computes {} of {} kinds of convolution and {} of {} gradients wrongly: those take another way.",
        trials.wrong_forward, trials.forward, trials.wrong_gradients, trials.gradients));
  }

  [[nodiscard]] TrainingProgress progress() const {
    TrainingProgress progress{
        .samples = training_->samples(), .total = training_->recipe().samples, .loss = log_.loss(), .measures = {}};
    const double seconds = seconds_since(start_);
    progress.samples_per_second = static_cast<double>(progress.samples - first_sample_) / std::max(seconds, 1e-9);
    progress.seconds_left = static_cast<double>(progress.total - progress.samples) / progress.samples_per_second;
    if (request_.minutes) progress.seconds_left = std::min(progress.seconds_left, *request_.minutes * 60 - seconds);
    const std::vector<std::string_view> names = training_->measures();
    const std::vector<double> values = log_.measures();
    for (std::size_t i = 0; i < names.size(); ++i)
      progress.measures.push_back({.name = std::string(names[i]), .value = values[i]});
    return progress;
  }

  Expected<void> save() {
    if (auto written = write_checkpoint(checkpoint_path(request_), *training_); !written) return written;
    TensorFile weights{.tensors = training_->weights().averaged(), .metadata = {}};
    for (auto& [key, tensor] : weights.tensors) tensor = tensor.to(at::kHalf);
    saved_sample_ = training_->samples();
    return write_tensors(weights_path(), weights);
  }

  Expected<TrainingReport> finish() {
    if (auto saved = save(); !saved) return std::unexpected(saved.error());
    const auto file = Safetensors::read(weights_path());
    if (!file) return std::unexpected(file.error());
    return TrainingReport{.is_finished = training_->is_finished(),
                          .samples = training_->samples(),
                          .weights = weights_path(),
                          .sha256 = sha256_hex(file->bytes())};
  }

  const TrainingRequest& request_;
  Examples examples_;      // segment
  Composites composites_;  // matte
  std::unique_ptr<Training> training_;
  TrainingLog log_{0};
  std::optional<LogTable> table_;
  Clock::time_point start_, logged_at_;
  std::int64_t first_sample_ = 0, saved_sample_ = 0, logged_sample_ = 0;
  int wrong_ = 0;
};

/// No exception crosses the border.
Expected<TrainingReport> train_guarded(const TrainingRequest& request, Recipe recipe) {
  const auto failed = [](const std::string& what) {
    // what torch's CPU allocator says; it has no error class of its own
    if (what.find("can't allocate memory") != std::string::npos)
      return failure(ErrorCode::out_of_memory, "There is not enough memory for this training.", what);
    return failure(ErrorCode::internal, "The training failed.", what);
  };
  try {
    return Run(request)(std::move(recipe));
  } catch (const std::bad_alloc& error) {
    return failure(ErrorCode::out_of_memory, "There is not enough memory for this training.", error.what());
  } catch (const c10::Error& error) {
    return failed(error.what_without_backtrace());
  } catch (const std::exception& error) {  // OpenCV's own among them
    return failed(error.what());
  }
}

}  // namespace
}  // namespace gbrs

extern "C" GBRS_API const gbrs::Trainer* gbrs_trainer() {
  static const gbrs::Trainer trainer{.train = gbrs::train_guarded};
  return &trainer;
}
