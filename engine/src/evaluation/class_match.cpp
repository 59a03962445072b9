// SPDX-License-Identifier: Apache-2.0
#include "evaluation/class_match.hpp"

#include <algorithm>
#include <format>
#include <string_view>

namespace gbrs {
namespace {

std::string plain(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = ' ';
  }
  return text;
}

int find(std::span<const std::string> names, std::string_view name) {
  const auto found = std::ranges::find(names, plain(name), plain);
  return found == names.end() ? kNoClass : static_cast<int>(found - names.begin());
}

Expected<void> assign(std::vector<int>& data_of_model, std::string_view assignment, std::span<const std::string> data,
                      std::span<const std::string> model) {
  const auto refuse = [&](std::string_view whose, std::string_view name) {
    return failure(ErrorCode::invalid_argument, std::format("{} no class \"{}\".", whose, name));
  };
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos)
    return failure(ErrorCode::invalid_argument,
                   std::format("The classes \"{}\" do not have the form MODEL=DATA.", assignment));
  const auto from = assignment.substr(0, equals), to = assignment.substr(equals + 1);
  const int number = find(model, from), label = find(data, to);
  if (number == kNoClass) return refuse("The model has", from);
  if (label == kNoClass) return refuse("The data have", to);
  data_of_model[static_cast<std::size_t>(number)] = label;
  return {};
}

}  // namespace

int ClassMatch::data_class(int number) const {
  const bool is_known = number >= 0 && static_cast<std::size_t>(number) < data_of_model.size();
  return is_known ? data_of_model[static_cast<std::size_t>(number)] : kNoClass;
}

Expected<ClassMatch> match_classes(std::span<const std::string> data, std::span<const std::string> model,
                                   std::span<const std::string> assignments) {
  const auto known = model.empty() ? data : model;
  ClassMatch match{.data_of_model = {}, .model_of_data = std::vector<std::optional<int>>(data.size())};
  for (const std::string& name : known) match.data_of_model.push_back(find(data, name));
  for (const std::string& assignment : assignments)
    if (auto done = assign(match.data_of_model, assignment, data, known); !done) return std::unexpected(done.error());
  bool has_common = false;
  for (std::size_t number = 0; number < known.size(); ++number) {
    const int label = match.data_of_model[number];
    if (label == kNoClass) continue;
    has_common = true;
    auto& target = match.model_of_data[static_cast<std::size_t>(label)];
    if (!target) target = static_cast<int>(number);
  }
  if (!has_common)
    return failure(ErrorCode::invalid_argument,
                   "Model and data have no class in common: say with --class MODEL=DATA which are the same.");
  return match;
}

}  // namespace gbrs
