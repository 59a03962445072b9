// SPDX-License-Identifier: Apache-2.0
#include "session/history.hpp"

#include <algorithm>
#include <format>
#include <utility>

namespace gbrs {
namespace {

NodePointer child(NodePointer parent, Step step) {
  return std::make_shared<StepNode>(StepNode{.parent = std::move(parent), .step = std::move(step), .result = nullptr});
}

bool is_one_gesture(const Step& step) { return step.is_stroke || step.box; }

std::vector<NodePointer> path_to(const NodePointer& tip) {
  std::vector<NodePointer> nodes;
  for (NodePointer node = tip; node; node = node->parent) nodes.push_back(node);
  std::ranges::reverse(nodes);
  return nodes;
}

}  // namespace

std::vector<StepRecord> records_to(const NodePointer& tip) {
  std::vector<StepRecord> records;
  for (const auto& node : path_to(tip)) records.push_back({node->step, node->result});
  return records;
}

std::vector<Step> History::steps() const {
  std::vector<Step> steps;
  for (const auto& node : path()) steps.push_back(node->step);
  return steps;
}

std::vector<NodePointer> History::path() const { return path_to(tip()); }

bool History::contains(const StepNode* node) const {
  const StepNode* at = tip().get();
  while (at != nullptr && at != node) at = at->parent.get();
  return at != nullptr;
}

NodePointer History::first_unfinished() const {
  NodePointer first;
  for (NodePointer node = tip(); node && !node->result; node = node->parent) first = node;
  return first;
}

void History::push(NodePointer tip) {
  versions_.resize(current_ + 1);
  versions_.push_back(std::move(tip));
  ++current_;
}

void History::add(Step step) {
  if (!tip() || tip()->result || is_one_gesture(step) || is_one_gesture(tip()->step)) {
    push(child(tip(), std::move(step)));
    return;
  }
  Step joined = tip()->step;
  joined.clicks.insert(joined.clicks.end(), step.clicks.begin(), step.clicks.end());
  joined.is_refined = true;
  push(child(tip()->parent, std::move(joined)));
}

Expected<void> History::replace(std::size_t index, std::optional<Click> click) {
  const auto nodes = path();
  std::size_t first = 0;  // of the step's clicks
  auto changed = nodes.begin();
  while (changed != nodes.end() && first + (*changed)->step.clicks.size() <= index)
    first += (*changed++)->step.clicks.size();
  if (changed == nodes.end())
    return failure(ErrorCode::not_found, std::format("There is no click number {}.", index + 1));
  Step step = (*changed)->step;
  const auto at = step.clicks.begin() + static_cast<std::ptrdiff_t>(index - first);
  if (click)
    *at = *click;
  else
    step.clicks.erase(at);
  if (step.clicks.size() < 2) step.is_stroke = false;
  return replace_step(static_cast<std::size_t>(changed - nodes.begin()), std::move(step));
}

Expected<void> History::replace_step(std::size_t index, Step step) {
  const auto nodes = path();
  if (index >= nodes.size())
    return failure(ErrorCode::not_found, std::format("There is no step number {}.", index + 1));
  step.is_refined = true;  // it was another step that was cancelled
  NodePointer tip = nodes[index]->parent;
  if (!step.is_empty()) tip = child(tip, std::move(step));
  for (std::size_t later = index + 1; later < nodes.size(); ++later) tip = child(tip, nodes[later]->step);
  push(std::move(tip));
  return {};
}

void History::restore(const std::vector<Step>& steps) {
  NodePointer tip;
  for (const Step& step : steps)
    if (!step.is_empty()) tip = child(tip, step);
  push(std::move(tip));
}

bool History::undo() {
  if (!can_undo()) return false;
  --current_;
  return true;
}

bool History::redo() {
  if (!can_redo()) return false;
  ++current_;
  return true;
}

void History::cancel() {
  for (NodePointer node = tip(); node && !node->result; node = node->parent) node->step.is_refined = false;
}

}  // namespace gbrs
