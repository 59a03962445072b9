// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dataset.hpp"

#include <algorithm>
#include <format>
#include <map>
#include <optional>
#include <set>

#include "evaluation/dataset_json.hpp"

namespace gbrs {
namespace {

using Json = nlohmann::json;

Expected<SegmentDataset> read_keys(const Json& json) {
  SegmentDataset dataset;
  auto files = files_of(json, dataset.files);
  if (!files) return std::unexpected(files.error());
  dataset.files = std::move(*files);
  const auto coloured = is_coloured(json);
  if (!coloured) return std::unexpected(coloured.error());
  dataset.is_coloured = *coloured;
  dataset.is_every_code_object = json.value("objects", Json()) == kEveryCode;
  dataset.codes.has_higher = json.contains("object_from");
  if (!dataset.is_every_code_object) {
    const auto object = code_of(json, dataset.codes.has_higher ? "object_from" : "object");
    if (!object) return std::unexpected(object.error());
    dataset.codes.object = *object;
  }
  if (json.contains("ignore")) {
    const auto ignore = code_of(json, "ignore");
    if (!ignore) return std::unexpected(ignore.error());
    dataset.codes.ignore = *ignore;
  }
  if (json.contains("objects") && !dataset.is_every_code_object) {
    if (json["objects"] != kSeveralObjects)
      return bad_dataset(
          std::format("\"objects\" can only be \"{}\" or \"{}\", or be left out.", kSeveralObjects, kEveryCode));
    dataset.has_several_objects = true;
  }
  return check_dataset(std::move(dataset));
}

/// "cat_12" -> "cat"; nothing if the name does not end in _<digits>.
std::optional<std::string> image_of_object(const std::string& object) {
  const auto line = object.rfind('_');
  if (line == std::string::npos || line == 0 || line + 1 == object.size()) return std::nullopt;
  if (object.find_first_not_of("0123456789", line + 1) != std::string::npos) return std::nullopt;
  return object.substr(0, line);
}

/// Files by what is theirs in `pattern`; others are none of the data set's.
std::map<std::string, std::vector<std::string>> by_name(std::vector<std::string> files, std::string_view pattern) {
  std::ranges::sort(files);
  std::map<std::string, std::vector<std::string>> result;
  for (auto& file : files)
    if (auto name = name_in(pattern, file)) result[std::move(*name)].push_back(std::move(file));
  return result;
}

}  // namespace

Expected<SegmentDataset> parse_dataset(std::string_view text) {
  const auto json = read_dataset(text, "segment", {"object", "object_from", "ignore", "objects", "coloured"});
  if (!json) return std::unexpected(json.error());
  const auto ways = static_cast<int>(json->contains("object")) + static_cast<int>(json->contains("object_from")) +
                    static_cast<int>(json->value("objects", Json()) == kEveryCode);
  if (ways != 1)
    return bad_dataset(
        "it does not say which code of the masks is the \"object\", or is so from \"object_from\" on, or that each "
        "is.");
  return read_keys(*json);
}

Expected<SegmentDataset> check_dataset(SegmentDataset dataset) {
  if (dataset.codes.ignore == dataset.codes.object)
    return failure(ErrorCode::invalid_argument,
                   std::format("The code {} cannot mean object and ignore at once.", dataset.codes.object));
  if (auto checked = check_files(dataset.files); !checked) return std::unexpected(checked.error());
  return dataset;
}

Pairing pair_files(std::vector<std::string> images, std::vector<std::string> masks, const DatasetFiles& names,
                   bool has_several_objects, std::string_view what) {
  Pairing pairing;
  const auto image_files = by_name(std::move(images), names.image_name);
  std::set<std::string> used;
  for (const auto& [object, files] : by_name(std::move(masks), names.truth_name)) {
    const auto image_stem = has_several_objects ? image_of_object(object) : std::optional(object);
    const auto image = image_stem ? image_files.find(*image_stem) : image_files.end();
    const auto skip = [&](std::string reason) { pairing.skipped.push_back({files.front(), std::move(reason)}); };
    if (image != image_files.end()) used.insert(image->first);
    if (!image_stem)
      skip(std::format("the {}'s name does not end in _<k>", what));
    else if (image == image_files.end())
      skip(std::format("the {} has no image", what));
    else if (files.size() > 1)
      skip(std::format("several {}s have this name", what));
    else if (image->second.size() > 1)
      skip("several images have its name");
    else
      pairing.objects.push_back({.object = object, .image = image->second.front(), .mask = files.front()});
  }
  for (const auto& [name, files] : image_files)
    if (!used.contains(name)) pairing.skipped.push_back({files.front(), std::format("the image has no {}", what)});
  return pairing;
}

}  // namespace gbrs
