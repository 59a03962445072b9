// SPDX-License-Identifier: Apache-2.0
#include "layers/layer.hpp"

#include <ATen/ops/add.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/zeros.h>

#include <cassert>

namespace gbrs {
namespace {

/// A vector [C] or a map [h,w] as something that broadcasts over [1,C,h,w].
Tensor per_channel(const Tensor& vector) { return vector.view({1, -1, 1, 1}); }
Tensor per_pixel(const Tensor& map) { return map.view({1, 1, map.size(0), map.size(1)}); }

at::TensorOptions like(const Tensor& m) { return m.options().memory_format(std::nullopt).requires_grad(false); }
Tensor zeros(const Tensor& m) { return at::zeros({m.size(1)}, like(m)); }
Tensor ones(const Tensor& m) { return at::ones({m.size(1)}, like(m)); }
Tensor zero_map(const Tensor& m) { return at::zeros({m.size(2), m.size(3)}, like(m)); }

/// G-BRS-sb, eq. 3; what f-BRS optimises.
class ScaleBias final : public Layer {
 public:
  ScaleBias(const Tensor& m, LayerOptions options) : Layer(options) {
    add("s", ones(m));
    add("b", zeros(m));
  }
  Tensor apply(const Tensor& m) const override {
    return at::addcmul(per_channel(value(1)) * options_.sigma, m, per_channel(value(0)));
  }
};

/// G-BRS-bmsb, eq. 4.
class BiasMapScaleBias final : public Layer {
 public:
  BiasMapScaleBias(const Tensor& m, LayerOptions options) : Layer(options) {
    add("bm", zero_map(m));
    add("wc", ones(m));
    add("s", ones(m));
    add("b", zeros(m));
  }
  Tensor apply(const Tensor& m) const override {
    const Tensor n = at::addcmul(m, per_channel(value(1)) * options_.sigma, per_pixel(value(0)));
    return at::addcmul(per_channel(value(3)) * options_.sigma, n, per_channel(value(2)));
  }
};

/// G-BRS-bmsb-m, eq. 5: both halves side by side, mixed by w.
class BiasMapScaleBiasMerged final : public Layer {
 public:
  BiasMapScaleBiasMerged(const Tensor& m, LayerOptions options) : Layer(options) {
    add("bm", zero_map(m));
    add("wc", ones(m));
    add("s", ones(m));
    add("b", zeros(m));
    add("w", at::zeros({1}, like(m)) + (options.weight_mode == WeightMode::project ? 0.5 : 0.0));
  }
  Tensor apply(const Tensor& m) const override {
    const Tensor w = options_.weight_mode == WeightMode::project ? value(4) : at::sigmoid(value(4));
    const Tensor g1 = at::addcmul(per_channel(value(3)) * options_.sigma, m, per_channel(value(2)));
    const Tensor g2 = at::addcmul(m, per_channel(value(1)) * options_.sigma, per_pixel(value(0)));
    // g2 + w (g1 - g2) instead of w g1 + (1-w) g2: exact at the start for every m
    return at::addcmul(g2, per_channel(w), g1 - g2);
  }
  void project() override {
    if (options_.weight_mode == WeightMode::project) value(4).detach().clamp_(0.0, 1.0);
  }
};

/// G-BRS-bmconv, eq. 6: a 1x1 convolution behind the bias map.
class BiasMapConv final : public Layer {
 public:
  static constexpr double kBeta = 10.0;  ///< the paper's factor of the bias map, in this layer only

  BiasMapConv(const Tensor& m, LayerOptions options) : Layer(options) {
    add("bm", zero_map(m));
    add("wc", ones(m));
    add("wconv", at::eye(m.size(1), like(m)));
    add("bconv", zeros(m));
  }
  /// wconv (m + beta wc*bm) = wconv m + beta (wconv wc)*bm: so written, one matrix product over the pixels
  /// and one outer product, and the gradient of bm and wc needs no product over all channels.
  Tensor apply(const Tensor& m) const override {
    const std::int64_t channels = m.size(1);
    const Tensor rows = m.permute({0, 2, 3, 1}).reshape({-1, channels});  // a view of channels-last memory
    const Tensor direction = value(2).mv(value(1)) * (options_.sigma * kBeta);
    Tensor out = at::addmm(value(3) * options_.sigma, rows, value(2).t());
    out.addmm_(value(0).view({-1, 1}), direction.view({1, channels}));
    return out.view({1, m.size(2), m.size(3), channels}).permute({0, 3, 1, 2});
  }
};

/// RGB-BRS and its kin: what is added to the input.
class AdditiveMap final : public Layer {
 public:
  AdditiveMap(const Tensor& m, LayerOptions options) : Layer(options) { add("delta", at::zeros(m.sizes(), like(m))); }
  Tensor apply(const Tensor& m) const override { return at::add(m, value(0), options_.sigma); }
};

}  // namespace

void Layer::add(std::string_view name, const Tensor& start) {
  parameters_.push_back({name, start.detach().set_requires_grad(true)});
}

std::vector<Parameter> Layer::values() const {
  std::vector<Parameter> values;
  for (const auto& [name, value] : parameters_) values.push_back({name, value.detach().clone()});
  return values;
}

void Layer::set_values(const std::vector<Parameter>& values) {
  assert(values.size() == parameters_.size());
  for (std::size_t i = 0; i < values.size(); ++i) parameters_[i].value.detach().copy_(values[i].value);
}

std::unique_ptr<Layer> make_layer(LayerType type, const Tensor& m, LayerOptions options) {
  const at::NoGradGuard no_grad;
  switch (type) {
    case LayerType::sb:
      return std::make_unique<ScaleBias>(m, options);
    case LayerType::bmsb:
      return std::make_unique<BiasMapScaleBias>(m, options);
    case LayerType::bmsbm:
      return std::make_unique<BiasMapScaleBiasMerged>(m, options);
    case LayerType::bmconv:
      return std::make_unique<BiasMapConv>(m, options);
    case LayerType::rgb:
      return std::make_unique<AdditiveMap>(m, options);
    case LayerType::none:
      break;
  }
  assert(false && "no layer of type none");
  return nullptr;
}

}  // namespace gbrs
