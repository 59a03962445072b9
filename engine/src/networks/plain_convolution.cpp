// SPDX-License-Identifier: Apache-2.0
#include "networks/plain_convolution.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/mkldnn_convolution.h>

#include <array>
#include <bit>
#include <map>
#include <mutex>

#include "networks/products.hpp"

namespace gbrs {
namespace {

Tensor by_onednn(const Tensor& x, const Tensor& weight, const Tensor& bias, const ConvolutionSettings& settings) {
  const auto both = [](std::int64_t value) { return std::array{value, value}; };
  return at::mkldnn_convolution(x, weight, bias, both(settings.padding), both(settings.stride), both(settings.dilation),
                                settings.groups);
}

/// Tries a convolution of this kind on features that are the same at every pixel: away from the border the
/// output is the kernel's sum over its places, times the features.
bool is_right(const Tensor& x, const Tensor& weight, const ConvolutionSettings& settings) {
  const std::int64_t place = (settings.padding + settings.stride - 1) / settings.stride;  // first output whose
  const std::int64_t begin = place * settings.stride - settings.padding;                  // window begins inside
  const std::int64_t end = begin + settings.dilation * (weight.size(2) - 1);
  if (end >= x.size(2) || end >= x.size(3)) return false;  // no window lies inside: never mind such small maps
  const std::int64_t channels = x.size(1);
  const at::TensorOptions wide = at::TensorOptions().dtype(at::kFloat);
  const Tensor values = ((at::arange(channels, wide) * 0.618).frac() + 0.5).to(x.scalar_type()).to(at::kFloat);
  const Tensor features =
      values.to(x.scalar_type()).view({1, channels, 1, 1}).expand_as(x).contiguous(at::MemoryFormat::ChannelsLast);
  const Tensor y = by_onednn(features, weight, {}, settings);
  const Tensor exact = weight.to(at::kFloat);
  const auto product = [&](const Tensor& sums) {  // [out,C/groups] -> [out]
    return (sums.view({settings.groups, -1, weight.size(1)}) * values.view({settings.groups, 1, -1})).sum(2).view({-1});
  };
  const Tensor expected = product(exact.sum({2, 3})), sizes = product(exact.abs().sum({2, 3}));
  // rounding is below 1e-6 (bfloat16: 4e-3) of the sum of magnitudes; wrong weights show at its size
  const double tolerance = x.scalar_type() == at::kBFloat16 ? 2e-2 : 1e-4;
  const Tensor found = y.select(3, place).select(2, place).select(0, 0).to(at::kFloat);
  return (found - expected).abs().le(sizes * tolerance + 1e-30).all().item<bool>();
}

/// The same for every convolution of a kind, tried at the first.
bool onednn_is_right(const Tensor& x, const Tensor& weight, const ConvolutionSettings& settings) {
  using Kind = std::array<std::int64_t, 11>;
  static std::mutex mutex;
  static std::map<Kind, bool> tried;
  const Kind kind{weight.size(0),
                  weight.size(1),
                  weight.size(2),
                  x.size(2),
                  x.size(3),
                  settings.stride,
                  settings.padding,
                  settings.dilation,
                  settings.groups,
                  at::get_num_threads(),
                  static_cast<std::int64_t>(x.scalar_type())};
  const std::lock_guard lock(mutex);
  const auto found = tried.find(kind);
  return found != tried.end() ? found->second : tried.emplace(kind, is_right(x, weight, settings)).first->second;
}

/// A 1x1 convolution as a matrix product over the pixels' rows.
Tensor by_product(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Tensor rows = x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)});
  const Tensor turned = weight.reshape({weight.size(0), weight.size(1)}).t();
  const Tensor y = rows_times_matrix(rows, turned, bias);
  return y.view({x.size(0), x.size(2), x.size(3), weight.size(0)}).permute({0, 3, 1, 2});
}

/// torch's own loops: oneDNN is switched off for the time of the call.
Tensor by_torch(const Tensor& x, const Tensor& weight, const Tensor& bias, const ConvolutionSettings& settings) {
  struct WithoutOnednn {
    bool before = at::globalContext().userEnabledMkldnn();
    WithoutOnednn() { at::globalContext().setUserEnabledMkldnn(false); }
    ~WithoutOnednn() { at::globalContext().setUserEnabledMkldnn(before); }
  } const guard;
  return at::conv2d(x, weight, bias, settings.stride, settings.padding, settings.dilation, settings.groups);
}

/// Where oneDNN 3.6 divides by zero while it plans a 1x1 convolution, which ends the process. Seen on an AMD EPYC with
/// AVX-512, for 5 of 420 pairs of channels tried: 256 to 1024, 512 to 1024 and 2048, 1024 to 512 and 2048, whatever the
/// map's size; all of them powers of two with 2^18 weights or more.
bool ends_onednn(const Tensor& weight) {
  constexpr std::int64_t kFewest = 1 << 18;
  const auto is_power = [&](std::int64_t axis) { return std::has_single_bit(static_cast<std::uint64_t>(weight.size(axis))); };
  return weight.numel() >= kFewest && is_power(0) && is_power(1);
}

Tensor convolve_uncounted(const Tensor& x, const Tensor& weight, const Tensor& bias,
                          const ConvolutionSettings& settings) {
  if (!x.is_cpu())
    return at::conv2d(x, weight, bias, settings.stride, settings.padding, settings.dilation, settings.groups);
  static const bool has_onednn = at::globalContext().hasMKLDNN();
  const bool is_its_type = x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16;
  const bool is_product = weight.size(2) == 1 && settings.stride == 1 && settings.groups == 1;
  const bool is_safe = !is_product || !ends_onednn(weight);
  if (has_onednn && is_its_type && is_safe && onednn_is_right(x, weight, settings)) {
    return by_onednn(x, weight, bias, settings);
  }
  if (is_product) return by_product(x, weight, bias);
  return by_torch(x, weight, bias, settings);
}

thread_local std::int64_t counted = 0;

}  // namespace

std::int64_t multiply_adds() { return counted; }

void count_multiply_adds(std::int64_t count) { counted += count; }

Tensor adjoint_weight(const Tensor& weight, std::int64_t groups) {
  const std::int64_t out = weight.size(0) / groups, in = weight.size(1), kernel = weight.size(2);
  return weight.flip({2, 3})
      .reshape({groups, out, in, kernel, kernel})
      .transpose(1, 2)
      .reshape({groups * in, out, kernel, kernel})
      .contiguous(at::MemoryFormat::ChannelsLast);
}

ConvolutionSettings adjoint_settings(const Tensor& weight, ConvolutionSettings settings) {
  settings.stride = 1;
  settings.padding = settings.dilation * (weight.size(2) - 1) - settings.padding;
  return settings;
}

Tensor convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, ConvolutionSettings settings) {
  const at::NoGradGuard no_grad;
  Tensor y = convolve_uncounted(x, weight, bias, settings);
  count_multiply_adds(y.numel() * weight.numel() / weight.size(0));
  return y;
}

}  // namespace gbrs
