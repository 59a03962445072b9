// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the commands that click on one picture do alike.

#include <span>
#include <string>

#include "gbrs/gbrs.hpp"

namespace gbrs::cli {

/// Reads a picture and clicks on it one by one. Errors: those of reading and of the session.
Expected<Answer> click_on(const Model& model, SessionOptions options, const std::string& image,
                          std::span<const Step> steps);

/// Which of the fields between commas is the class: of a click, of a stroke.
enum class ClassField { third, before_last };

/// "40,30,cat" becomes "40,30,8"; names have no comma.
std::string with_number(std::string text, std::span<const std::string> classes, ClassField where);

/// Clicks in their written form, each a step of its own. Errors: invalid_argument.
Expected<std::vector<Step>> parse_each(std::span<const std::string> texts, Task task);

/// The same; a class may stand there by its name.
Expected<std::vector<Step>> parse_task_clicks(std::span<const std::string> texts, const Model& model, Task task);

/// The clicks, then the pushes, of a task whose answers are values. Errors: invalid_argument.
Expected<std::vector<Step>> parse_value_clicks(std::span<const std::string> clicks,
                                               std::span<const std::string> pushes, const Model& model, Task task);

/// Errors: invalid_argument, when the model is for something else than `task`.
Expected<void> check_task(const Model& model, Task task);

/// On standard output the answer as JSON, if that is wanted; on standard error what the user should know.
void report(const Answer& answer, const Model& model, bool is_json);

}  // namespace gbrs::cli
