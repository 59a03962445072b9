// SPDX-License-Identifier: Apache-2.0
#include "models/manifest.hpp"

#include <cmath>
#include <format>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace gbrs {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
/// A manifest is a page of text; more is not one. A byte can become 80 bytes of the parser's: "[[[[".
constexpr std::size_t kMaxManifestBytes = 64 << 10;

/// Thrown inside this file only; becomes an Error at its border.
struct BadMember {
  std::string what;
};

/// The library's own conversions cut off what does not fit and take true for 1.
template <class T>
bool is_exactly(const Json& json) {
  if constexpr (std::is_same_v<T, int>)
    return json.is_number_unsigned() ? std::in_range<int>(json.get<std::uint64_t>())
                                     : json.is_number_integer() && std::in_range<int>(json.get<std::int64_t>());
  else if constexpr (std::is_same_v<T, double>)
    return json.is_number();
  else
    return true;
}

template <class T>
T member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) throw BadMember{std::format("member \"{}\" is missing", name)};
  try {
    if (is_exactly<T>(*found)) return found->get<T>();
  } catch (const Json::exception&) {  // reported below
  }
  throw BadMember{std::format("member \"{}\" has the wrong type", name)};
}

void require(bool condition, const char* what) {
  if (!condition) throw BadMember{what};
}

RegionSettings read_region(const Json& object) {
  RegionSettings settings{.weight = member<double>(object, "weight"),
                          .likeness = member<double>(object, "likeness"),
                          .reach = member<double>(object, "reach"),
                          .steps = member<int>(object, "steps"),
                          .clicks = member<int>(object, "clicks")};
  require(settings.weight >= 0 && settings.reach >= 0, "\"region\" holds a negative number");
  require(settings.clicks >= 0, "the \"clicks\" of \"region\" are negative");
  require(settings.likeness >= 0 && settings.likeness <= 1, "the \"likeness\" of \"region\" is not within 0 to 1");
  require(settings.steps >= 1 && settings.steps <= 1000, "the \"steps\" of \"region\" are not within 1 to 1000");
  return settings;
}

ConsistencySettings read_consistency(const Json& object) {
  ConsistencySettings settings;
  if (object.contains("weight")) {
    settings.weight = member<double>(object, "weight");
    require(*settings.weight >= 0 && std::isfinite(*settings.weight), "the \"weight\" of \"consistency\" is negative");
  }
  MethodOptions words;  // which it shares with the method's options
  const auto read_word = [&](const char* name, const char* option) {
    if (!object.contains(name)) return;
    const bool is_known = set_option(words, std::format("{}={}", option, member<std::string>(object, name))).has_value();
    if (!is_known) throw BadMember{std::format("the \"{}\" of \"consistency\" is not known", name)};
  };
  read_word("to", "consistency_to");
  read_word("attention", "attention");
  settings.to = words.consistency_to.value_or(settings.to);
  settings.attention = words.attention.value_or(settings.attention);
  return settings;
}

/// "insertion" is a name or a list of names.
std::vector<std::string> read_insertions(const Json& object) {
  const auto found = object.find("insertion");
  if (found == object.end() || !found->is_array()) return {member<std::string>(object, "insertion")};
  const auto names = member<std::vector<std::string>>(object, "insertion");
  require(!names.empty(), "\"insertion\" names no place");
  return names;
}

RefinementSettings read_refinement(const Json& object) {
  RefinementSettings settings;
  settings.insertions = read_insertions(object);
  settings.is_scaled = member<bool>(object, "scaled");
  settings.top_channels = member<int>(object, "top_channels");
  require(settings.top_channels >= 0, "\"top_channels\" is negative");
  for (const auto& [name, rate] : member<Json::object_t>(object, "rates")) {
    const auto type = parse_layer_type(name);
    require(type.has_value(), "\"rates\" names an unknown layer type");
    require(rate.is_number() && rate.get<double>() > 0 && std::isfinite(rate.get<double>()),
            "\"rates\" holds something else than positive numbers");
    settings.rates[*type] = rate.get<double>();
  }
  if (object.contains("iterations")) settings.iterations = member<int>(object, "iterations");
  require(settings.iterations >= 1 && settings.iterations <= 1000, "\"iterations\" is not within 1 to 1000");
  if (object.contains("keeps_parameters")) settings.keeps_parameters = member<bool>(object, "keeps_parameters");
  if (object.contains("consistency")) settings.consistency = read_consistency(object.at("consistency"));
  if (object.contains("region")) settings.region = read_region(object.at("region"));
  if (object.contains("objects")) settings.objects = member<std::string>(object, "objects");
  require(settings.objects.find('/') == std::string::npos && !settings.objects.starts_with('.'),
          "\"objects\" is no model's name");
  if (object.contains("mirrors")) settings.mirrors = member<bool>(object, "mirrors");
  return settings;
}

