// SPDX-License-Identifier: Apache-2.0
#include "batch_command.hpp"

#include <filesystem>
#include <format>
#include <iostream>
#include <map>
#include <memory>

#include "clicking.hpp"
#include "clicks_file.hpp"
#include "cut_out.hpp"
#include "gbrs/gbrs.hpp"
#include "mask_file.hpp"
#include "model_arguments.hpp"
#include "progress_line.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string clicks;
  std::string images = ".";
  std::string out;
  ModelArguments model;
  std::optional<int> depth;
  bool is_forced = false;
};

struct Job {
  ClickedPicture picture;
  std::string mask;
};

/// a/cat.jpg becomes OUT/a/cat.png.
Expected<std::vector<Job>> plan(std::vector<ClickedPicture> pictures, const Arguments& arguments) {
  std::vector<Job> jobs;
  std::map<std::string, std::string> taken;
  for (ClickedPicture& picture : pictures) {
    const fs::path name = fs::path(picture.image).lexically_normal();
    if (name.is_absolute() || name.begin()->string() == "..")
      return failure(ErrorCode::invalid_argument,
                     std::format("The picture {} lies outside the folder {}.", picture.image, arguments.images));
    const std::string mask = (fs::path(arguments.out) / name).replace_extension(".png").string();
    if (const auto [other, is_new] = taken.try_emplace(mask, picture.image); !is_new)
      return failure(ErrorCode::invalid_argument, std::format("The masks of {} and {} would have the same name.",
                                                              other->second, picture.image));
    if (is_same_file(mask, (fs::path(arguments.images) / name).string()))
      return failure(
          ErrorCode::invalid_argument,
          std::format("The mask of {} would take the picture's place: --out needs another folder.", picture.image));
    jobs.push_back({std::move(picture), mask});
  }
  return jobs;
}

Expected<void> segment(const Model& model, const SessionOptions& options, const Arguments& arguments, const Job& job) {
  std::error_code error;
  fs::create_directories(fs::path(job.mask).parent_path(), error);
  const auto format = plan_mask(job.mask, arguments.depth, true);
  if (!format) return std::unexpected(format.error());
  const auto image = fs::path(arguments.images) / job.picture.image;
  const auto answer = cut_out(model, options, image.string(), job.picture.steps, *format);
  if (!answer) return std::unexpected(answer.error());
  return {};
}

Expected<void> batch(const Arguments& arguments) {
  auto pictures = read_clicks_file(arguments.clicks);
  if (!pictures) return std::unexpected(pictures.error());
  auto options = session_options(arguments.model);
  if (!options) return std::unexpected(options.error());
  auto jobs = plan(std::move(*pictures), arguments);
  if (!jobs) return std::unexpected(jobs.error());
  const auto model = open_model(arguments.model);
  if (!model) return std::unexpected(model.error());
  if (auto checked = check_task(*model, Task::segment); !checked) return checked;

  const std::size_t all = jobs->size();
  std::error_code ignored;
  if (!arguments.is_forced) std::erase_if(*jobs, [&](const Job& job) { return fs::exists(job.mask, ignored); });
  const std::size_t before = all - jobs->size();
  if (before > 0) std::cerr << std::format("gbrs: {} of {} masks are there already\n", before, all);
  if (!jobs->empty())  // what is wrong with it is said once, not for every picture
    if (const auto loaded = model->load(); !loaded) return loaded;
  if (const auto notice = model->notice(); !notice.empty()) std::cerr << "gbrs: " << notice << '\n';
  std::vector<std::string> failures;
  {
    ProgressLine progress(all, before);
    for (const Job& job : *jobs) {
      if (const auto done = segment(*model, *options, arguments, job); !done)
        failures.push_back(std::format("{}: {}", job.picture.image, done.error().message));
      progress.advance(job.picture.image);
    }
  }
  for (const std::string& text : failures) std::cerr << "gbrs: " << text << '\n';
  std::cout << std::format("{} masks in {}\n", all - failures.size(), arguments.out);
  if (failures.empty()) return {};
  return failure(ErrorCode::io, std::format("{} of {} pictures have no mask.", failures.size(), all));
}

}  // namespace

void add_batch_command(CLI::App& app, std::function<Expected<void>()>& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("batch", "Cut objects out of many pictures by the clicks in a file");
  command
      ->add_option("clicks", arguments->clicks,
                   "CSV (image,\"X,Y,+ X,Y,-,R\") or JSON ({image: \"X,Y,+ X,Y,-,R\"})")
      ->required()
      ->type_name("CLICKS");
  command->add_option("--images", arguments->images, "folder of the pictures")->type_name("DIR")->capture_default_str();
  command->add_option("--out", arguments->out, "folder for the masks; those that are there already stay")
      ->required()
      ->type_name("OUT");
  add_model_options(*command, arguments->model);
  command->add_option("--depth", arguments->depth, "bits of the masks, 8 or 16")->check(CLI::IsMember({8, 16}));
  command->add_flag("--force", arguments->is_forced, "make all masks anew");
  command->callback([arguments, &run] { run = [arguments] { return batch(*arguments); }; });
}

}  // namespace gbrs::cli
