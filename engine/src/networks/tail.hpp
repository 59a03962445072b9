// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network's tail as a chain of parts between sites:
//
//   feature of site 0 -> part 0 -> feature of site 1 -> part 1 -> ... -> last part -> answer
//
// encode computes the features of all sites once. decode begins at the first site where something is inserted, so a
// network may offer early sites without making the late ones slow.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "layers/insertions.hpp"
#include "layers/tensor.hpp"

namespace gbrs {

/// The features of all `count` sites; part(i, x) gives what comes behind site i.
template <class Part>
[[nodiscard]] std::vector<Tensor> site_features(Tensor first, std::size_t count, const Part& part) {
  std::vector<Tensor> features{std::move(first)};
  while (features.size() < count) features.push_back(part(features.size() - 1, features.back()));
  return features;
}

/// The answer, with the insertions at the sites.
template <class Part>
[[nodiscard]] Tensor run_tail(std::span<const std::string_view> sites, const std::vector<Tensor>& features,
                              Insertions& insertions, const Part& part) {
  Tensor feature;  // undefined: that of encode still holds
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const Tensor& m = feature.defined() ? feature : features[i];
    const Tensor passed = insertions.pass(sites[i], m);
    if (feature.defined() || !passed.is_same(m) || i + 1 == sites.size()) feature = part(i, passed);
  }
  return feature;
}

/// Their names, as Network::sites() wants them.
[[nodiscard]] inline std::vector<std::string> names_of(std::span<const std::string_view> sites) {
  return {sites.begin(), sites.end()};
}

}  // namespace gbrs
