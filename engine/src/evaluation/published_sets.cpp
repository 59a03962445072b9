// SPDX-License-Identifier: Apache-2.0
#include "evaluation/published_sets.hpp"

#include <algorithm>
#include <set>
#include <system_error>

namespace gbrs {
namespace {

namespace fs = std::filesystem;

// As in the code of f-BRS and RITM: 128 does not count, more is the object.
constexpr const char* kGrabCut = R"({"task": "segment", "images": "data_GT", "truths": "boundary_GT",
  "object_from": 129, "ignore": 128, "coloured": true})";
constexpr const char* kImagesAndMasks = R"({"task": "segment", "object_from": 129, "ignore": 128, "coloured": true})";

// The 345 frames of f-BRS: whatever is not black is the object.
constexpr const char* kDavis = R"({"task": "segment", "images": "img", "truths": "gt",
  "object_from": 1, "coloured": true})";

// Every object of each image of the list.
std::string sbd(const std::string& folder) {
  return R"({"task": "segment", "objects": "<code>", "image_name": "*.jpg", "truth_name": "*.mat", "images": ")" +
         folder + R"(img", "truths": ")" + folder + R"(inst", "list": ")" + folder + R"(val.txt"})";
}

// The 19 classes of evaluation, by the names that imported networks give them; other ids are not evaluated, of which
// 255 is the licence plate's -1 in 8 bits.
constexpr const char* kCityscapes = R"({"task": "semantic",
  "images": "leftImg8bit/val", "image_name": "*/*_leftImg8bit.png",
  "truths": "gtFine/val", "truth_name": "*/*_gtFine_labelIds.png",
  "classes": ["road", "pavement", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation",
    "terrain", "sky", "person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle"],
  "fold": [null, null, null, null, null, null, null, 0, 1, null, null, 2, 3, 4, null, null, null, 5, null, 6, 7, 8, 9,
    10, 11, 12, 13, 14, 15, null, null, 16, 17, 18],
  "ignore": 255})";

// The 65 classes of version 1.2; 65 is unlabelled.
constexpr const char* kMapillaryClasses = R"json("classes": ["bird", "ground animal", "curb", "fence", "guard rail",
    "barrier", "wall", "bike lane", "crosswalk - plain", "curb cut", "parking", "pedestrian area", "rail track", "road",
    "service lane", "sidewalk", "bridge", "building", "tunnel", "person", "bicyclist", "motorcyclist", "other rider",
    "lane marking - crosswalk", "lane marking - general", "mountain", "sand", "sky", "snow", "terrain", "vegetation",
    "water", "banner", "bench", "bike rack", "billboard", "catch basin", "cctv camera", "fire hydrant", "junction box",
    "mailbox", "manhole", "phone booth", "pothole", "street light", "pole", "traffic sign frame", "utility pole",
    "traffic light", "traffic sign (back)", "traffic sign (front)", "trash can", "bicycle", "boat", "bus", "car",
    "caravan", "motorcycle", "on rails", "other vehicle", "trailer", "truck", "wheeled slow", "car mount",
    "ego vehicle"], "ignore": 65)json";

std::string mapillary(const char* labels) {
  return std::string(R"({"task": "semantic", "images": "validation/images", "truths": ")") + labels + "\", " +
         kMapillaryClasses + "}";
}

std::string composition(const char* alphas) {
  return std::string(R"({"task": "matte", "images": "merged", "trimaps": ["trimaps"], "coloured": true, "truths": ")") +
         alphas + "\"}";
}

// As the evaluation of BTS: Eigen's crop, its last row and column included; truth beyond 0.001 to 10 m does not count.
constexpr const char* kNyu = R"({"task": "depth", "unit": "mm", "min": 0.001, "max": 10,
  "images": "official_splits/test", "image_name": "*/rgb_*.jpg",
  "truths": "official_splits/test", "truth_name": "*/sync_depth_*.png",
  "crop": {"top": 45, "left": 41, "bottom": 471, "right": 601}})";

}  // namespace

std::span<const PublishedSet> published_sets() {
  static const std::vector<PublishedSet> sets{
      {"GrabCut", Task::segment, {"data_GT", "boundary_GT"}, "", kGrabCut},
      {"GrabCut", Task::segment, {"images", "masks"}, "grabcut", kImagesAndMasks},
      {"Berkeley", Task::segment, {"images", "masks"}, "berkeley", kImagesAndMasks},
      {"SBD", Task::segment, {"img", "inst", "val.txt"}, "", sbd("")},
      {"SBD",
       Task::segment,
       {"benchmark_RELEASE/dataset/img", "benchmark_RELEASE/dataset/inst", "benchmark_RELEASE/dataset/val.txt"},
       "",
       sbd("benchmark_RELEASE/dataset/")},
      {"DAVIS", Task::segment, {"img", "gt"}, "", kDavis},
      {"Cityscapes", Task::semantic, {"leftImg8bit/val", "gtFine/val"}, "", kCityscapes},
      {"Mapillary Vistas",
       Task::semantic,
       {"validation/images", "validation/v1.2/labels"},
       "",
       mapillary("validation/v1.2/labels")},
      {"Mapillary Vistas",
       Task::semantic,
       {"validation/images", "validation/labels"},
       "",
       mapillary("validation/labels")},
      {"Composition-1k", Task::matte, {"merged", "alpha_copy", "trimaps"}, "", composition("alpha_copy")},
      {"Composition-1k", Task::matte, {"merged", "alpha", "trimaps"}, "", composition("alpha")},
      {"NYU-Depth-V2", Task::depth, {"official_splits/test"}, "", kNyu},
  };
  return sets;
}

const PublishedSet* find_published_set(const fs::path& folder, Task task) {
  std::string name = folder.filename().string();
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  const auto is_there = [&](const std::string& part) {
    std::error_code error;
    return fs::exists(folder / part, error);
  };
  const auto found = std::ranges::find_if(published_sets(), [&](const PublishedSet& set) {
    return set.task == task && name.contains(set.called) && std::ranges::all_of(set.parts, is_there);
  });
  return found == published_sets().end() ? nullptr : &*found;
}

std::string published_names(Task task) {
  std::string text;
  std::set<std::string> told;
  for (const PublishedSet& set : published_sets())
    if (set.task == task && told.insert(set.name).second) text += (text.empty() ? "" : ", ") + set.name;
  return text;
}

}  // namespace gbrs
