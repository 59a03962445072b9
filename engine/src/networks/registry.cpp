// SPDX-License-Identifier: Apache-2.0
#include "networks/registry.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "networks/segment_mnv2.hpp"

namespace gbrs {
namespace {

struct Entry {
  std::string_view architecture;
  std::unique_ptr<Network> (*make)(std::string_view architecture, Weights weights);
};

template <class T>
std::unique_ptr<Network> make(std::string_view architecture, Weights weights) {
  return std::make_unique<T>(architecture, std::move(weights));
}

constexpr std::array kNetworks{
    Entry{SegmentMnv2::kLate, make<SegmentMnv2>},
    Entry{SegmentMnv2::kEntering, make<SegmentMnv2>},
};

}  // namespace

bool has_network(std::string_view architecture) {
  return std::ranges::find(kNetworks, architecture, &Entry::architecture) != kNetworks.end();
}

std::unique_ptr<Network> make_network(std::string_view architecture, Weights weights) {
  const auto entry = std::ranges::find(kNetworks, architecture, &Entry::architecture);
  if (entry == kNetworks.end()) throw std::invalid_argument("no architecture " + std::string(architecture));
  return entry->make(architecture, std::move(weights));
}

}  // namespace gbrs
