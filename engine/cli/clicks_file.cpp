// SPDX-License-Identifier: Apache-2.0
#include "clicks_file.hpp"

#include <format>
#include <nlohmann/json.hpp>
#include <set>

#include "evaluation/csv.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

using Json = nlohmann::ordered_json;
using Pictures = std::vector<ClickedPicture>;

Expected<void> add(Pictures& pictures, std::set<std::string>& names, std::string image, const std::string& text) {
  if (image.empty()) return failure(ErrorCode::invalid_argument, "a picture has no name.");
  auto steps = parse_steps(text);
  if (!steps) return std::unexpected(steps.error());
  if (steps->empty()) return failure(ErrorCode::invalid_argument, std::format("{} has no clicks.", image));
  if (!names.insert(image).second)
    return failure(ErrorCode::invalid_argument, std::format("{} is there twice.", image));
  pictures.push_back({std::move(image), std::move(*steps)});
  return {};
}

Expected<Pictures> parse_csv(const std::string& text) {
  Pictures pictures;
  std::set<std::string> names;
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;  // as spreadsheets write it
  for (int line = 1; at < text.size(); ++line) {
    const auto fields = next_csv_record(text, at);
    const auto wrong = [&](const std::string& why) {
      return failure(ErrorCode::invalid_argument, std::format("line {}: {}", line, why));
    };
    if (!fields) return wrong("a quote is not closed.");
    if (fields->size() == 1 && fields->front().empty()) continue;
    if (fields->size() != 2) return wrong("there are not two fields; clicks have commas and want quotes.");
    if (line == 1 && fields->front() == "image") continue;
    if (auto added = add(pictures, names, fields->front(), fields->back()); !added)
      return wrong(added.error().message);
  }
  return pictures;
}

Expected<Pictures> parse_json(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return failure(ErrorCode::invalid_argument, "it is no JSON object of names and clicks.");
  Pictures pictures;
  std::set<std::string> names;
  for (const auto& [image, clicks] : json.items()) {
    if (!clicks.is_string())
      return failure(ErrorCode::invalid_argument, std::format("the clicks of {} are no text.", image));
    if (auto added = add(pictures, names, image, clicks.get<std::string>()); !added)
      return std::unexpected(added.error());
  }
  return pictures;
}

}  // namespace

Expected<Pictures> read_clicks_file(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  const auto first = text->find_first_not_of(" \t\r\n");
  auto pictures = first != std::string::npos && (*text)[first] == '{' ? parse_json(*text) : parse_csv(*text);
  if (!pictures) {
    return failure(pictures.error().code, std::format("The clicks in {} cannot be read: {}", path,
                                                      pictures.error().message));
  }
  if (pictures->empty()) return failure(ErrorCode::invalid_argument, std::format("There are no clicks in {}.", path));
  return pictures;
}

}  // namespace gbrs::cli
