// SPDX-License-Identifier: Apache-2.0
// The half of training that is in libgbrs: what is wrong with a request is found before libtorch is loaded.

#include <format>

#include "gbrs/training.hpp"
#include "models/loader.hpp"
#include "training/trainer.hpp"

namespace gbrs {
namespace {

Expected<void> prepare_output(const TrainingRequest& request) {
  if (request.resumes && request.from)
    return failure(ErrorCode::invalid_argument, "A training that goes on takes its weights from its checkpoint.");
  std::error_code error;
  const bool has_checkpoint = std::filesystem::exists(checkpoint_path(request), error);
  if (has_checkpoint && !request.resumes)
    return failure(
        ErrorCode::invalid_argument,
        std::format("In {} is a training already: go on with it, or name another folder.", request.output.string()));
  if (!has_checkpoint && request.resumes)
    return failure(ErrorCode::not_found, std::format("There is no file {}.", checkpoint_path(request).string()));
  std::filesystem::create_directories(request.output, error);
  if (error)
    return failure(ErrorCode::io,
                   std::format("The folder {} cannot be made: {}.", request.output.string(), error.message()));
  return {};
}

}  // namespace

Expected<TrainingReport> train(const TrainingRequest& request) {
  auto recipe = parse_recipe(request.recipe, request.task);
  if (!recipe) return std::unexpected(recipe.error());
  if (auto prepared = prepare_output(request); !prepared) return std::unexpected(prepared.error());
  prepare_environment();
  const auto symbol = backend_symbol("gbrs_trainer");
  if (!symbol) return std::unexpected(symbol.error());
  const Trainer* trainer = reinterpret_cast<TrainerFunction>(*symbol)();
  if (trainer->border_size != kTrainerBorderSize)
    return failure(ErrorCode::unavailable, "The computing library is older than the program: install both anew.");
  return trainer->train(request, std::move(*recipe));
}

}  // namespace gbrs
