// SPDX-License-Identifier: Apache-2.0
#include "objectives/start.hpp"

#include <ATen/ops/where.h>

#include <cmath>

#include "objectives/sampling.hpp"

namespace gbrs {

Start::Start(const Tensor& own, const Tensor& given, bool fits_scale) : own_(own.detach()) {
  const Tensor known = given.isnan().logical_not();
  const double count = known.sum().item<double>();
  const auto mean = [&](const Tensor& map) {
    return count > 0 ? at::where(known, map, 0).to(at::kDouble).sum().item<double>() / count : 0.0;
  };
  const double own_mean = mean(own_);
  const double given_mean = mean(given);
  if (fits_scale) {
    const Tensor deviation = own_ - own_mean;
    const double scale = mean(deviation * (given - given_mean)) / mean(deviation * deviation);
    if (std::isfinite(scale) && scale != 0) scale_ = scale;
  }
  const double shift = count > 0 ? given_mean - scale_ * own_mean : 0.0;
  given_ = at::where(known, given, scale_ * own_ + shift);
}

double Start::to_network(const GridClick& click) const {
  const double given = sample_at(given_, click).item<double>();
  return sample_at(own_, click).item<double>() + (click.target - given) / scale_;
}

double Start::at(const Tensor& answer, const GridClick& place) const {
  return (sample_at(given_, place) + sample_at(change(answer), place)).item<double>();
}

}  // namespace gbrs
