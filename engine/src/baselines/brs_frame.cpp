// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <stdexcept>

#include "baselines/brs_click.hpp"
#include "networks/click_network.hpp"
#include "networks/convolution.hpp"

namespace gbrs {
namespace {

/// The site of the layer that adds a map; no network has one of this name.
constexpr const char* kMap = "map";

Tensor mirrored(const Tensor& x) { return x.flip({3}).contiguous(at::MemoryFormat::ChannelsLast); }

std::vector<PromptClick> mirrored(std::vector<PromptClick> clicks, std::int64_t width) {
  for (PromptClick& click : clicks) click.u = static_cast<double>(width - 1) - click.u;
  return clicks;
}

const ClickNetwork& with_maps(const Network& network) {
  if (const auto* clicked = dynamic_cast<const ClickNetwork*>(&network)) return *clicked;
  throw std::invalid_argument("the network has no maps of clicks");
}

Tensor tensor_of(std::span<const double> x, at::IntArrayRef shape, const Tensor& like) {
  const Tensor view = at::from_blob(const_cast<double*>(x.data()), shape, at::kDouble);
  return view.to(like.device(), like.scalar_type(), /*non_blocking=*/false, /*copy=*/true);
}

}  // namespace

BrsFrame::BrsFrame(const Network& network, const BrsOptions& options, Tensor input, std::vector<PromptClick> clicks,
                   const Tensor& previous)
    : network_(network), options_(options), input_(std::move(input)) {
  const at::NoGradGuard no_grad;
  clicks.resize(std::min(clicks.size(), options.encoded_clicks));
  for (std::vector<PromptClick>& own : items(clicks)) {
    const bool is_mirrored = !items_.empty();
    Item item{.input = is_mirrored ? mirrored(input_) : input_,
              .previous = is_mirrored && previous.defined() ? mirrored(previous) : previous,
              .clicks = std::move(own),
              .encoded = nullptr,
              .conditioned = nullptr,
              .is_mirrored = is_mirrored};
    if (options.kind != BrsKind::rgb) item.encoded = network.encode_input(item.input);
    if (options.kind == BrsKind::none || options.kind == BrsKind::features)
      item.conditioned = network.condition(*item.encoded, {.clicks = item.clicks, .previous = item.previous});
    items_.push_back(std::move(item));
  }
  if (options.kind == BrsKind::none) return;
  Insertions layer = unset_layer();
  if (options.kind == BrsKind::features) {
    (void)network.decode(*items_.front().conditioned, layer);
  } else {
    const std::int64_t planes = options.kind == BrsKind::rgb ? input_.size(1) : 2;
    (void)layer.pass(kMap, at::zeros({1, planes, height(), width()}, input_.options()));
  }
  identity_ = layer.values();
  if (identity_.empty() || identity_.front().values.empty())
    throw std::invalid_argument("the network has no site " + options.site);
}

std::vector<std::vector<PromptClick>> BrsFrame::items(const std::vector<PromptClick>& clicks) const {
  std::vector<std::vector<PromptClick>> result{clicks};
  if (options_.has_flip) result.push_back(mirrored(clicks, width()));
  return result;
}

std::size_t BrsFrame::variables() const {
  std::int64_t count = 0;
  for (const SiteValues& site : identity_)
    for (const Parameter& parameter : site.values) count += parameter.value.numel();
  return static_cast<std::size_t>(count);
}

Insertions BrsFrame::unset_layer() const {
  if (options_.kind == BrsKind::none) return Insertions({.type = LayerType::none, .sites = {}});
  if (options_.kind == BrsKind::features) return Insertions({.type = LayerType::sb, .sites = {options_.site}});
  return Insertions({.type = LayerType::rgb, .sites = {kMap}});
}

Insertions BrsFrame::layer(std::span<const double> x) const {
  Insertions layer = unset_layer();
  std::vector<SiteValues> values = identity_;
  for (SiteValues& site : values) {
    for (Parameter& parameter : site.values) {
      const auto count = static_cast<std::size_t>(parameter.value.numel());
      parameter.value = parameter.value + tensor_of(x.first(count), parameter.value.sizes(), input_);
      x = x.subspan(count);
    }
  }
  layer.set_values(values);
  return layer;
}

std::vector<double> BrsFrame::values(const Insertions& layer) const {
  const at::NoGradGuard no_grad;
  std::vector<double> x;
  const std::vector<SiteValues> values = layer.values();
  for (std::size_t site = 0; site < values.size(); ++site) {
    for (std::size_t i = 0; i < values[site].values.size(); ++i) {
      const Tensor change =
          (values[site].values[i].value - identity_[site].values[i].value).to(at::kCPU, at::kDouble).contiguous();
      x.insert(x.end(), change.const_data_ptr<double>(), change.const_data_ptr<double>() + change.numel());
    }
  }
  return x;
}

Tensor BrsFrame::logits(Insertions& layer) const {
  std::vector<Tensor> all;
  for (const Item& item : items_) all.push_back(logits(item, layer));
  return at::cat(all, 0);
}

Tensor BrsFrame::changed(const Item& item, const Tensor& map, Insertions& layer) const {
  if (!item.is_mirrored) return layer.pass(kMap, map);
  return layer.pass(kMap, map.flip({3})).flip({3});
}

Tensor BrsFrame::logits(const Item& item, Insertions& layer) const {
  const Prompt prompt{.clicks = item.clicks, .previous = item.previous};
  const auto decoded = [&](const Conditioned& conditioned) {
    return upsample(network_.decode(conditioned, layer), height(), width());
  };
  if (options_.kind == BrsKind::rgb)
    return decoded(*network_.condition(*network_.encode_input(changed(item, item.input, layer)), prompt));
  if (options_.kind == BrsKind::distmap) {
    const ClickNetwork& network = with_maps(network_);
    const Tensor maps = changed(item, network.click_maps(*item.encoded, item.clicks), layer);
    return decoded(*network.condition_maps(*item.encoded, maps, item.previous));
  }
  return decoded(*item.conditioned);
}

Tensor flip_average(const Tensor& logits) {
  if (logits.size(0) == 1) return logits;
  return (logits.slice(0, 0, 1) + logits.slice(0, 1, 2).flip({3})) * 0.5;
}

}  // namespace gbrs
