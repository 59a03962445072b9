// SPDX-License-Identifier: Apache-2.0
#include "networks/learning_convolution.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/hardtanh_backward.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "networks/convolution_by_products.hpp"

namespace gbrs {
namespace {

using torch::autograd::variable_list;

Tensor forward_by_torch(const Tensor& x, const Tensor& weight, const Tensor& bias,
                        const ConvolutionSettings& settings) {
  return at::conv2d(x, weight, bias, settings.stride, settings.padding, settings.dilation, settings.groups);
}

/// Gradients of [x, weight, bias]: of x alone, or of the others.
std::tuple<Tensor, Tensor, Tensor> backward_by_torch(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                                                     const ConvolutionSettings& settings, bool of_x) {
  const auto both = [](std::int64_t value) { return std::array{value, value}; };
  const std::array<std::int64_t, 1> bias_sizes{weight.size(0)};
  return at::convolution_backward(gradient, x, weight, at::OptionalIntArrayRef(bias_sizes), both(settings.stride),
                                  both(settings.padding), both(settings.dilation), /*transposed=*/false, both(0),
                                  settings.groups, {of_x, !of_x, !of_x});
}

WeightGradients weight_gradients_by_torch(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                                          const ConvolutionSettings& settings) {
  auto [none, of_weight, of_bias] = backward_by_torch(gradient, x, weight, settings, false);
  return {of_weight, of_bias};
}

Tensor exact(const Tensor& tensor) { return tensor.to(tensor.scalar_type() == at::kDouble ? at::kDouble : at::kFloat); }

Tensor forward_exactly(const Tensor& x, const Tensor& weight, const Tensor& bias, const ConvolutionSettings& settings) {
  Tensor y = convolve_by_products(exact(x), exact(weight), settings);
  if (bias.defined()) y.add_(exact(bias).view({1, -1, 1, 1}));
  return y.to(x.scalar_type());
}

WeightGradients weight_gradients_exactly(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                                         const ConvolutionSettings& settings) {
  const auto result = weight_gradients_by_products(exact(gradient), exact(x), exact(weight), settings);
  return {result.weight.to(x.scalar_type()), result.bias.to(x.scalar_type())};
}

/// What is tried: each part of a kind of convolution may be right where another is wrong.
enum class Part { forward, of_x, of_weight };

Tensor random_like(const Tensor& tensor, std::uint64_t seed) {
  auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  return (at::rand(tensor.sizes(), generator, at::TensorOptions().dtype(at::kFloat)) - 0.5)
      .to(tensor.scalar_type())
      .contiguous(at::MemoryFormat::ChannelsLast);
}

bool is_close(const Tensor& found, const Tensor& expected) {
  // rounding is 2e-3 (bfloat16) and 1e-6 of the norm; wrong channels show at its size
  const double tolerance = found.scalar_type() == at::kBFloat16 ? 2e-2 : 1e-4;
  const Tensor wanted = expected.to(at::kDouble);
  const double difference = (found.to(at::kDouble) - wanted).norm().item<double>();
  return difference <= tolerance * wanted.norm().item<double>();
}

/// `y`: anything of the output's shape and type.
bool is_right(Part part, const Tensor& x, const Tensor& weight, const ConvolutionSettings& settings, const Tensor& y) {
  const Tensor input = random_like(x, 1), kernel = random_like(weight, 2);
  if (part == Part::forward)
    return is_close(forward_by_torch(input, kernel, {}, settings), forward_exactly(input, kernel, {}, settings));
  const Tensor gradient = random_like(y, 3);
  if (part == Part::of_x) {
    const Tensor found = std::get<0>(backward_by_torch(gradient, input, kernel, settings, true));
    return is_close(found, x_gradient_by_products(exact(gradient), exact(input), exact(kernel), settings));
  }
  const auto found = weight_gradients_by_torch(gradient, input, kernel, settings);
  const auto expected = weight_gradients_exactly(gradient, input, kernel, settings);
  return is_close(found.weight, expected.weight) && is_close(found.bias, expected.bias);
}

class Trials {
 public:
  bool verdict(Part part, const Tensor& x, const Tensor& weight, const ConvolutionSettings& settings,
               const Tensor& y = {}) {
    const Kind kind{static_cast<std::int64_t>(part),
                    x.size(0),
                    x.size(1),
                    x.size(2),
                    x.size(3),
                    weight.size(0),
                    weight.size(2),
                    settings.stride,
                    settings.dilation,
                    settings.groups,
                    static_cast<std::int64_t>(x.scalar_type()),
                    at::get_num_threads()};
    const std::lock_guard lock(mutex_);
    const auto found = verdicts_.find(kind);
    return found != verdicts_.end() ? found->second
                                    : verdicts_.emplace(kind, is_right(part, x, weight, settings, y)).first->second;
  }
  ConvolutionTrials count() {
    const std::lock_guard lock(mutex_);
    ConvolutionTrials trials;
    for (const auto& [kind, is_right] : verdicts_) {
      const bool is_forward = kind[0] == static_cast<std::int64_t>(Part::forward);
      ++(is_forward ? trials.forward : trials.gradients);
      if (!is_right) ++(is_forward ? trials.wrong_forward : trials.wrong_gradients);
    }
    return trials;
  }

