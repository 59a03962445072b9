// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolutions without gradient, by the fastest way that is right.
//
// oneDNN is the fastest on the CPU, but not always right: version 3.7.2 (Debian 13) fills the last block of
// output channels with wrong weights where their number is no multiple of the block, for example 128 -> 512
// channels 1x1 at any size on a processor with AVX-512; torch's conv2d runs into it, too, with two threads.
// So each kind of convolution (channels, kernel, size, threads) is tried once on an input whose output is
// known, and what fails is computed by a matrix product or by torch's own loops.

#include <cstdint>

#include "layers/tensor.hpp"

namespace gbrs {

struct ConvolutionSettings {
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;
};

/// Multiply-adds of all convolutions without gradient of this thread so far: what `gbrs bench` compares times with.
[[nodiscard]] std::int64_t multiply_adds();
/// convolve() counts its own; this is for what computes convolutions in another way.
void count_multiply_adds(std::int64_t count);

/// The adjoint of a convolution of stride 1 is a convolution: inputs and outputs exchanged, the kernel turned by 180
/// degrees. weight [out,C/groups,k,k] -> [C,out/groups,k,k], channels last.
[[nodiscard]] Tensor adjoint_weight(const Tensor& weight, std::int64_t groups);
/// Its settings, of stride 1.
[[nodiscard]] ConvolutionSettings adjoint_settings(const Tensor& weight, ConvolutionSettings settings);

/// x [B,C,H,W], weight [out,C/groups,k,k], bias [out] or undefined. No gradient.
[[nodiscard]] Tensor convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, ConvolutionSettings settings);

}  // namespace gbrs
