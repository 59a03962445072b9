// SPDX-License-Identifier: Apache-2.0
#include "refine/backend.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <string_view>

#include "gbrs/export.hpp"
#include "gbrs/version.hpp"
#include "networks/convolution.hpp"
#include "objectives/attention.hpp"
#include "objectives/segment.hpp"
#include "refine/load_weights.hpp"
#include "refine/refiner.hpp"
#include "refine/runtime.hpp"

namespace gbrs {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// No exception crosses the border.
template <class F>
auto guarded(F&& function) -> decltype(function()) {
  const auto out_of_memory = [](const char* what) {
    return failure(ErrorCode::out_of_memory, "There is not enough memory for this step.", what);
  };
  try {
    return function();
  } catch (const std::bad_alloc& error) {
    return out_of_memory(error.what());
  } catch (const c10::OutOfMemoryError& error) {
    return out_of_memory(error.what_without_backtrace());
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    // what torch's CPU allocator says; it has no error class of its own
    if (what.find("can't allocate memory") != std::string::npos) return out_of_memory(what.c_str());
    return failure(ErrorCode::internal, "Computing the answer failed.", what);
  } catch (const std::invalid_argument& error) {
    return failure(ErrorCode::invalid_argument, "The step does not fit the picture's frame.", error.what());
  } catch (const std::exception& error) {
    return failure(ErrorCode::internal, "Computing the answer failed.", error.what());
  }
}

/// Features of one frame, with the frame's size.
struct FrameFeatures final : Features {
  std::unique_ptr<Encoded> encoded;
  int width = 0;
  int height = 0;
};

struct LayerParameters final : Parameters {
  LayerType layer = LayerType::none;
  std::vector<SiteValues> values;
};

FrameMap to_map(const Tensor& answer) {
  const Tensor values = answer.detach().to(at::kCPU, at::kFloat).contiguous();
  FrameMap map{.width = static_cast<int>(values.size(3)), .height = static_cast<int>(values.size(2)), .values = {}};
  const auto* begin = values.data_ptr<float>();
  map.values.assign(begin, begin + values.numel());
  return map;
}

Tensor to_tensor(const FrameMap& map, c10::Device device) {
  // from_blob wants a pointer it may write to; the copy behind it is what is used
  auto* values = const_cast<float*>(map.values.data());
  return at::from_blob(values, {1, 1, map.height, map.width}, at::TensorOptions().dtype(at::kFloat)).clone().to(device);
}

class TorchNetwork final : public LoadedNetwork {
 public:
  TorchNetwork(Manifest manifest, Runtime runtime, std::unique_ptr<Network> network)
      : manifest_(std::move(manifest)), runtime_(std::move(runtime)), network_(std::move(network)) {}

  std::string device() const override { return runtime_.device_text; }
  std::string notice() const override { return runtime_.notice; }

  Expected<std::shared_ptr<const Features>> encode(const FramePixels& frame) override {
    return guarded([&]() -> Expected<std::shared_ptr<const Features>> {
      use_threads(runtime_.threads);
      const auto size = 3 * static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
      if (frame.width < 1 || frame.height < 1 || frame.rgb.size() != size) {
        throw std::invalid_argument("pixels do not fill the frame");
      }
      auto* pixels = const_cast<std::uint8_t*>(frame.rgb.data());
      const Tensor tensor = at::from_blob(pixels, {frame.height, frame.width, 3}, at::TensorOptions().dtype(at::kByte))
                                .to(runtime_.device);
      auto features = std::make_shared<FrameFeatures>();
      const at::NoGradGuard no_grad;
      features->encoded = network_->encode(tensor);
      features->width = frame.width;
      features->height = frame.height;
      return features;
    });
  }

  Expected<StepOutput> step(const StepInput& input) override {
    if (input.layer != LayerType::none && !manifest_.refinement.rates.contains(input.layer)) {
      return failure(ErrorCode::unsupported,
                     "The model " + manifest_.info.name + " cannot be refined with the layer type asked for.",
                     "no learning rate in the manifest");
    }
    return guarded([&]() -> Expected<StepOutput> { return compute(input); });
  }

 private:
  StepOutput compute(const StepInput& input);
  Insertions make_insertions(const StepInput& input) const;

