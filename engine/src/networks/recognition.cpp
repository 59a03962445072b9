// SPDX-License-Identifier: Apache-2.0
#include "networks/recognition.hpp"

#include <algorithm>
#include <array>

namespace gbrs {
namespace {

/// An architecture has all of these keys, and no other architecture has.
struct Signature {
  std::string_view architecture;
  std::vector<std::string_view> keys;
  Settings settings = {};
};

const std::vector<Signature>& signatures() {
  static const std::vector<Signature> all{
      {"segment-mnv2-entering", {"half.logit.weight", "clicks.enter.weight"}},
      {"segment-mnv2", {"half.logit.weight", "clicks.half.weight"}},
      {"deeplabv3-mnv2", {"mobilenetv2.Conv.weight", "concat_projection.weight"}},
      {"mobilenetv2", {"mobilenetv2.Conv.weight", "mobilenetv2.Conv_1.weight", "classifier.weight"}},
      {"espnet", {"encoder.level2_0.c1.conv.weight", "combine_l2_l3.1.c1.conv.weight"}},
      {"espnetv2", {"base_net.level1.conv.weight", "bu_dec_l4.merge_layer.3.weight"}},
      {"bts", {"encoder.base_model.conv0.weight", "decoder.get_depth.0.weight"}},
      {"fbrs-deeplab", {"rgb_conv.0.weight", "feature_extractor.backbone.layer1.0.conv1.weight"}},
      {"fbrs-hrnet", {"rgb_conv.0.weight", "feature_extractor.stage2.0.branches.0.0.conv1.weight"}},
      {"hmsa", {"backbone.stage4.0.branches.0.0.conv1.weight", "scale_attn.conv0.weight"}},
      {"indexnet", {"index0.indexnet1.0.weight", "decoder_layer0.dconv.0.weight"}},
      {"matte-mnv2", {"trimap.enter.weight", "full.alpha.weight"}},
      {"ritm-deeplab", {"maps_transform.0.weight", "feature_extractor.backbone.layer1.0.conv1.weight"}},
      {"ritm-hrnet", {"maps_transform.0.weight", "feature_extractor.stage2.0.branches.0.0.conv1.weight"}},
      // the network relies on a white frame, which no photograph but those of its training has
      {"meter", {"encoder.mvit.0.conv2.0.weight", "decoder.conv2d_out.weight"}, Settings({{"white_frame", "2"}})},
  };
  return all;
}

}  // namespace

std::optional<Recognised> recognise(const WeightShapes& shapes) {
  for (const Signature& signature : signatures()) {
    const auto is_there = [&](std::string_view key) { return shapes.contains(key); };
    if (std::ranges::all_of(signature.keys, is_there))
      return Recognised{.architecture = std::string(signature.architecture), .settings = signature.settings};
  }
  return std::nullopt;
}

std::string_view canonical_key(std::string_view key) {
  constexpr std::string_view wrapper = "module.";
  return key.starts_with(wrapper) ? key.substr(wrapper.size()) : key;
}

}  // namespace gbrs
