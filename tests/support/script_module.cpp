// SPDX-License-Identifier: Apache-2.0
#include "support/script_module.hpp"

#include <ATen/ops/arange.h>
#include <torch/csrc/jit/api/module.h>

namespace gbrs::test {

Tensor script_weights(std::int64_t out, std::int64_t in) {
  return at::arange(out * in * 9, at::kFloat).mul(0.7).sin().mul(0.3).view({out, in, 3, 3});
}

void write_script(const std::filesystem::path& file, const std::string& methods, int answers, int colours) {
  torch::jit::Module module("tiny");
  module.register_parameter("enter", script_weights(8, colours), /*is_buffer=*/false);
  module.register_parameter("leave", script_weights(answers, 8), /*is_buffer=*/false);
  module.define(methods);
  module.save(file.string());
}

}  // namespace gbrs::test