  Manifest manifest_;
  Runtime runtime_;
  std::unique_ptr<Network> network_;
  SegmentObjective objective_;
};

Insertions TorchNetwork::make_insertions(const StepInput& input) const {
  Insertions insertions({.type = input.layer,
                         .sites = {manifest_.refinement.insertion},
                         .is_scaled = manifest_.refinement.is_scaled,
                         .top_channels = manifest_.refinement.top_channels});
  if (input.before == nullptr || input.layer == LayerType::none) return insertions;
  const auto* before = dynamic_cast<const LayerParameters*>(input.before.get());
  if (before == nullptr || before->layer != input.layer)
    throw std::invalid_argument("parameters of another layer type");
  insertions.set_values(before->values);
  return insertions;
}

void check(const StepInput& input, const FrameFeatures& features) {
  if (input.first_new >= input.clicks.size()) throw std::invalid_argument("a step without clicks");
  for (const FrameClick& click : input.clicks) {
    const bool is_inside =
        click.u >= -0.5 && click.u <= features.width - 0.5 && click.v >= -0.5 && click.v <= features.height - 0.5;
    if (!is_inside) throw std::invalid_argument("a click outside the frame");
    if (click.target != 1 && click.target != -1) throw std::invalid_argument("a target that is neither 1 nor -1");
    if (click.radius && !(*click.radius >= 0)) throw std::invalid_argument("a negative radius");
  }
}

StepOutput TorchNetwork::compute(const StepInput& input) {
  const auto start = Clock::now();
  use_threads(runtime_.threads);
  const auto* features = dynamic_cast<const FrameFeatures*>(input.features.get());
  if (features == nullptr) throw std::invalid_argument("no features");
  check(input, *features);
  Insertions insertions = make_insertions(input);

  std::vector<PromptClick> prompt_clicks;
  for (const FrameClick& click : input.clicks) prompt_clicks.push_back({click.u, click.v, click.target, click.radius});
  Prompt prompt{.clicks = prompt_clicks, .previous = {}};
  if (input.answer_before != nullptr) prompt.previous = to_tensor(*input.answer_before, runtime_.device);
  const auto conditioned = [&] {
    const at::NoGradGuard no_grad;
    return network_->condition(*features->encoded, prompt);
  }();

  StepOutput output;
  const bool refines = input.is_refined && input.layer != LayerType::none && input.iterations > 0;
  const auto begin = [&](const Tensor& first) -> std::unique_ptr<StepLoss> {
    output.first_ms = milliseconds_since(start);
    if (!std::isfinite(first.sum().item<double>())) throw std::domain_error("the first answer is not finite");

    // From the frame's pixels to the answer's: corners on corners, the same scale both ways.
    const double scale_x = static_cast<double>(first.size(3) - 1) / (features->width - 1);
    const double scale_y = static_cast<double>(first.size(2) - 1) / (features->height - 1);
    const double scale = std::sqrt(scale_x * scale_y);
    Tensor labels_before;
    if (prompt.previous.defined()) labels_before = upsample(prompt.previous, first.size(2), first.size(3))[0][0] > 0;
    ClickList list{.clicks = {}, .first_new = input.first_new};
    for (std::size_t i = 0; i < input.clicks.size(); ++i) {
      const FrameClick& click = input.clicks[i];
      GridClick on_grid{.u = click.u * scale_x, .v = click.v * scale_y, .radius = 0, .target = click.target};
      if (i >= input.first_new) {
        on_grid.radius =
            click.radius ? *click.radius * scale : auto_radius(labels_before, first[0][0] > 0, on_grid.u, on_grid.v);
        output.radii.push_back(click.radius ? *click.radius : on_grid.radius / scale);
      }
      list.clicks.push_back(on_grid);
    }
    return refines ? objective_.begin(first, list) : nullptr;
  };
  const auto watch = [&](int iteration, const Tensor& answer) {
    if (input.publish && input.publish_every > 0 && iteration % input.publish_every == 0) {
      input.publish(iteration, to_map(answer));
    }
  };

  Refiner refiner({.rate = input.layer == LayerType::none ? 0 : manifest_.refinement.rates.at(input.layer),
                   .iterations = refines ? input.iterations : 0});
  const auto decode = [&](Insertions& layers) { return network_->decode(*conditioned, layers); };
  const RefinerResult result = refiner.run(decode, insertions, begin, input.stop, watch);

  output.refine_ms = milliseconds_since(start) - output.first_ms;
  output.answer = to_map(result.answer);
  output.iterations = result.steps;
  if (result.is_diverged) output.notice = "Refining became unstable and was undone; the network's own answer is shown.";
  output.is_refined = input.is_refined && !result.is_stopped;
  if (input.layer != LayerType::none) {
    auto parameters = std::make_shared<LayerParameters>();
    parameters->layer = input.layer;
    parameters->values = insertions.values();
    output.parameters = std::move(parameters);
  }
  return output;
}

Expected<std::shared_ptr<LoadedNetwork>> load(const Manifest& manifest, const ModelOptions& options) {
  return guarded([&]() -> Expected<std::shared_ptr<LoadedNetwork>> {
    if (manifest.info.task != "segment") {
      return failure(ErrorCode::unsupported,
                     "The model " + manifest.info.name +
                         " needs a newer version of this program, one that knows the task " + manifest.info.task + ".",
                     "task " + manifest.info.task);
    }
    Runtime runtime = start_runtime(options.device, options.threads);
    auto network = load_network(manifest, runtime.device);
    if (!network) return std::unexpected(network.error());
    const std::vector<std::string> sites = (*network)->sites();
    if (std::ranges::find(sites, manifest.refinement.insertion) == sites.end()) {
      return failure(ErrorCode::damaged,
                     "The manifest of the model " + manifest.info.name + " names no place for refinement.",
                     "insertion " + manifest.refinement.insertion);
    }
    return std::make_shared<TorchNetwork>(manifest, std::move(runtime), std::move(*network));
  });
}

}  // namespace
}  // namespace gbrs

extern "C" GBRS_API const gbrs::Backend* gbrs_backend() {
  static const gbrs::Backend backend{.version = GBRS_VERSION, .load = gbrs::load};
  return &backend;
}
