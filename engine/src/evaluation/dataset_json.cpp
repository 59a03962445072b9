// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dataset_json.hpp"

#include <filesystem>
#include <format>

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
  keys.insert({"task", "images"});
  for (const auto& [key, value] : json.items())
    if (!keys.contains(key))
      return bad_dataset(std::format("the key \"{}\" is not known for the task \"{}\".", key, task));
  return json;
}

Expected<std::string> images_of(const Json& json) {
  if (!json.contains("images")) return "images";
  if (!json["images"].is_string()) return bad_dataset("\"images\" is not the name of a folder.");
  std::string images = json["images"];
  if (auto checked = check_images(images); !checked) return std::unexpected(checked.error());
  return images;
}

Expected<void> check_images(const std::string& images) {
  if (!images.empty() && !std::filesystem::path(images).is_absolute()) return {};
  return failure(ErrorCode::invalid_argument, "The folder of the images is not given relative to that of the data.");
}

Expected<int> code_of(const Json& json, const std::string& key) {
  const Json& value = json.at(key);
  if (!value.is_number_integer() || value.get<double>() < 0 || value.get<double>() > 255)
    return bad_dataset(std::format("\"{}\" is not a whole number from 0 to 255.", key));
  return value.get<int>();
}

}  // namespace gbrs
