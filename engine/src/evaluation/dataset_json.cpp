// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dataset_json.hpp"

#include <format>
#include <utility>

namespace gbrs {

using Json = nlohmann::json;

std::unexpected<Error> bad_dataset(const std::string& what) {
  return failure(ErrorCode::invalid_argument, "dataset.json: " + what);
}

Expected<Json> read_dataset(std::string_view text, std::string_view task, std::set<std::string> keys) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return bad_dataset("it is not a JSON object.");
  const std::string told = json.contains("task") && json["task"].is_string() ? json["task"].get<std::string>() : "";
  if (told != task)
    return bad_dataset(told.empty() ? std::string("it has no \"task\".")
                                    : std::format("the data are for the task \"{}\", not for \"{}\".", told, task));
  keys.insert({"task", "images", "truths", "image_name", "truth_name", "list"});
  for (const auto& [key, value] : json.items())
    if (!keys.contains(key))
      return bad_dataset(std::format("the key \"{}\" is not known for the task \"{}\".", key, task));
  return json;
}

Expected<DatasetFiles> files_of(const Json& json, DatasetFiles preset) {
  const std::pair<const char*, std::string*> members[] = {{"images", &preset.images},
                                                          {"truths", &preset.truths},
                                                          {"image_name", &preset.image_name},
                                                          {"truth_name", &preset.truth_name},
                                                          {"list", &preset.list}};
  for (const auto& [key, member] : members) {
    if (!json.contains(key)) continue;
    if (!json[key].is_string()) return bad_dataset(std::format("\"{}\" is not a text.", key));
    *member = json[key];
  }
  if (auto checked = check_files(preset); !checked) return std::unexpected(checked.error());
  return preset;
}

Expected<bool> is_coloured(const Json& json) {
  if (!json.contains("coloured")) return false;
  if (!json["coloured"].is_boolean()) return bad_dataset("\"coloured\" is neither true nor false.");
  return json["coloured"].get<bool>();
}

Expected<int> code_of(const Json& json, const std::string& key) {
  const Json& value = json.at(key);
  if (!value.is_number_integer() || value.get<double>() < 0 || value.get<double>() > 255)
    return bad_dataset(std::format("\"{}\" is not a whole number from 0 to 255.", key));
  return value.get<int>();
}

}  // namespace gbrs
