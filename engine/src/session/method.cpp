// SPDX-License-Identifier: Apache-2.0
#include "gbrs/method.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <format>
#include <string>
#include <utility>

namespace gbrs {
namespace {

Error bad_value(std::string_view key, std::string_view value, std::string_view allowed) {
  return {ErrorCode::invalid_argument, std::format("The option {} cannot be '{}': it takes {}.", key, value, allowed),
          ""};
}

/// What an option that may be unset holds when it is set.
template <class T>
struct Held {
  using Type = T;
};
template <class T>
struct Held<std::optional<T>> {
  using Type = T;
};

template <class T, std::size_t n>
Expected<void> set_word(T& target, std::string_view key, std::string_view value,
                        const std::pair<std::string_view, typename Held<T>::Type> (&words)[n]) {
  std::string allowed;
  for (const auto& [word, meaning] : words) {
    if (word == value) {
      target = meaning;
      return {};
    }
    allowed += (allowed.empty() ? "" : " or ") + std::string(word);
  }
  return std::unexpected(bad_value(key, value, allowed));
}

struct Range {
  double lowest = 0;
  double highest = 1e9;
  bool excludes_lowest = false;
  bool is_whole = false;
  std::string_view text = "a number of 0 or more";
};

template <class T>
Expected<void> set_number(T& target, std::string_view key, std::string_view value, const Range& range) {
  double number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool is_number = problem == std::errc() && end == value.data() + value.size() && std::isfinite(number);
  if (!is_number || number < range.lowest || number > range.highest ||
      (range.excludes_lowest && number == range.lowest) || (range.is_whole && number != std::floor(number)))
    return std::unexpected(bad_value(key, value, range.text));
  target = static_cast<typename Held<T>::Type>(number);
  return {};
}

using Setter = Expected<void> (*)(MethodOptions& options, std::string_view key, std::string_view value);

struct Key {
  std::string_view name;
  Setter set;
};

using Options = MethodOptions;
using Text = std::string_view;
constexpr Range kAboveZero{.excludes_lowest = true, .text = "a number above 0"};
constexpr Range kShare{.highest = 1, .text = "a number from 0 to 1"};

constexpr std::array kKeys{
    Key{"adam",
        [](Options& o, Text k, Text v) {
          return set_word(o.keeps_adam, k, v, {{"reset", false}, {"keep", true}});
        }},
    Key{"attention",
        [](Options& o, Text k, Text v) {
          using enum Options::Attention;
          return set_word(o.attention, k, v, {{"disc", disc}, {"label", label}});
        }},
    Key{"ce_norm",
        [](Options& o, Text k, Text v) {
          using enum Options::CrossEntropyNorm;
          return set_word(o.cross_entropy_norm, k, v, {{"all", all}, {"valid", valid}});
        }},
    Key{"close_up",
        [](Options& o, Text k, Text v) {
          return set_word(o.comes_close, k, v, {{"on", true}, {"off", false}});
        }},
    Key{"consistency", [](Options& o, Text k, Text v) { return set_number(o.consistency, k, v, {}); }},
    Key{"consistency_to",
        [](Options& o, Text k, Text v) {
          using enum Options::ConsistencyTo;
          return set_word(o.consistency_to, k, v, {{"labels", labels}, {"probabilities", probabilities}});
        }},
    Key{"eps", [](Options& o, Text k, Text v) { return set_number(o.push, k, v, kAboveZero); }},
    Key{"frame",
        [](Options& o, Text k, Text v) {
          return set_word(o.resamples_bias_map, k, v, {{"resample", true}, {"reset", false}});
        }},
    Key{"insertions",
        [](Options& o, Text k, Text v) {
          return set_number(o.insertions, k, v,
                            {.lowest = 1, .highest = 1e6, .is_whole = true, .text = "a whole number of 1 or more"});
        }},
    Key{"iterate",
        [](Options& o, Text k, Text v) {
          return set_word(o.returns_best, k, v, {{"last", false}, {"best", true}});
        }},
    Key{"iterations",
        [](Options& o, Text k, Text v) {
          return set_number(o.iterations, k, v,
                            {.highest = 1000, .is_whole = true, .text = "a whole number from 0 to 1000"});
        }},
    Key{"loss_at",
        [](Options& o, Text k, Text v) {
          return set_word(o.has_loss_at_frame, k, v, {{"network", false}, {"frame", true}});
        }},
    Key{"min_radius", [](Options& o, Text k, Text v) { return set_number(o.min_radius, k, v, {}); }},
    Key{"mirror",
        [](Options& o, Text k, Text v) {
          return set_word(o.mirrors, k, v, {{"on", true}, {"off", false}});
        }},
    Key{"objects",
        [](Options& o, Text k, Text v) {
          return set_word(o.is_about_objects, k, v, {{"on", true}, {"off", false}});
        }},
    Key{"parameters",
        [](Options& o, Text k, Text v) {
          return set_word(o.keeps_parameters, k, v, {{"keep", true}, {"reset", false}});
        }},
    Key{"push_scale",
        [](Options& o, Text k, Text v) {
          return set_word(o.has_push_scale, k, v, {{"off", false}, {"on", true}});
        }},
    Key{"rate", [](Options& o, Text k, Text v) { return set_number(o.rate, k, v, kAboveZero); }},
    Key{"region", [](Options& o, Text k, Text v) { return set_number(o.region, k, v, {}); }},
    Key{"region_clicks",
        [](Options& o, Text k, Text v) {
          return set_number(o.region_clicks, k, v,
                            {.highest = 1e6, .is_whole = true, .text = "a whole number of 0 or more"});
        }},
    Key{"region_likeness", [](Options& o, Text k, Text v) { return set_number(o.region_likeness, k, v, kShare); }},
    Key{"region_reach", [](Options& o, Text k, Text v) { return set_number(o.region_reach, k, v, {}); }},
    Key{"region_steps",
        [](Options& o, Text k, Text v) {
          return set_number(o.region_steps, k, v,
                            {.lowest = 1, .highest = 1000, .is_whole = true, .text = "a whole number from 1 to 1000"});
        }},
    Key{"scaled",
        [](Options& o, Text k, Text v) {
          return set_word(o.is_scaled, k, v, {{"on", true}, {"off", false}});
        }},
    Key{"stop",
        [](Options& o, Text k, Text v) {
          using enum Options::Stop;
          return set_word(o.stop, k, v, {{"deficit", deficit}, {"literal", literal}, {"none", none}});
        }},
    Key{"w_mode",
        [](Options& o, Text k, Text v) {
          return set_word(o.has_sigmoid_weight, k, v, {{"project", false}, {"sigmoid", true}});
        }},
    Key{"zoom",
        [](Options& o, Text k, Text v) {
          return set_word(o.zooms, k, v, {{"on", true}, {"off", false}});
        }},
};

}  // namespace

Expected<void> set_option(MethodOptions& options, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos)
    return failure(ErrorCode::invalid_argument, std::format("'{}' sets nothing: write KEY=VALUE.", assignment));
  const std::string_view name = assignment.substr(0, equals);
  std::string known;
  for (const Key& key : kKeys) {
    if (key.name == name) return key.set(options, name, assignment.substr(equals + 1));
    known += (known.empty() ? "" : ", ") + std::string(key.name);
  }
  return failure(ErrorCode::invalid_argument, std::format("There is no option {}; known: {}.", name, known));
}

}  // namespace gbrs
