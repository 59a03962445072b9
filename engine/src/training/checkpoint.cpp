// SPDX-License-Identifier: Apache-2.0
#include "training/checkpoint.hpp"

#include <ATen/ops/from_blob.h>

#include <format>
#include <nlohmann/json.hpp>

namespace gbrs {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr const char* kMember = "gbrs-training";  // of the file's metadata

std::string previous_name(std::size_t pool, std::size_t slot) { return std::format("previous/{}/{}", pool, slot); }

Json to_json(const SlotState& state) {
  Json clicks = Json::array();
  for (const PromptClick& click : state.clicks)
    clicks.push_back({click.u, click.v, click.target, click.radius ? Json(*click.radius) : Json()});
  return {{"crop", state.crop},
          {"view", std::vector<double>(state.view.val, state.view.val + 6)},
          {"clicks_left", state.clicks_left},
          {"starts_from_mask", state.starts_from_mask},
          {"habit", static_cast<int>(state.habit)},
          {"clicks", clicks}};
}

SlotState to_state(const Json& json) {
  SlotState state;
  state.crop = json.at("crop").get<std::uint64_t>();
  const auto view = json.at("view").get<std::vector<double>>();
  if (view.size() != 6) throw std::invalid_argument("a view that is not six numbers");
  std::ranges::copy(view, state.view.val);
  state.clicks_left = json.at("clicks_left").get<int>();
  state.starts_from_mask = json.at("starts_from_mask").get<bool>();
  const int habit = json.at("habit").get<int>();
  if (habit < 0 || habit > static_cast<int>(RadiusHabit::at_times)) throw std::invalid_argument("an unknown habit");
  state.habit = static_cast<RadiusHabit>(habit);
  for (const Json& click : json.at("clicks")) {
    PromptClick prompt{
        .u = click.at(0).get<double>(), .v = click.at(1).get<double>(), .target = click.at(2).get<double>()};
    if (!click.at(3).is_null()) prompt.radius = click.at(3).get<double>();
    state.clicks.push_back(prompt);
  }
  return state;
}

/// A copy, CV_32FC1.
cv::Mat to_mat(const Tensor& tensor) {
  if (tensor.dim() != 2 || tensor.scalar_type() != at::kFloat)
    throw std::invalid_argument("a previous answer of another kind");
  const Tensor values = tensor.contiguous();
  return cv::Mat(static_cast<int>(values.size(0)), static_cast<int>(values.size(1)), CV_32FC1, values.data_ptr<float>())
      .clone();
}

Tensor to_tensor(const cv::Mat& map) {
  return at::from_blob(map.clone().ptr<float>(), {map.rows, map.cols}, at::TensorOptions().dtype(at::kFloat)).clone();
}

Checkpoint read_state(TensorFile file, const Json& json) {
  Checkpoint checkpoint;
  checkpoint.recipe = json.at("recipe").get<std::string>();
  checkpoint.progress.samples = json.at("samples").get<std::int64_t>();
  checkpoint.progress.steps = json.at("steps").get<std::int64_t>();
  checkpoint.progress.crops = json.at("crops").get<std::uint64_t>();
  const Json& pools = json.at("pools");
  for (std::size_t i = 0; i < pools.size(); ++i) {
    auto& states = checkpoint.progress.pools.emplace_back();
    for (std::size_t j = 0; j < pools[i].size(); ++j) {
      states.push_back(to_state(pools[i][j]));
      const auto previous = file.tensors.find(previous_name(i, j));
      if (previous == file.tensors.end()) continue;
      states.back().previous = to_mat(previous->second);
      file.tensors.erase(previous);
    }
  }
  checkpoint.tensors = std::move(file.tensors);
  return checkpoint;
}

}  // namespace

Expected<void> write_checkpoint(const std::filesystem::path& path, const Training& training) {
  const Training::Progress progress = training.progress();
  TensorFile file{.tensors = training.weights().state(), .metadata = {}};
  Json pools = Json::array();
  for (std::size_t i = 0; i < progress.pools.size(); ++i) {
    Json states = Json::array();
    for (std::size_t j = 0; j < progress.pools[i].size(); ++j) {
      const SlotState& state = progress.pools[i][j];
      states.push_back(to_json(state));
      if (!state.previous.empty()) file.tensors.emplace(previous_name(i, j), to_tensor(state.previous));
    }
    pools.push_back(states);
  }
  file.metadata[kMember] =
      Json{{"format", kFormat},       {"recipe", training.recipe().text}, {"samples", progress.samples},
           {"steps", progress.steps}, {"crops", progress.crops},          {"pools", pools}}
          .dump();
  return write_tensors(path, file);
}

TensorMap Checkpoint::weights() const {
  TensorMap weights;
  for (const auto& [name, tensor] : tensors)
    for (const std::string prefix : {"value/", "frozen/"})
      if (name.starts_with(prefix)) weights.emplace(name.substr(prefix.size()), tensor);
  return weights;
}

Expected<Checkpoint> read_checkpoint(const std::filesystem::path& path) {
  auto file = read_tensors(path);
  if (!file) return std::unexpected(file.error());
  const auto member = file->metadata.find(kMember);
  if (member == file->metadata.end())
    return failure(ErrorCode::damaged, std::format("The file {} is not a training's checkpoint.", path.string()));
  try {
    const Json json = Json::parse(member->second);
    if (json.at("format").get<int>() != kFormat)
      return failure(ErrorCode::unsupported,
                     std::format("The checkpoint {} is of another version of this program.", path.string()));
    return read_state(std::move(*file), json);
  } catch (const std::exception& error) {  // Json::exception, or what is thrown above
    return failure(ErrorCode::damaged, std::format("The checkpoint {} is damaged.", path.string()), error.what());
  }
}

}  // namespace gbrs
