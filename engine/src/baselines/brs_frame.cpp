// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <stdexcept>

#include "baselines/brs_click.hpp"
#include "networks/click_network.hpp"
#include "networks/convolution.hpp"

namespace gbrs {
namespace {

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
  if (options.kind != BrsKind::features) return;
  Insertions layer({.type = LayerType::sb, .sites = {options.site}});
  (void)network.decode(*items_.front().conditioned, layer);
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
  const auto pixels = static_cast<std::size_t>(height() * width());
  switch (options_.kind) {
    case BrsKind::none:
      return 0;
    case BrsKind::rgb:
      return static_cast<std::size_t>(input_.size(1)) * pixels;
    case BrsKind::distmap:
      return 2 * pixels;
    case BrsKind::features:
      return 2 * static_cast<std::size_t>(identity_.front().shape[1]);
  }
  return 0;
}

BrsFrame::Answer BrsFrame::answer(std::span<const double> x) const {
  Answer answer;
  Tensor map;
  Insertions layer({.type = options_.kind == BrsKind::features ? LayerType::sb : LayerType::none,
                    .sites = {options_.site}});
  if (options_.kind == BrsKind::features) {
    const std::size_t channels = x.size() / 2;
    const auto count = static_cast<std::int64_t>(channels);
    std::vector<SiteValues> values = identity_;
    values.front().values[0].value = tensor_of(x.first(channels), {count}, input_) + 1;
    values.front().values[1].value = tensor_of(x.subspan(channels), {count}, input_);
    layer.set_values(values);
    answer.variables = layer.parameters();
  } else if (options_.kind != BrsKind::none) {
    const std::int64_t planes = options_.kind == BrsKind::rgb ? input_.size(1) : 2;
    map = tensor_of(x, {1, planes, height(), width()}, input_).set_requires_grad(true);
    answer.variables = {map};
  }
  std::vector<Tensor> all;
  for (const Item& item : items_) all.push_back(logits(item, map, layer));
  answer.logits = at::cat(all, 0);
  return answer;
}

Tensor BrsFrame::logits(const Item& item, const Tensor& map, Insertions& layer) const {
  const Prompt prompt{.clicks = item.clicks, .previous = item.previous};
  const Tensor change = map.defined() && item.is_mirrored ? map.flip({3}) : map;
  const auto decoded = [&](const Conditioned& conditioned) {
    return upsample(network_.decode(conditioned, layer), height(), width());
  };
  if (options_.kind == BrsKind::rgb)
    return decoded(*network_.condition(*network_.encode_input(item.input + change), prompt));
  if (options_.kind == BrsKind::distmap) {
    const ClickNetwork& network = with_maps(network_);
    const Tensor maps = network.click_maps(*item.encoded, item.clicks) + change;
    return decoded(*network.condition_maps(*item.encoded, maps, item.previous));
  }
  return decoded(*item.conditioned);
}

Tensor flip_average(const Tensor& logits) {
  if (logits.size(0) == 1) return logits;
  return (logits.slice(0, 0, 1) + logits.slice(0, 1, 2).flip({3})) * 0.5;
}

}  // namespace gbrs
