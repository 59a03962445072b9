// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/kept_clicks.hpp"

#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/translation.hpp"
#include "gbrs/click.hpp"
#include "gbrs/step.hpp"

namespace gbrs::plugin {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr int kMostIterations = 1000;
/// More than a person ever clicks; a longer text is not worth the time to read it.
constexpr std::size_t kLongestText = 4U << 20U;

// A conversion of a huge number would be undefined.
int whole_number(const Json& json) {
  if (!json.is_number_integer() || json < 0 || json > kMostIterations)
    throw Json::other_error::create(0, "number", &json);
  return json.get<int>();
}

Step step_of(const Json& json, Task task) {
  Step step{.clicks = {}, .is_refined = json.at("refined").get<bool>()};
  if (json.contains("box")) {
    const auto box = parse_box(json.at("box").get_ref<const std::string&>());
    if (!box) throw Json::other_error::create(0, "box", &json);
    step.box = *box;
    return step;
  }
  auto clicks = parse_clicks(json.at("clicks").get_ref<const std::string&>(), task);
  if (!clicks || clicks->empty()) throw Json::other_error::create(0, "clicks", &json);
  step.clicks = std::move(*clicks);
  step.is_stroke = json.contains("stroke") && json.at("stroke").get<bool>();
  return step;
}

}  // namespace

std::string to_json(const KeptClicks& kept) {
  Json steps = Json::array();
  for (const Step& step : kept.steps) {
    Json entry{{"refined", step.is_refined}};
    if (step.box) {
      entry["box"] = format_steps(std::span(&step, 1));
    } else {
      entry["clicks"] = format_clicks(step.clicks, kept.task);
    }
    if (step.is_stroke) entry["stroke"] = true;
    steps.push_back(std::move(entry));
  }
  Json json{{"format", kFormat},
            {"task", task_name(kept.task)},
            {"model", kept.model},
            {"sha256", kept.sha256},
            {"layer", kept.layer},
            {"start", kept.start},
            {"iterations", kept.iterations},
            {"steps", std::move(steps)}};
  if (!kept.painted.empty()) json["painted"] = format_painted(kept.painted);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);  // a model's folder may have any name
}

Expected<KeptClicks> parse_kept_clicks(std::string_view text) {
  const auto damaged = [] {
    return failure(ErrorCode::damaged,
                   _("The clicks that were kept with this image cannot be read; they are left out."));
  };
  if (text.size() > kLongestText) return damaged();
  const Json json = Json::parse(text, nullptr, false);
  try {
    if (whole_number(json.at("format")) != kFormat) return damaged();
    const auto task = parse_task(json.contains("task") ? json.at("task").get<std::string>() : "segment");
    if (!task) return damaged();
    KeptClicks kept{.task = *task,
                    .model = json.at("model").get<std::string>(),
                    .sha256 = json.at("sha256").get<std::string>(),
                    .layer = json.at("layer").get<std::string>(),
                    .start = json.at("start").get<std::string>(),
                    .iterations = whole_number(json.at("iterations")),
                    .steps = {}};
    if (json.contains("painted")) {
      auto painted = parse_painted(json.at("painted").get_ref<const std::string&>());
      if (!painted) return damaged();
      kept.painted = std::move(*painted);
    }
    const auto& steps = json.at("steps").get_ref<const Json::array_t&>();
    for (const Json& step : steps) kept.steps.push_back(step_of(step, *task));
    return kept;
  } catch (const Json::exception&) {
    return damaged();
  }
}

}  // namespace gbrs::plugin
