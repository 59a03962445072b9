// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dense_result.hpp"

#include <nlohmann/json.hpp>

namespace gbrs {
namespace {

using Json = nlohmann::ordered_json;

/// [classes, [truth, prediction, pixels], ...] without what does not occur: most classes are in few images.
Json to_json(const ConfusionMatrix& matrix) {
  auto json = Json::array({matrix.classes()});
  for (int truth = 0; truth < matrix.classes(); ++truth)
    for (int prediction = 0; prediction <= matrix.classes(); ++prediction)
      if (const auto pixels = matrix.count(truth, prediction); pixels > 0)
        json.push_back(Json::array({truth, prediction, pixels}));
  return json;
}

ConfusionMatrix matrix_of(const nlohmann::json& json) {
  constexpr int most = 4096;
  const int classes = json.at(0);
  if (classes < 0 || classes > most) throw std::out_of_range("number of classes");
  ConfusionMatrix matrix(classes);
  for (std::size_t i = 1; i < json.size(); ++i) {
    const int truth = json[i].at(0), prediction = json[i].at(1);
    if (truth < 0 || truth >= classes || prediction < 0 || prediction > classes) throw std::out_of_range("class");
    matrix.add(truth, prediction, json[i].at(2).get<std::int64_t>());
  }
  return matrix;
}

}  // namespace

std::string format_result(const DenseResult& result) {
  auto clicks = Json::array();
  for (const DenseClick& click : result.clicks)
    clicks.push_back({{"u", click.u}, {"v", click.v}, {"target", click.target}, {"radius", click.radius}});
  auto confusion = Json::array();
  for (const ConfusionMatrix& matrix : result.confusion) confusion.push_back(to_json(matrix));
  return Json{{"image", result.image},
              {"file", result.file},
              {"metrics", result.metrics},
              {"confusion", std::move(confusion)},
              {"clicks", std::move(clicks)},
              {"seconds", result.seconds},
              {"encode_seconds", result.encode_seconds},
              {"unsatisfied", result.unsatisfied},
              {"notices", result.notices}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Expected<DenseResult> parse_dense_result(std::string_view line) {
  try {
    const auto json = nlohmann::json::parse(line);
    DenseResult result{.image = json.at("image"),
                       .file = json.at("file"),
                       .metrics = json.at("metrics"),
                       .confusion = {},
                       .clicks = {},
                       .seconds = json.at("seconds"),
                       .encode_seconds = json.at("encode_seconds"),
                       .unsatisfied = json.at("unsatisfied"),
                       .notices = json.at("notices")};
    for (const auto& matrix : json.at("confusion")) result.confusion.push_back(matrix_of(matrix));
    for (const auto& click : json.at("clicks"))
      result.clicks.push_back(
          {.u = click.at("u"), .v = click.at("v"), .target = click.at("target"), .radius = click.at("radius")});
    return result;
  } catch (const std::exception& problem) {
    return failure(ErrorCode::damaged, "A kept result cannot be read.", problem.what());
  }
}

}  // namespace gbrs
