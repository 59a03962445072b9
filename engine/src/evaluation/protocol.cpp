// SPDX-License-Identifier: Apache-2.0
#include "evaluation/protocol.hpp"

#include <charconv>
#include <cmath>
#include <format>

namespace gbrs {
namespace {

/// Sets `value` to what the matching word stands for.
template <class Value>
struct Choice {
  std::string_view word;
  Value value;
};

template <class Value, std::size_t N>
Expected<bool> choose(Value& target, std::string_view key, std::string_view word, const Choice<Value> (&choices)[N]) {
  std::string known;
  for (const auto& choice : choices) {
    if (choice.word == word) {
      target = choice.value;
      return true;
    }
    known += (known.empty() ? "" : ", ") + std::string(choice.word);
  }
  return failure(ErrorCode::invalid_argument,
                 std::format("\"{}\" is no value of the setting {}; known are {}.", word, key, known));
}

}  // namespace

Expected<RadiusRule> RadiusRule::parse(std::string_view text) {
  if (text == "paper") return RadiusRule{};
  if (text == "auto") return RadiusRule{.kind = Kind::automatic};
  double pixels = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), pixels);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(pixels) || pixels < 0)
    return failure(ErrorCode::invalid_argument,
                   std::format("The radius \"{}\" is neither paper nor auto nor a number of pixels.", text));
  return RadiusRule{.kind = Kind::fixed, .pixels = pixels};
}

std::string RadiusRule::text() const {
  if (kind == Kind::fixed) return std::format("{}", pixels);
  return kind == Kind::paper ? "paper" : "auto";
}

std::optional<double> RadiusRule::of(double simulated) const {
  if (kind == Kind::automatic) return std::nullopt;
  return kind == Kind::paper ? simulated : pixels;
}

Expected<bool> Protocol::set(std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return failure(ErrorCode::invalid_argument,
                   std::format("The setting \"{}\" does not have the form KEY=VALUE.", assignment));
  const auto key = assignment.substr(0, equals);
  const auto word = assignment.substr(equals + 1);
  if (key == "border_counts")
    return choose<bool>(border_counts, key, word, {{"yes", true}, {"no", false}, {"1", true}, {"0", false}});
  if (key == "connectivity") return choose<int>(connectivity, key, word, {{"4", 4}, {"8", 8}});
  if (key == "auc")
    return choose<AucRule>(auc, key, word, {{"trapezoid", AucRule::trapezoid}, {"mean", AucRule::mean}});
  if (key == "no_error") return choose<bool>(clicks_without_error, key, word, {{"stop", false}, {"click", true}});
  return false;
}

}  // namespace gbrs
