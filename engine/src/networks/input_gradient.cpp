// SPDX-License-Identifier: Apache-2.0
#include "networks/input_gradient.hpp"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <memory>
#include <utility>

namespace gbrs {
namespace {

using torch::autograd::variable_list;

class InputGradient final : public torch::autograd::Node {
 public:
  explicit InputGradient(std::function<Tensor(const Tensor&)> backward) : backward_(std::move(backward)) {}

  variable_list apply(variable_list&& gradients) override {
    const at::NoGradGuard no_grad;
    if (!gradients[0].defined()) return {Tensor()};
    return {backward_(gradients[0])};
  }

 private:
  std::function<Tensor(const Tensor&)> backward_;
};

}  // namespace

bool wants_gradient(const Tensor& x) { return at::GradMode::is_enabled() && x.requires_grad(); }

void set_input_gradient(const Tensor& y, const Tensor& x, std::function<Tensor(const Tensor&)> backward) {
  const std::shared_ptr<InputGradient> node(new InputGradient(std::move(backward)), torch::autograd::deleteNode);
  node->set_next_edges(torch::autograd::collect_next_edges(x));
  torch::autograd::set_history(y, node);
}

}  // namespace gbrs