InputSettings read_input(const Json& object) {
  InputSettings settings{.long_side = member<int>(object, "long_side"), .multiple = member<int>(object, "multiple")};
  require(settings.multiple >= 1 && settings.multiple <= 128, "\"multiple\" is not within 1 to 128");
  settings.rest = object.contains("rest") ? member<int>(object, "rest") : 1 % settings.multiple;
  require(settings.rest >= 0 && settings.rest < settings.multiple, "\"rest\" is not within 0 to \"multiple\" - 1");
  require(settings.long_side > settings.multiple && settings.long_side <= kMostLongSide + 1 &&
              settings.long_side % settings.multiple == settings.rest,
          "\"long_side\" is not a multiple of \"multiple\" plus \"rest\" (1), at most 4097");
  if (object.contains("close_ups")) settings.close_ups = member<bool>(object, "close_ups");
  return settings;
}

Manifest read_members(const Json& json, const std::filesystem::path& folder) {
  require(json.is_object(), "it is not a JSON object");
  require(member<int>(json, "format") == kFormat, "its \"format\" is another than 1, of a newer version perhaps");
  Manifest manifest;
  manifest.info = {.name = member<std::string>(json, "name"),
                   .task = member<std::string>(json, "task"),
                   .architecture = member<std::string>(json, "architecture"),
                   .license = member<std::string>(json, "license"),
                   .weights_sha256 = member<std::string>(member<Json>(json, "weights"), "sha256"),
                   .folder = folder};
  if (const auto task = parse_task(manifest.info.task)) manifest.task = *task;
  manifest.sources = member<std::vector<std::string>>(json, "sources");
  const std::string& sha256 = manifest.info.weights_sha256;
  require(sha256.size() == 64 && sha256.find_first_not_of("0123456789abcdef") == std::string::npos,
          "\"sha256\" is not 64 lower-case hexadecimal digits");
  if (json.contains("classes")) manifest.info.classes = member<std::vector<std::string>>(json, "classes");
  if (json.contains("unit")) manifest.info.unit = member<std::string>(json, "unit");
  if (json.contains("settings"))
    for (const auto& [name, value] : member<std::map<std::string, std::string>>(json, "settings"))
      manifest.settings.emplace(name, value);
  manifest.input = read_input(member<Json>(json, "input"));
  manifest.refinement = read_refinement(member<Json>(json, "refinement"));
  return manifest;
}

}  // namespace

Expected<Manifest> read_manifest(const std::filesystem::path& folder) {
  const auto path = folder / "manifest.json";
  std::error_code io_error;
  const bool is_file = std::filesystem::is_regular_file(path, io_error);
  std::ifstream file(path, std::ios::binary);
  if (!is_file || !file)
    return failure(ErrorCode::not_found,
                   std::format("There is no model in {}: manifest.json is missing.", folder.string()),
                   io_error.message());
  std::string text(kMaxManifestBytes + 1, '\0');  // one byte more shows that it is too long
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_manifest(text, folder);
}

Expected<Manifest> parse_manifest(std::string_view text, const std::filesystem::path& folder) {
  const auto damaged = [&](const std::string& what) {
    return failure(ErrorCode::damaged,
                   std::format("The model's {} cannot be used: {}.", (folder / "manifest.json").string(), what));
  };
  if (text.size() > kMaxManifestBytes) return damaged("it is larger than a manifest can be");
  try {
    return read_members(Json::parse(text), folder);
  } catch (const BadMember& bad) {
    return damaged(bad.what);
  } catch (const Json::exception& error) {
    return damaged("it is not valid JSON");
  }
}

}  // namespace gbrs
