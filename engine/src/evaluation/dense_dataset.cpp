// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dense_dataset.hpp"

#include <algorithm>
#include <cmath>
#include <format>

#include "evaluation/class_match.hpp"
#include "evaluation/dataset_json.hpp"

namespace gbrs {
namespace {

using Json = nlohmann::json;

Expected<std::vector<std::string>> classes_of(const Json& json) {
  if (!json.contains("classes")) return bad_dataset("it does not name the \"classes\".");
  std::vector<std::string> classes;
  for (const Json& name : json["classes"]) {
    if (!name.is_string()) return bad_dataset("\"classes\" is not a list of names.");
    classes.push_back(name);
  }
  if (classes.empty() || !json["classes"].is_array()) return bad_dataset("\"classes\" is not a list of names.");
  return classes;
}

Expected<std::vector<int>> fold_of(const Json& json, std::size_t classes) {
  std::vector<int> fold;
  if (!json.contains("fold")) return fold;
  const auto bad = [] { return bad_dataset("\"fold\" is not a list of numbers of classes, or null."); };
  if (!json["fold"].is_array() || json["fold"].empty()) return bad();
  for (const Json& value : json["fold"]) {
    if (value.is_null()) {
      fold.push_back(kNoClass);
      continue;
    }
    if (!value.is_number_integer() || value.get<double>() < 0 || value.get<double>() >= static_cast<double>(classes))
      return bad();
    fold.push_back(value);
  }
  return fold;
}

/// A number of metres, `preset` where the key is not there.
Expected<double> metres_of(const Json& json, const char* key, double preset) {
  if (!json.contains(key)) return preset;
  const double value = json[key].is_number() ? json[key].get<double>() : -1;
  if (!std::isfinite(value) || value < 0) return bad_dataset(std::format("\"{}\" is not a number of metres.", key));
  return value;
}

Expected<std::optional<Rectangle>> crop_of(const Json& json) {
  if (!json.contains("crop")) return std::nullopt;
  const auto bad = [] { return bad_dataset("\"crop\" does not have a top, left, bottom and right that make a box."); };
  const Json& crop = json["crop"];
  int sides[4]{};
  std::size_t count = 0;
  for (const char* side : {"top", "left", "bottom", "right"}) {
    constexpr double most = 1e6;
    if (!crop.is_object() || !crop.contains(side) || !crop[side].is_number_integer()) return bad();
    if (crop[side].get<double>() < 0 || crop[side].get<double>() > most) return bad();
    sides[count++] = crop[side];
  }
  const auto [top, left, bottom, right] = sides;
  if (crop.size() != count || bottom <= top || right <= left) return bad();
  return Rectangle{left, top, right - left, bottom - top};
}

}  // namespace

std::optional<int> SemanticDataset::class_of(int id) const {
  if (id == ignore) return kNoClass;
  const std::size_t known = fold.empty() ? classes.size() : fold.size();
  if (id < 0 || static_cast<std::size_t>(id) >= known) return std::nullopt;
  return fold.empty() ? id : fold[static_cast<std::size_t>(id)];
}

Expected<SemanticDataset> parse_semantic_dataset(std::string_view text) {
  const auto json = read_dataset(text, "semantic", {"ignore", "classes", "fold"});
  if (!json) return std::unexpected(json.error());
  SemanticDataset dataset;
  auto files = files_of(*json, dataset.files);
  if (!files) return std::unexpected(files.error());
  dataset.files = std::move(*files);
  auto classes = classes_of(*json);
  if (!classes) return std::unexpected(classes.error());
  dataset.classes = std::move(*classes);
  auto fold = fold_of(*json, dataset.classes.size());
  if (!fold) return std::unexpected(fold.error());
  dataset.fold = std::move(*fold);
  if (!json->contains("ignore")) return dataset;
  const auto ignore = code_of(*json, "ignore");
  if (!ignore) return std::unexpected(ignore.error());
  dataset.ignore = *ignore;
  return dataset;
}

Expected<DepthDataset> parse_depth_dataset(std::string_view text) {
  const auto json = read_dataset(text, "depth", {"unit", "crop", "min", "max", "align"});
  if (!json) return std::unexpected(json.error());
  if (!json->contains("unit")) return bad_dataset("it does not say the \"unit\" of the depths.");
  if ((*json)["unit"] != "mm" || json->value("align", Json("none")) != "none")
    return failure(
        ErrorCode::unsupported,
        "dataset.json: only depths in millimetres (\"unit\": \"mm\") can be measured, and without \"align\".");
  DepthDataset dataset;
  auto files = files_of(*json, dataset.files);
  if (!files) return std::unexpected(files.error());
  dataset.files = std::move(*files);
  const auto crop = crop_of(*json);
  if (!crop) return std::unexpected(crop.error());
  dataset.crop = *crop;
  const auto min = metres_of(*json, "min", dataset.range.min);
  if (!min) return std::unexpected(min.error());
  const auto max = metres_of(*json, "max", dataset.range.max);
  if (!max) return std::unexpected(max.error());
  if (*max <= *min) return bad_dataset("\"max\" is not above \"min\".");
  dataset.range = {.min = *min, .max = *max};
  return dataset;
}

Expected<MatteDataset> parse_matte_dataset(std::string_view text) {
  const auto json = read_dataset(text, "matte", {"trimaps", "coloured"});
  if (!json) return std::unexpected(json.error());
  MatteDataset dataset;
  auto files = files_of(*json, dataset.files);
  if (!files) return std::unexpected(files.error());
  dataset.files = std::move(*files);
  const auto coloured = is_coloured(*json);
  if (!coloured) return std::unexpected(coloured.error());
  dataset.is_coloured = *coloured;
  if (!json->contains("trimaps")) return dataset;
  const Json& trimaps = (*json)["trimaps"];
  const auto is_name = [](const Json& name) {
    return name.is_string() && name != "" && name.get<std::string>().find('/') == std::string::npos && name != "..";
  };
  if (!trimaps.is_array() || trimaps.empty() || !std::ranges::all_of(trimaps, is_name))
    return bad_dataset("\"trimaps\" is not a list of names of folders.");
  dataset.trimaps = trimaps.get<std::vector<std::string>>();
  return dataset;
}

}  // namespace gbrs
