// SPDX-License-Identifier: Apache-2.0
#include "training/matte_training.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/stack.h>

#include "networks/matte_mnv2.hpp"
#include "training/matte_loss.hpp"

namespace gbrs {
namespace {

constexpr std::uint64_t kSampleStream = 0x6D61747465;

/// [H,W,C] uint8, a copy.
Tensor to_tensor(const cv::Mat& pixels) {
  auto* values = const_cast<std::uint8_t*>(pixels.ptr<std::uint8_t>());  // from_blob only reads here
  return at::from_blob(values, {pixels.rows, pixels.cols, pixels.channels()}, at::TensorOptions().dtype(at::kByte))
      .clone();
}

/// Maps [H,W,1] as [B,1,H,W], 0 to 1.
Tensor stacked(const std::vector<Tensor>& maps) { return at::stack(maps).permute({0, 3, 1, 2}).to(at::kFloat) / 255; }

}  // namespace

Expected<std::unique_ptr<MatteTraining>> MatteTraining::make(Recipe recipe, const TensorMap& weights,
                                                             const Composites& composites) {
  if (recipe.architecture != MatteMnv2::kName)
    return failure(ErrorCode::unsupported,
                   "The architecture " + recipe.architecture + " cannot be trained for matting.");
  auto learned = LearnedWeights::make(weights, recipe.optimiser);
  if (!learned) return std::unexpected(learned.error());
  return std::unique_ptr<MatteTraining>(new MatteTraining(std::move(recipe), std::move(*learned), composites));
}

Expected<StepOutcome> MatteTraining::step() {
  const CropRecipe& crop = recipe().crops[choose_crop()];
  const MatteMnv2 network(Weights(weights().for_step(type())));
  std::vector<Tensor> inputs, truths, contrasts;
  for (int i = 0; i < crop.batch; ++i) {
    Random random{recipe().seed, kSampleStream, static_cast<std::uint64_t>(samples() + i)};
    const auto sample = composites_.draw({crop.width, crop.height}, random);
    if (!sample) return std::unexpected(sample.error());
    inputs.push_back(at::cat({to_tensor(sample->picture), to_tensor(sample->trimap)}, 2));
    truths.push_back(to_tensor(sample->alpha));
    contrasts.push_back(to_tensor(sample->contrast));
  }
  const Tensor pixels = at::stack(inputs).permute({0, 3, 1, 2}).to(at::kFloat);
  const Tensor input = MatteMnv2::normalised_batch(pixels);
  MatteMnv2::Given given;
  {
    const at::NoGradGuard no_grad;
    given = network.given(input).to(type());  // computed in float32, as for answers
  }
  const Tensor alpha = network.alpha(given).to(at::kFloat);
  const Tensor trimap = pixels.narrow(1, 3, 1);
  const Tensor unknown = (trimap > 0).logical_and(trimap < 255).to(at::kFloat);
  const Tensor truth = stacked(truths);
  auto outcome = learn(matte_loss(alpha, truth, unknown, stacked(contrasts), recipe().matte_loss), crop.batch);
  if (!outcome) return outcome;
  const Tensor error = (alpha.detach().clamp(0, 1) - truth) * unknown;
  const Tensor counts = unknown.sum({1, 2, 3});
  const Tensor squares = error.square().sum({1, 2, 3}) / counts, sizes = error.abs().sum({1, 2, 3}) / counts;
  for (int i = 0; i < crop.batch; ++i) {
    outcome->values.push_back({.measure = 0, .value = squares[i].item<double>()});
    outcome->values.push_back({.measure = 1, .value = sizes[i].item<double>()});
  }
  return outcome;
}

}  // namespace gbrs
