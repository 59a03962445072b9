// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dataset.hpp"

#include <algorithm>
#include <filesystem>
#include <format>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace gbrs {
namespace {

using Json = nlohmann::json;

std::unexpected<Error> bad(const std::string& what) {
  return failure(ErrorCode::invalid_argument, "dataset.json: " + what);
}

Expected<int> code_of(const Json& json, const std::string& key) {
  const Json& value = json.at(key);
  if (!value.is_number_integer() || value.get<double>() < 0 || value.get<double>() > 255)
    return bad(std::format("\"{}\" is not a whole number from 0 to 255.", key));
  return value.get<int>();
}

Expected<SegmentDataset> read_keys(const Json& json) {
  SegmentDataset dataset;
  if (json.contains("images")) {
    if (!json["images"].is_string()) return bad("\"images\" is not the name of a folder.");
    dataset.images = json["images"];
  }
  const auto object = code_of(json, "object");
  if (!object) return std::unexpected(object.error());
  dataset.codes.object = *object;
  if (json.contains("ignore")) {
    const auto ignore = code_of(json, "ignore");
    if (!ignore) return std::unexpected(ignore.error());
    dataset.codes.ignore = *ignore;
  }
  if (json.contains("objects")) {
    if (json["objects"] != kSeveralObjects)
      return bad(std::format("\"objects\" can only be \"{}\", or be left out.", kSeveralObjects));
    dataset.has_several_objects = true;
  }
  return check_dataset(std::move(dataset));
}

std::string stem(const std::string& file) { return std::filesystem::path(file).stem().string(); }

/// "cat_12" -> "cat"; nothing if the name does not end in _<digits>.
std::optional<std::string> image_of_object(const std::string& object) {
  const auto line = object.rfind('_');
  if (line == std::string::npos || line == 0 || line + 1 == object.size()) return std::nullopt;
  if (object.find_first_not_of("0123456789", line + 1) != std::string::npos) return std::nullopt;
  return object.substr(0, line);
}

/// File names by stem.
std::map<std::string, std::vector<std::string>> by_stem(std::vector<std::string> files) {
  std::ranges::sort(files);
  std::map<std::string, std::vector<std::string>> result;
  for (auto& file : files) result[stem(file)].push_back(std::move(file));
  return result;
}

}  // namespace

Expected<SegmentDataset> parse_dataset(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return bad("it is not a JSON object.");
  const std::string task = json.contains("task") && json["task"].is_string() ? json["task"].get<std::string>() : "";
  if (task != "segment")
    return bad(task.empty() ? std::string("it has no \"task\".")
                            : std::format("the data are for the task \"{}\", not for \"segment\".", task));
  for (const auto& [key, value] : json.items())
    if (!std::set<std::string>{"task", "images", "object", "ignore", "objects"}.contains(key))
      return bad(std::format("the key \"{}\" is not known for the task \"segment\".", key));
  if (!json.contains("object")) return bad("it does not say which code of the masks is the \"object\".");
  return read_keys(json);
}

Expected<SegmentDataset> check_dataset(SegmentDataset dataset) {
  if (dataset.codes.ignore == dataset.codes.object)
    return failure(ErrorCode::invalid_argument,
                   std::format("The code {} cannot mean object and ignore at once.", dataset.codes.object));
  if (dataset.images.empty() || std::filesystem::path(dataset.images).is_absolute())
    return failure(ErrorCode::invalid_argument, "The folder of the images is not given relative to that of the data.");
  return dataset;
}

Pairing pair_files(std::vector<std::string> images, std::vector<std::string> masks, bool has_several_objects) {
  Pairing pairing;
  const auto image_files = by_stem(std::move(images));
  std::set<std::string> used;
  for (const auto& [object, files] : by_stem(std::move(masks))) {
    const auto image_stem = has_several_objects ? image_of_object(object) : std::optional(object);
    const auto image = image_stem ? image_files.find(*image_stem) : image_files.end();
    const auto skip = [&](std::string reason) { pairing.skipped.push_back({files.front(), std::move(reason)}); };
    if (image != image_files.end()) used.insert(image->first);
    if (!image_stem)
      skip("the mask's name does not end in _<k>");
    else if (image == image_files.end())
      skip("the mask has no image");
    else if (files.size() > 1)
      skip("several masks have this name");
    else if (image->second.size() > 1)
      skip("several images have its name");
    else
      pairing.objects.push_back({.object = object, .image = image->second.front(), .mask = files.front()});
  }
  for (const auto& [name, files] : image_files)
    if (!used.contains(name)) pairing.skipped.push_back({files.front(), "the image has no mask"});
  return pairing;
}

}  // namespace gbrs
