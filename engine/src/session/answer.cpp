// SPDX-License-Identifier: Apache-2.0
#include "gbrs/answer.hpp"

#include <cmath>
#include <format>
#include <nlohmann/json.hpp>

#include "session/rendering.hpp"

namespace gbrs {
namespace {

// beyond both, a picture is less than a pixel or a pixel larger than any screen
constexpr double kMinScale = 1e-4;
constexpr double kMaxScale = 1e4;

/// "+" and "-" of segment and of pushes, else a number; none: that of another place.
nlohmann::ordered_json written_target(const Click& click, Task task) {
  if (task == Task::segment || click.mode == ClickMode::push) return click.target > 0 ? "+" : "-";
  if (click.same_as) return nullptr;
  return click.target;
}

template <class Render>
Expected<Map> guarded_render(Rectangle rectangle, double scale, Render render) {
  if (rectangle.width < 0 || rectangle.height < 0 || !(scale >= kMinScale && scale <= kMaxScale))
    return failure(ErrorCode::invalid_argument,
                   "A part to render has a size of 0 or more and a scale between 1/10000 and 10000.");
  try {
    return render();
  } catch (const std::exception& error) {
    return failure(
        ErrorCode::out_of_memory,
        std::format("There is not enough memory for a map of {} x {} pixels.", rectangle.width, rectangle.height),
        error.what());
  }
}

}  // namespace

Answer::Answer() : Answer(std::make_shared<Data>()) {}
Answer::Answer(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

int Answer::image_width() const { return data_->picture ? data_->picture->width() : 0; }
int Answer::image_height() const { return data_->picture ? data_->picture->height() : 0; }
std::span<const Step> Answer::history() const { return data_->history; }
std::span<const Click> Answer::clicks() const { return data_->clicks; }
std::span<const ClickVerdict> Answer::verdicts() const { return data_->verdicts; }
std::span<const StepReport> Answer::steps() const { return data_->steps; }
bool Answer::is_final() const { return data_->is_final; }
bool Answer::is_empty() const { return data_->models.empty(); }

std::size_t Answer::unsatisfied() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(data_->verdicts, [](const ClickVerdict& verdict) { return !verdict.is_satisfied; }));
}

Expected<Map> Answer::render(Rectangle rectangle, double scale) const {
  return guarded_render(rectangle, scale, [&] { return render_map(*data_, rectangle, scale); });
}

Expected<Map> Answer::render_classes(std::span<const int> numbers, Rectangle rectangle, double scale) const {
  if (data_->task != Task::semantic)
    return failure(ErrorCode::invalid_argument, "Only the answers of a model of classes have classes to render.");
  return guarded_render(rectangle, scale, [&] { return render_class_map(*data_, numbers, rectangle, scale); });
}

Expected<Map> Answer::render_class(int number, Rectangle rectangle, double scale) const {
  return render_classes(std::span(&number, 1), rectangle, scale);
}

Task Answer::task() const { return data_->task; }
std::span<const int> Answer::classes() const { return data_->classes; }

Expected<Map> Answer::render() const { return render({0, 0, image_width(), image_height()}); }

std::string Answer::to_json() const {
  nlohmann::ordered_json json{{"task", task_name(data_->task)},
                              {"width", image_width()},
                              {"height", image_height()},
                              {"model", data_->model_name},
                              {"device", data_->device},
                              {"final", is_final()},
                              {"unsatisfied_clicks", unsatisfied()},
                              {"clicks", nlohmann::ordered_json::array()},
                              {"steps", nlohmann::ordered_json::array()}};
  for (std::size_t i = 0; i < data_->clicks.size(); ++i) {
    const Click& click = data_->clicks[i];
    const ClickVerdict& verdict = data_->verdicts[i];
    nlohmann::ordered_json entry{{"x", click.x},
                                 {"y", click.y},
                                 {"target", written_target(click, data_->task)},
                                 {"radius", verdict.radius},
                                 {"radius_given", click.radius.has_value()},
                                 {"satisfied", verdict.is_satisfied}};
    if (verdict.contradicts) entry["contradicts_click"] = *verdict.contradicts;
    json["clicks"].push_back(std::move(entry));
  }
  for (std::size_t i = 0; i < data_->steps.size(); ++i) {
    const StepReport& step = data_->steps[i];
    json["steps"].push_back({{"first_click", step.first_click},
                             {"clicks", step.clicks},
                             {"refined", step.is_refined},
                             {"iterations", step.iterations},
                             {"encode_ms", step.encode_ms},
                             {"first_ms", step.first_ms},
                             {"refine_ms", step.refine_ms},
                             {"mirror_ms", step.mirror_ms},
                             {"close_ms", step.close_ms},
                             {"notice", step.notice}});
    if (const auto& box = data_->history[i].box)
      json["steps"].back()["box"] = {box->left, box->top, box->right, box->bottom};
  }
  return json.dump(2);
}

}  // namespace gbrs
