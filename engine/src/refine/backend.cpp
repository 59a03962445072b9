// SPDX-License-Identifier: Apache-2.0
#include "refine/backend.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <atomic>
#include <string_view>

#include "gbrs/export.hpp"
#include "gbrs/version.hpp"
#include "refine/guarded.hpp"
#include "refine/load_weights.hpp"
#include "refine/preparation.hpp"
#include "refine/runtime.hpp"
#include "refine/step.hpp"

namespace gbrs {
namespace {

class TorchNetwork final : public LoadedNetwork {
 public:
  TorchNetwork(Manifest manifest, Task task, Runtime runtime, std::unique_ptr<Network> network)
      : manifest_(std::move(manifest)), task_(task), runtime_(std::move(runtime)), network_(std::move(network)) {}

  std::string device() const override { return runtime_.device_text; }
  std::string notice() const override { return runtime_.notice; }

  Expected<std::shared_ptr<const Features>> encode(const FramePixels& frame) override {
    return guarded([&]() -> Expected<std::shared_ptr<const Features>> {
      use_threads(runtime_.threads);
      const auto size = 3 * static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
      const bool is_filled = frame.width >= 1 && frame.height >= 1 && frame.rgb.size() == size;
      if (!is_filled || (!frame.trimap.empty() && 3 * frame.trimap.size() != size))
        throw std::invalid_argument("pixels do not fill the frame");
      const auto planes = [&](const std::vector<std::uint8_t>& bytes, std::int64_t channels) {
        return at::from_blob(const_cast<std::uint8_t*>(bytes.data()), {frame.height, frame.width, channels},
                             at::TensorOptions().dtype(at::kByte));
      };
      Tensor tensor = planes(frame.rgb, 3);
      if (!frame.trimap.empty()) tensor = at::cat({tensor, planes(frame.trimap, 1)}, 2);
      auto features = std::make_shared<FrameFeatures>();
      const at::NoGradGuard no_grad;
      features->pixels = tensor.to(runtime_.device, tensor.scalar_type(), /*non_blocking=*/false, /*copy=*/true);
      features->encoded = network_->encode(features->pixels);
      features->width = frame.width;
      features->height = frame.height;
      return features;
    });
  }

  Expected<StepOutput> step(const StepInput& input) override {
    const bool has_rate = input.method.rate || manifest_.refinement.rates.contains(input.layer);
    if (input.layer != LayerType::none && !has_rate) {
      return failure(
          ErrorCode::unsupported,
          "The model " + manifest_.info.name +
              " brings no learning rate for the layer type asked for; one can be set, for example rate=0.001.",
          "no learning rate in the manifest");
    }
    return guarded([&]() -> Expected<StepOutput> {
      use_threads(runtime_.threads);
      return run_step(*network_, task_, manifest_.refinement, runtime_.device, input);
    });
  }

  void prepare(const std::vector<FrameSize>& sizes, LayerType layer) override {
    layer_to_prepare_ = layer;
    preparation_.add(sizes);
  }

  Expected<double> matrix_gflops() override {
    return guarded([&]() -> Expected<double> {
      use_threads(runtime_.threads);
      return gbrs::matrix_gflops(runtime_.device);
    });
  }

 private:
  /// A gray frame and a step that is refined once.
  void prepare(const FrameSize& size, const std::stop_token& stop) {
    FramePixels gray{.width = size.width, .height = size.height, .rgb = {}};
    const std::size_t pixels = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
    gray.rgb.assign(3 * pixels, 128);
    if (task_ == Task::matte) gray.trimap.assign(pixels, 128);
    const auto features = encode(gray);
    if (!features || stop.stop_requested()) return;
    // neighbours that contradict each other, so that an iteration is made
    const double other = task_ == Task::segment ? -1 : 0;
    const double u = size.width / 2;
    const double v = size.height / 2;
    const FrameClick clicks[] = {{.u = u, .v = v, .target = 1}, {.u = u + 1, .v = v, .target = other}};
    StepInput input;
    input.features = *features;
    input.clicks = clicks;
    input.layer = layer_to_prepare_;
    input.iterations = 1;
    input.stop = stop;
    (void)step(input);
  }

  Manifest manifest_;
  Task task_;
  Runtime runtime_;
  std::unique_ptr<Network> network_;
  std::atomic<LayerType> layer_to_prepare_ = LayerType::none;
  Preparation preparation_{[this](const FrameSize& size, const std::stop_token& stop) { prepare(size, stop); }};
};

Expected<std::shared_ptr<LoadedNetwork>> load(const Manifest& manifest, const ModelOptions& options) {
  return guarded([&]() -> Expected<std::shared_ptr<LoadedNetwork>> {
    if (!manifest.task) {
      return failure(ErrorCode::unsupported,
                     "The model " + manifest.info.name +
                         " needs a newer version of this program, one that knows the task " + manifest.info.task + ".",
                     "task " + manifest.info.task);
    }
    Runtime runtime = start_runtime(options.device, options.threads);
    auto network = load_network(manifest, runtime.device);
    if (!network) return std::unexpected(network.error());
    const std::vector<std::string> sites = (*network)->sites();
    for (const std::string& insertion : manifest.refinement.insertions) {
      if (std::ranges::find(sites, insertion) == sites.end())
        return failure(ErrorCode::damaged,
                       "The manifest of the model " + manifest.info.name + " names no place for refinement.",
                       "insertion " + insertion);
    }
    return std::make_shared<TorchNetwork>(manifest, *manifest.task, std::move(runtime), std::move(*network));
  });
}

}  // namespace
}  // namespace gbrs

extern "C" GBRS_API const gbrs::Backend* gbrs_backend() {
  static const gbrs::Backend backend{.version = GBRS_VERSION, .load = gbrs::load};
  return &backend;
}
