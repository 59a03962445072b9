// SPDX-License-Identifier: Apache-2.0
#include "clicking.hpp"

#include <algorithm>
#include <format>
#include <iostream>
#include <iterator>
#include <utility>

#include "picture_file.hpp"

namespace gbrs::cli {
std::string with_number(std::string text, std::span<const std::string> classes, ClassField where) {
  // the commas around it
  std::size_t before, behind;
  if (where == ClassField::third) {
    before = text.find(',', text.find(',') + 1);
    behind = text.find(',', before + 1);
  } else {
    behind = text.rfind(',');
    before = behind == 0 ? std::string::npos : text.rfind(',', behind - 1);
  }
  if (before == std::string::npos) return text;
  const std::size_t begin = before + 1, length = std::min(behind, text.size()) - begin;
  const auto found = std::ranges::find(classes, text.substr(begin, length));
  if (found != classes.end()) text.replace(begin, length, std::to_string(found - classes.begin()));
  return text;
}

Expected<Answer> click_on(const Model& model, SessionOptions options, const std::string& image,
                          std::span<const Step> steps) {
  const auto picture = read_picture(image);
  if (!picture) return std::unexpected(picture.error());
  options.publish_every = 0;  // nobody looks
  auto session = Session::create(model, picture->view(), std::move(options));
  if (!session) return std::unexpected(session.error());
  auto answer = session->add_one_by_one(steps);
  if (!answer) return answer;
  return session->detailed();
}

Expected<std::vector<Step>> parse_each(std::span<const std::string> texts, Task task) {
  std::vector<Step> steps;
  for (const std::string& text : texts) {
    const auto clicks = parse_clicks(text, task);
    if (!clicks) return std::unexpected(clicks.error());
    std::ranges::move(one_by_one(*clicks), std::back_inserter(steps));
  }
  return steps;
}

Expected<std::vector<Step>> parse_task_clicks(std::span<const std::string> texts, const Model& model, Task task) {
  std::vector<std::string> numbered;
  for (const std::string& text : texts)
    numbered.push_back(with_number(text, model.info().classes, ClassField::third));
  return parse_each(numbered, task);
}

Expected<std::vector<Step>> parse_value_clicks(std::span<const std::string> clicks,
                                               std::span<const std::string> pushes, const Model& model, Task task) {
  auto steps = parse_task_clicks(clicks, model, task);
  if (!steps) return steps;
  const auto pushed = parse_task_clicks(pushes, model, task);
  if (!pushed) return pushed;
  for (const Step& step : *pushed)
    if (step.clicks.front().mode != ClickMode::push)
      return failure(ErrorCode::invalid_argument,
                     task == Task::depth ? "A push says near or far: --push X,Y,near or --push X,Y,far."
                                         : "A push says more or less: --push X,Y,+ or --push X,Y,-.");
  steps->insert(steps->end(), pushed->begin(), pushed->end());
  return steps;
}

Expected<void> check_task(const Model& model, Task task) {
  if (model.info().task == task_name(task)) return {};
  return failure(ErrorCode::invalid_argument, std::format("The model {} is for the task {}, not for {}.",
                                                          model.info().name, model.info().task, task_name(task)));
}

void report(const Answer& answer, const Model& model, bool is_json) {
  if (const auto notice = model.notice(); !notice.empty()) std::cerr << "gbrs: " << notice << '\n';
  if (is_json) std::cout << answer.to_json() << '\n';
  for (std::size_t i = 0; i < answer.steps().size(); ++i)
    if (const StepReport& step = answer.steps()[i]; !step.notice.empty())
      std::cerr << std::format("gbrs: {} {}: {}\n", step.clicks > 0 ? "click" : "step",
                               step.clicks > 0 ? step.first_click + 1 : i + 1, step.notice);
  for (std::size_t i = 0; i < answer.verdicts().size(); ++i) {
    const ClickVerdict& verdict = answer.verdicts()[i];
    if (verdict.contradicts)
      std::cerr << std::format("gbrs: click {} is not satisfied: click {} on the same pixel says the opposite.\n",
                               i + 1, *verdict.contradicts + 1);
    else if (!verdict.is_satisfied)
      std::cerr << std::format("gbrs: click {} is not satisfied.\n", i + 1);
  }
}

}  // namespace gbrs::cli
