// SPDX-License-Identifier: Apache-2.0
#include "train_command.hpp"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <format>
#include <iostream>
#include <memory>

#include "gbrs/training.hpp"
#include "label_file.hpp"
#include "picture_file.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

struct Arguments {
  Task task = Task::segment;
  std::string recipe;
  std::string data;
  std::string from;
  std::string output;
  double minutes = 0;
  int threads = 1;
  bool resumes = false;
};

volatile std::sig_atomic_t interruption = 0;

/// The first signal asks for a checkpoint, the second ends the program.
void catch_interruptions() {
  struct sigaction action {};
  action.sa_handler = [](int signal) { interruption = signal; };
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "-";
  const auto minutes = static_cast<long>(std::max(0.0, seconds) / 60);
  if (minutes < 1) return std::format("{:.0f} s", std::max(0.0, seconds));
  return minutes < 60 ? std::format("{} min", minutes) : std::format("{} h {:02} min", minutes / 60, minutes % 60);
}

/// One line on the terminal that is overwritten; elsewhere a line a minute.
class TrainingLine {
 public:
  void show(const TrainingProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    const auto pause = is_terminal_ ? std::chrono::milliseconds(500) : std::chrono::milliseconds(60000);
    if (now - shown_ < pause) return;
    shown_ = now;
    std::string text =
        std::format("{} of {} samples, {:.1f} a second, {} left; loss {:.4f}", progress.samples, progress.total,
                    progress.samples_per_second, duration(progress.seconds_left), progress.loss);
    for (const TrainingMeasure& measure : progress.measures)
      text += std::format("; {} {:.4f}", measure.name, measure.value);
    std::cerr << (is_terminal_ ? "\r\033[K" : "") << text << (is_terminal_ ? "" : "\n") << std::flush;
  }
  void clear() const {
    if (is_terminal_) std::cerr << "\r\033[K" << std::flush;
  }

 private:
  bool is_terminal_ = isatty(STDERR_FILENO) != 0;
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
};

class Files final : public ImageFiles {
 public:
  Expected<DecodedImage> read_colours(const std::filesystem::path& path) override {
    auto picture = read_picture(path.string());
    if (!picture) return std::unexpected(picture.error());
    return DecodedImage{picture->width, picture->height, 3, std::move(picture->rgb)};
  }
  Expected<DecodedImage> read_labels(const std::filesystem::path& path) override {
    return cli::read_labels(path.string());
  }
};

Expected<void> train_network(const Arguments& arguments) {
  auto recipe = read_text(arguments.recipe);
  if (!recipe) return std::unexpected(recipe.error());
  Files files;
  TrainingLine line;
  TrainingRequest request{
      .task = arguments.task, .recipe = std::move(*recipe), .data = arguments.data, .output = arguments.output};
  if (!arguments.from.empty()) request.from = arguments.from;
  if (arguments.minutes > 0) request.minutes = arguments.minutes;
  request.resumes = arguments.resumes;
  request.threads = arguments.threads;
  request.files = &files;
  request.should_stop = [] { return interruption != 0; };
  request.say = [&](const std::string& text) {
    line.clear();
    std::cerr << text << '\n';
  };
  request.progress = [&](const TrainingProgress& progress) { line.show(progress); };
  catch_interruptions();
  const auto report = train(request);
  line.clear();
  if (!report) return std::unexpected(report.error());
  std::cout << std::format("{}\nsha256 {}\n", report->weights.string(), report->sha256);
  std::cerr << std::format("{} after {} samples{}\n", report->is_finished ? "finished" : "paused", report->samples,
                           report->is_finished ? "" : "; --resume goes on");
  return {};
}

void add_task(CLI::App& train, Task task, const std::string& what, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  arguments->task = task;
  CLI::App* command = train.add_subcommand(
      std::string(task_name(task)), what + "; writes weights, a checkpoint and a log. Ctrl-C pauses with a checkpoint");
  command->add_option("recipe", arguments->recipe, "what to train and how, see docs/training.md")
      ->required()
      ->type_name("RECIPE.json");
  command->add_option("--data", arguments->data, "what the recipe's folders are relative to")
      ->required()
      ->type_name("DIR");
  command->add_option("--from", arguments->from, "weights to begin with; random ones without")
      ->type_name("WEIGHTS.safetensors");
  command->add_option("--out", arguments->output, "folder for the results, made if need be")
      ->required()
      ->type_name("DIR");
  command->add_flag("--resume", arguments->resumes, "go on from the folder's checkpoint");
  command->add_option("--minutes", arguments->minutes, "pause with a checkpoint after that time; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--threads", arguments->threads, "computing threads; 0: all processors")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command->callback([arguments, &run] { run = [arguments] { return train_network(*arguments); }; });
}

}  // namespace

void add_train_command(CLI::App& app, std::function<Expected<void>()>& run) {
  CLI::App* train = app.add_subcommand("train", "Train a network from a recipe and folders of pictures");
  train->require_subcommand(1);
  add_task(*train, Task::segment, "Selection by clicks", run);
  add_task(*train, Task::matte, "Mattes from trimaps", run);
}

}  // namespace gbrs::cli
