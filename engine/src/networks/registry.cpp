// SPDX-License-Identifier: Apache-2.0
#include "networks/registry.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "networks/bts.hpp"
#include "networks/click_deeplab.hpp"
#include "networks/click_hrnet.hpp"
#include "networks/deeplabv3_mnv2.hpp"
#include "networks/espnet.hpp"
#include "networks/espnetv2.hpp"
#include "networks/hmsa.hpp"
#include "networks/indexnet.hpp"
#include "networks/matte_mnv2.hpp"
#include "networks/meter.hpp"
#include "networks/mobilenetv2_classifier.hpp"
#include "networks/segment_mnv2.hpp"

namespace gbrs {
namespace {

struct Entry {
  std::string_view architecture;
  std::unique_ptr<Network> (*make)(std::string_view architecture, Weights weights, const Settings& settings);
};

template <class T>
std::unique_ptr<Network> make(std::string_view architecture, Weights weights, const Settings& settings) {
  if constexpr (std::is_constructible_v<T, std::string_view, Weights>) {
    return std::make_unique<T>(architecture, std::move(weights));
  } else {
    return std::make_unique<T>(std::move(weights), settings);
  }
}

constexpr std::array kNetworks{
    Entry{Bts::kName, make<Bts>},
    Entry{ClickDeepLab::kFbrs, make<ClickDeepLab>},
    Entry{ClickDeepLab::kRitm, make<ClickDeepLab>},
    Entry{ClickHrnet::kFbrs, make<ClickHrnet>},
    Entry{ClickHrnet::kRitm, make<ClickHrnet>},
    Entry{DeepLabV3Mnv2::kName, make<DeepLabV3Mnv2>},
    Entry{Espnet::kName, make<Espnet>},
    Entry{Espnetv2::kName, make<Espnetv2>},
    Entry{Hmsa::kName, make<Hmsa>},
    Entry{IndexNet::kName, make<IndexNet>},
    Entry{MatteMnv2::kName, make<MatteMnv2>},
    Entry{Meter::kName, make<Meter>},
    Entry{MobileNetV2Classifier::kName, make<MobileNetV2Classifier>},
    Entry{SegmentMnv2::kLate, make<SegmentMnv2>},
    Entry{SegmentMnv2::kEntering, make<SegmentMnv2>},
};

}  // namespace

bool has_network(std::string_view architecture) {
  return std::ranges::find(kNetworks, architecture, &Entry::architecture) != kNetworks.end();
}

std::unique_ptr<Network> make_network(std::string_view architecture, Weights weights, const Settings& settings) {
  const auto entry = std::ranges::find(kNetworks, architecture, &Entry::architecture);
  if (entry == kNetworks.end()) throw std::invalid_argument("no architecture " + std::string(architecture));
  return entry->make(architecture, std::move(weights), settings);
}

}  // namespace gbrs
