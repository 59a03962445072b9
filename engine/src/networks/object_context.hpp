// SPDX-License-Identifier: Apache-2.0
#pragma once

// Object-contextual representations (Yuan et al., OCR): a coarse answer gathers one feature for each class, and every
// pixel attends to these.

#include <string>

#include "networks/batch_norm.hpp"

namespace gbrs {

class ObjectContext {
 public:
  /// PREFIX.object_context_block and PREFIX.conv_bn_dropout, for features of `channels`.
  ObjectContext(Weights& weights, const std::string& prefix, std::int64_t channels);

  struct Result {
    Tensor context;   ///< the classes' features [B,C,K,1]
    Tensor attended;  ///< what the pixels attend to [B,C,h,w], behind f_up
    Tensor features;  ///< joined with the pixels' own [B,C,h,w]
  };
  /// features [B,C,h,w], coarse logits [B,K,h,w].
  [[nodiscard]] Result operator()(const Tensor& features, const Tensor& coarse) const;

 private:
  [[nodiscard]] Tensor attended(const Tensor& features, const Tensor& context) const;

  Convolution pixel_0_, pixel_1_, object_0_, object_1_, down_, up_, join_;
};

}  // namespace gbrs