 private:
  using Kind = std::array<std::int64_t, 12>;
  std::mutex mutex_;
  std::map<Kind, bool> verdicts_;
};

Trials& trials() {
  static Trials all;
  return all;
}

Tensor right_forward(const Tensor& x, const Tensor& weight, const Tensor& bias, const ConvolutionSettings& settings) {
  const bool is_fast = trials().verdict(Part::forward, x, weight, settings);
  return (is_fast ? forward_by_torch : forward_exactly)(x, weight, bias, settings);
}

/// The adjoint of a convolution is the convolution with the kernel turned by 180 degrees, inputs and outputs exchanged,
/// of the gradient with zeros between its values where the stride left inputs out.
Tensor gradient_of_x_by_adjoint(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                                const ConvolutionSettings& settings) {
  // one output: every input's gradient is the output's times a number, and convolutions are slow at that shape
  if (weight.size(0) == 1 && weight.size(2) == 1 && settings.stride == 1)
    return (gradient * weight).contiguous(at::MemoryFormat::ChannelsLast);
  Tensor spread = gradient;
  if (settings.stride != 1) {
    const std::int64_t shorter = settings.dilation * (weight.size(2) - 1) - 2 * settings.padding;  // by so much
    spread = at::zeros({x.size(0), weight.size(0), x.size(2) - shorter, x.size(3) - shorter},
                       x.options().memory_format(at::MemoryFormat::ChannelsLast));
    spread.slice(2, 0, std::nullopt, settings.stride).slice(3, 0, std::nullopt, settings.stride).copy_(gradient);
  }
  return right_forward(spread, adjoint_weight(weight, settings.groups), {}, adjoint_settings(weight, settings));
}

Tensor right_gradient_of_x(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                           const ConvolutionSettings& settings) {
  if (trials().verdict(Part::of_x, x, weight, settings, gradient))
    return std::get<0>(backward_by_torch(gradient, x, weight, settings, true));
  return gradient_of_x_by_adjoint(gradient, x, weight, settings);
}

WeightGradients right_weight_gradients(const Tensor& gradient, const Tensor& x, const Tensor& weight,
                                       const ConvolutionSettings& settings) {
  const bool is_fast = trials().verdict(Part::of_weight, x, weight, settings, gradient);
  return (is_fast ? weight_gradients_by_torch : weight_gradients_exactly)(gradient, x, weight, settings);
}

/// Gradients for [x, weight, bias, addend]. The activations' derivatives are read off their outputs.
class LearningConvolution final : public torch::autograd::Node {
 public:
  LearningConvolution(const Convolution& layer, const Tensor& x, const Tensor& y)
      : settings_(layer.settings()),
        activation_(layer.activation),
        x_(x.detach()),
        weight_(layer.weight.detach()),
        y_(y.detach()) {}

  variable_list apply(variable_list&& gradients) override {
    const at::NoGradGuard no_grad;
    Tensor gradient = gradients[0];
    if (!gradient.defined()) return variable_list(4);
    if (activation_ == Activation::relu6) gradient = at::hardtanh_backward(gradient, y_, 0, 6);
    if (activation_ == Activation::relu) gradient = at::threshold_backward(gradient, y_, 0);
    gradient = gradient.contiguous(at::MemoryFormat::ChannelsLast);
    const Tensor of_x =
        task_should_compute_output(0) ? right_gradient_of_x(gradient, x_, weight_, settings_) : Tensor();
    if (!task_should_compute_output(1)) return {of_x, Tensor(), Tensor(), gradient};
    const WeightGradients own = right_weight_gradients(gradient, x_, weight_, settings_);
    return {of_x, own.weight, own.bias, gradient};
  }

  void release_variables() override {
    x_.reset();
    weight_.reset();
    y_.reset();
  }

 private:
  ConvolutionSettings settings_;
  Activation activation_;
  Tensor x_, weight_, y_;  // without history, else it would own its own owner
};

}  // namespace

Tensor learning_convolution(const Convolution& layer, const Tensor& x, const Tensor& addend) {
  Tensor y;
  {
    const at::NoGradGuard no_grad;
    y = right_forward(x, layer.weight, layer.bias, layer.settings());
    if (addend.defined()) y.add_(addend);
    if (layer.activation == Activation::relu) y.relu_();
    if (layer.activation == Activation::relu6) y.clamp_(0, 6);
  }
  const std::shared_ptr<LearningConvolution> node(new LearningConvolution(layer, x, y), torch::autograd::deleteNode);
  node->set_next_edges(torch::autograd::collect_next_edges(x, layer.weight, layer.bias, addend));
  torch::autograd::set_history(y, node);
  return y;
}

ConvolutionTrials convolution_trials() { return trials().count(); }

}  // namespace gbrs
