// SPDX-License-Identifier: Apache-2.0
#include "evaluation/object_result.hpp"

#include <nlohmann/json.hpp>

namespace gbrs {

std::string format_result(const ObjectResult& result) {
  auto clicks = nlohmann::ordered_json::array();
  for (const GivenClick& click : result.clicks)
    clicks.push_back({{"u", click.u}, {"v", click.v}, {"positive", click.is_positive}, {"radius", click.radius}});
  return nlohmann::ordered_json{
      {"object", result.object},           {"image", result.image},     {"ious", result.ious},
      {"clicks", std::move(clicks)},       {"seconds", result.seconds}, {"encode_seconds", result.encode_seconds},
      {"unsatisfied", result.unsatisfied}, {"notices", result.notices}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Expected<ObjectResult> parse_result(std::string_view line) {
  try {
    const auto json = nlohmann::json::parse(line);
    ObjectResult result{.object = json.at("object"),
                        .image = json.at("image"),
                        .ious = json.at("ious"),
                        .clicks = {},
                        .seconds = json.at("seconds"),
                        .encode_seconds = json.at("encode_seconds"),
                        .unsatisfied = json.at("unsatisfied"),
                        .notices = json.at("notices")};
    for (const auto& click : json.at("clicks"))
      result.clicks.push_back(
          {.u = click.at("u"), .v = click.at("v"), .is_positive = click.at("positive"), .radius = click.at("radius")});
    return result;
  } catch (const nlohmann::json::exception& problem) {
    return failure(ErrorCode::damaged, "A kept result cannot be read.", problem.what());
  }
}

}  // namespace gbrs
