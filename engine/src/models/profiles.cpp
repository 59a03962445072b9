// SPDX-License-Identifier: Apache-2.0
#include "models/profiles.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gbrs {
namespace {

const std::vector<std::string> kVoc{"background", "aeroplane", "bicycle", "bird",  "boat",  "bottle", "bus",
                                    "car",        "cat",       "chair",   "cow",   "table", "dog",    "horse",
                                    "motorcycle", "person",    "plant",   "sheep", "sofa",  "train",  "television"};
const std::vector<std::string> kCityscapes{
    "road", "pavement", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation", "terrain",
    "sky",  "person",   "rider",    "car",  "truck", "bus",  "train",         "motorcycle",   "bicycle",    "other"};
const std::vector<std::string> kCamVid{"sky",  "building", "pole", "road",       "pavement",  "tree",
                                       "sign", "fence",    "car",  "pedestrian", "bicyclist", "unlabelled"};

const std::vector<std::string> kMapillary{
    "bird", "ground animal", "curb", "fence", "guard rail", "barrier", "wall", "bike lane", "crosswalk - plain",
    "curb cut", "parking", "pedestrian area", "rail track", "road", "service lane", "sidewalk", "bridge", "building",
    "tunnel", "person", "bicyclist", "motorcyclist", "other rider", "lane marking - crosswalk",
    "lane marking - general", "mountain", "sand", "sky", "snow", "terrain", "vegetation", "water", "banner", "bench",
    "bike rack", "billboard", "catch basin", "cctv camera", "fire hydrant", "junction box", "mailbox", "manhole",
    "phone booth", "pothole", "street light", "pole", "traffic sign frame", "utility pole", "traffic light",
    "traffic sign (back)", "traffic sign (front)", "trash can", "bicycle", "boat", "bus", "car", "caravan",
    "motorcycle", "on rails", "other vehicle", "trailer", "truck", "wheeled slow", "car mount", "ego vehicle"};

/// 0.1 / 2^k.
double rate(int k) { return 0.1 / std::exp2(k); }

/// In the order of the paper's tables: sb, bmsb, bmsb-m, bmconv, rgb.
std::map<LayerType, double> rates(int sb, int bmsb, int bmsbm, int bmconv, int rgb) {
  return {{LayerType::sb, rate(sb)},
          {LayerType::bmsb, rate(bmsb)},
          {LayerType::bmsbm, rate(bmsbm)},
          {LayerType::bmconv, rate(bmconv)},
          {LayerType::rgb, rate(rgb)}};
}

struct Entry {
  std::string_view architecture;
  Profile profile;
  /// Of the tensor whose first length is how many classes there are.
  std::string_view counted = {};
};

const std::vector<Entry>& entries() {
  const auto semantic = rates(4, 3, 3, 6, 7);
  const ConsistencySettings probabilities_of_label{.weight = 30,
                                                   .to = MethodOptions::ConsistencyTo::probabilities,
                                                   .attention = MethodOptions::Attention::label};  // docs/dense.md
  const auto clicks = rates(1, 4, 2, 9, 9);  // the paper's, for DeepLabV3+ with ResNet-101 on SBD
  const auto profile_by_clicks = [&](std::string insertion) {
    return Profile{.task = Task::segment,
                   .input = {.long_side = 480, .multiple = 8, .rest = 0},
                   .insertions = {std::move(insertion)},
                   .rates = clicks};
  };
  static const std::vector<Entry> all{
      {"deeplabv3-mnv2",
       {.task = Task::semantic,
        .input = {.long_side = 513, .multiple = 16, .rest = 1},
        .insertions = {"concat_projection"},
        .rates = rates(4, 3, 3, 7, 7)},
       "logits.semantic.weight"},
      {"espnet",
       {.task = Task::semantic,
        .input = {.long_side = 480, .multiple = 8, .rest = 0},
        .insertions = {"enc3"},
        .rates = rates(7, 7, 7, 7, 7),
        .consistency = probabilities_of_label,
        .objects = kObjectModel},
       "classifier.weight"},
      {"espnetv2",
       {.task = Task::semantic,
        .input = {.long_side = 640, .multiple = 16, .rest = 0},
        .insertions = {"bu_dec_l2"},
        .rates = semantic,
        .objects = kObjectModel},
       "bu_dec_l4.merge_layer.3.weight"},
      {"matte-mnv2",
       {.task = Task::matte,
        .input = {.long_side = 641, .multiple = 16, .rest = 1},
        .insertions = {"eighth"},
        .rates = rates(1, 4, 4, 8, 9),
        .iterations = 9}},
      {"meter",
       {.task = Task::depth,
        .input = {.long_side = 252, .multiple = 64, .rest = 60},
        .insertions = {"encoder", "ups_block_1"},
        .rates = rates(7, 7, 7, 11, 7),
        .unit = "m"}},
      {"bts",
       {.task = Task::depth,
        .input = {.long_side = 640, .multiple = 32, .rest = 0},
        .insertions = {"norm5"},
        .rates = rates(2, 3, 2, 7, 7),
        .unit = "m"}},
      {"fbrs-deeplab", profile_by_clicks("B")},
      {"fbrs-hrnet", profile_by_clicks("A")},
      {"ritm-deeplab", profile_by_clicks("B")},
      {"ritm-hrnet", profile_by_clicks("A")},
      {"hmsa",
       {.task = Task::semantic,
        .input = {.long_side = 2048, .multiple = 32, .rest = 0},
        .insertions = {"s0.5.p1", "s1.0.p1"},
        .rates = rates(3, 4, 3, 7, 8)},  // the paper's, on Cityscapes
       "ocr.cls_head.weight"},
      {"indexnet",
       {.task = Task::matte,
        .input = {.long_side = 512, .multiple = 32, .rest = 0},
        .insertions = {"index6", "index4", "index3"},
        .rates = rates(3, 6, 5, 9, 9)}},
  };
  return all;
}

std::vector<std::string> class_names(std::size_t count) {
  for (const auto* const names : {&kVoc, &kCityscapes, &kCamVid, &kMapillary})
    if (names->size() == count) return *names;
  if (count + 1 == kCityscapes.size()) return {kCityscapes.begin(), kCityscapes.end() - 1};  // without "other"
  return {};
}

}  // namespace

std::optional<Profile> profile_of(std::string_view architecture,
                                  const std::map<std::string, std::vector<std::int64_t>, std::less<>>& shapes) {
  const auto entry = std::ranges::find(entries(), architecture, &Entry::architecture);
  if (entry == entries().end()) return std::nullopt;
  Profile profile = entry->profile;
  const auto counted = shapes.find(entry->counted);
  if (counted != shapes.end() && !counted->second.empty()) {
    // a transposed convolution has its outputs second
    const std::size_t axis = architecture == "espnet" && counted->second.size() > 1 ? 1 : 0;
    profile.classes = class_names(static_cast<std::size_t>(counted->second[axis]));
  }
  return profile;
}

}  // namespace gbrs
