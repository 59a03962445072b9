// SPDX-License-Identifier: Apache-2.0
// The half of the baselines that is in libgbrs-torch.

#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <limits>

#include "baselines/baseline_border.hpp"
#include "baselines/brs_predictor.hpp"
#include "gbrs/export.hpp"
#include "networks/click_network.hpp"
#include "refine/guarded.hpp"
#include "refine/load_weights.hpp"
#include "refine/runtime.hpp"

namespace gbrs {
namespace {

/// On the networks of f-BRS the sites have its letters, and an HRNet's A stands in for the B that it has not.
std::string site_of(BaselineMethod method, const std::vector<std::string>& sites, const Manifest& manifest) {
  const auto has = [&](std::string_view name) { return std::ranges::find(sites, name) != sites.end(); };
  if (method == BaselineMethod::f_brs_a) return sites.front();
  if (method == BaselineMethod::f_brs_c) return sites.back();
  if (has("B")) return "B";
  return has("A") || manifest.refinement.insertions.empty() ? sites.front() : manifest.refinement.insertions.front();
}

bool has_maps_to_change(BaselineMethod method) {
  return method == BaselineMethod::distmap_brs || method == BaselineMethod::distmap_brs_lc;
}

BrsOptions brs_options(const BaselineOptions& options, const Network& network, const Manifest& manifest) {
  BrsOptions result;
  result.zoom = ZoomInOptions{.longer_side = options.zoom_side};
  result.longest_side = options.longest_side;
  if (has_consistency_loss(options.method)) {
    const double rate = options.rate ? *options.rate : manifest.refinement.rates.at(LayerType::rgb);
    result.consistency = {.rate = rate, .lambda = options.consistency, .iterations = options.iterations};
  }
  switch (options.method) {
    case BaselineMethod::none:
      result.kind = BrsKind::none;
      result.encoded_clicks = std::numeric_limits<std::size_t>::max();
      break;
    case BaselineMethod::rgb_brs:
    case BaselineMethod::distmap_brs:
    case BaselineMethod::rgb_brs_lc:
    case BaselineMethod::distmap_brs_lc:
      result.kind = has_maps_to_change(options.method) ? BrsKind::distmap : BrsKind::rgb;
      result.encoded_clicks = 5;
      break;
    default:
      result.site = site_of(options.method, network.sites(), manifest);
  }
  return result;
}

class TorchBaseline final : public LoadedBaseline {
 public:
  TorchBaseline(Runtime runtime, std::unique_ptr<Network> network, BrsOptions options)
      : runtime_(std::move(runtime)), network_(std::move(network)), predictor_(*network_, std::move(options)) {}

  Expected<void> begin(const FramePixels& image) override {
    return guarded([&]() -> Expected<void> {
      use_threads(runtime_.threads);
      const Tensor pixels = at::from_blob(const_cast<std::uint8_t*>(image.rgb.data()), {image.height, image.width, 3},
                                          at::TensorOptions().dtype(at::kByte));
      predictor_.begin(pixels.to(runtime_.device, at::kByte, /*non_blocking=*/false, /*copy=*/true));
      return {};
    });
  }

  Expected<Map> add(const FrameClick& click) override {
    return guarded([&]() -> Expected<Map> {
      use_threads(runtime_.threads);
      const Tensor probability =
          predictor_.add({.u = click.u, .v = click.v, .target = click.target, .radius = click.radius})
              .to(at::kCPU, at::kFloat)
              .contiguous();
      const float* values = probability.const_data_ptr<float>();
      return Map{.width = static_cast<int>(probability.size(1)),
                 .height = static_cast<int>(probability.size(0)),
                 .values = {values, values + probability.numel()}};
    });
  }

  std::string notice() const override { return runtime_.notice; }

 private:
  Runtime runtime_;
  std::unique_ptr<Network> network_;
  BrsPredictor predictor_;
};

Expected<std::unique_ptr<LoadedBaseline>> open(const Manifest& manifest, const ModelOptions& model,
                                               const BaselineOptions& options) {
  return guarded([&]() -> Expected<std::unique_ptr<LoadedBaseline>> {
    Runtime runtime = start_runtime(model.device, model.threads);
    auto network = load_network(manifest, runtime.device);
    if (!network) return std::unexpected(network.error());
    const bool has_maps = dynamic_cast<const ClickNetwork*>(network->get()) != nullptr;
    if (has_maps_to_change(options.method) && !has_maps)
      return failure(ErrorCode::unsupported, "DistMap-BRS changes a network's maps of the clicks, which the model " +
                                                 manifest.info.name + " does not have.");
    if (has_consistency_loss(options.method) && !options.rate && !manifest.refinement.rates.contains(LayerType::rgb))
      return failure(ErrorCode::unsupported,
                     "The model " + manifest.info.name +
                         " brings no learning rate for the layer type rgb; one can be set, for example rate=0.0002.");
    BrsOptions brs = brs_options(options, **network, manifest);
    return std::make_unique<TorchBaseline>(std::move(runtime), std::move(*network), std::move(brs));
  });
}

}  // namespace
}  // namespace gbrs

extern "C" GBRS_API const gbrs::Baselines* gbrs_baselines() {
  static const gbrs::Baselines baselines{.open = gbrs::open};
  return &baselines;
}
