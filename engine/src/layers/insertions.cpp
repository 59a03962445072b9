// SPDX-License-Identifier: Apache-2.0
#include "layers/insertions.hpp"

#include <ATen/ops/affine_grid_generator.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/grid_sampler_2d.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace gbrs {

Insertions::Insertions(InsertionOptions options) : options_(std::move(options)) {
  for (const std::string& name : options_.sites) sites_.emplace_back().name = name;
}

void Insertions::make(Site& site, const Tensor& m) const {
  const at::NoGradGuard no_grad;
  const bool has_channels = !options_.channels.empty();
  if (has_channels)
    site.channels = at::tensor(options_.channels, at::kLong).to(m.device());
  else if (options_.top_channels > 0)
    site.channels = top_channels(m, options_.top_channels);
  if (options_.is_scaled) {
    const Tensor measured = has_channels ? m.index_select(1, site.channels) : m;
    const double sigma = measured.std(/*unbiased=*/false).item<double>();
    site.sigma = std::isfinite(sigma) && sigma > 0 ? sigma : 1.0;  // constant features: nothing to scale by
  }
  site.shape = m.sizes().vec();
  site.layer = make_layer(options_.type, site.channels.defined() ? m.index_select(1, site.channels) : m,
                          {.sigma = site.sigma, .weight_mode = options_.weight_mode});
}

Tensor Insertions::pass(std::string_view name, const Tensor& m) {
  const auto site = std::ranges::find(sites_, name, &Site::name);
  if (site == sites_.end() || options_.type == LayerType::none) return m;
  if (site->layer == nullptr) make(*site, m);
  if (m.sizes() != at::IntArrayRef(site->shape)) throw std::invalid_argument("parameters of another frame");
  if (!site->channels.defined()) return site->layer->apply(m);
  return m.index_copy(1, site->channels, site->layer->apply(m.index_select(1, site->channels)));
}

std::vector<Tensor> Insertions::parameters() const {
  std::vector<Tensor> all;
  for (const Site& site : sites_) {
    if (site.layer == nullptr) continue;
    for (const Parameter& parameter : site.layer->parameters()) all.push_back(parameter.value);
  }
  return all;
}

void Insertions::project() {
  for (Site& site : sites_) {
    if (site.layer != nullptr) site.layer->project();
  }
}

std::vector<SiteValues> Insertions::values() const {
  std::vector<SiteValues> all;
  for (const Site& site : sites_) {
    if (site.layer != nullptr) all.push_back({site.name, site.sigma, site.channels, site.shape, site.layer->values()});
  }
  return all;
}

void Insertions::set_values(const std::vector<SiteValues>& values) {
  const at::NoGradGuard no_grad;
  for (const SiteValues& kept : values) {
    const auto site = std::ranges::find(sites_, kept.site, &Site::name);
    assert(site != sites_.end() && !kept.values.empty());
    if (site->layer == nullptr) {
      site->sigma = kept.sigma;
      site->channels = kept.channels;
      site->shape = kept.shape;
      std::vector<std::int64_t> shape = kept.shape;
      if (kept.channels.defined()) shape[1] = kept.channels.size(0);
      site->layer = make_layer(options_.type, at::empty(shape, kept.values.front().value.options()),
                               {.sigma = kept.sigma, .weight_mode = options_.weight_mode});
    }
    site->layer->set_values(kept.values);
  }
}

SiteValues moved(SiteValues site, const GridMotion& motion, std::int64_t height, std::int64_t width) {
  const at::NoGradGuard no_grad;
  site.shape[2] = height;
  site.shape[3] = width;
  for (Parameter& parameter : site.values) {
    if (!parameter.is_map()) continue;
    const auto options = parameter.value.options();
    std::vector<std::int64_t> shape = parameter.value.sizes().vec();
    const Tensor maps = parameter.value.reshape({1, -1, shape.end()[-2], shape.end()[-1]});
    const Tensor theta = at::tensor({motion.scale_x, 0.0, motion.shift_x, 0.0, motion.scale_y, motion.shift_y},
                                    at::TensorOptions().dtype(at::kDouble))
                             .view({1, 2, 3})
                             .to(options.device(), options.dtype().toScalarType());
    const Tensor places = at::affine_grid_generator(theta, {1, 1, height, width}, /*align_corners=*/true);
    constexpr std::int64_t bilinear = 0, zeros = 0;
    shape.end()[-2] = height;
    shape.end()[-1] = width;
    parameter.value = at::grid_sampler_2d(maps, places, bilinear, zeros, /*align_corners=*/true).view(shape);
  }
  return site;
}

Tensor top_channels(const Tensor& m, int k) {
  const auto order = std::get<1>(m.mean({0, 2, 3}).sort(/*stable=*/true, /*dim=*/0, /*descending=*/true));
  return order.slice(0, 0, std::min<std::int64_t>(k, m.size(1))).contiguous();
}

}  // namespace gbrs
