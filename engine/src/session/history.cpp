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

void History::add(std::vector<Click> clicks) {
  if (!tip() || tip()->result) {
    push(child(tip(), {.clicks = std::move(clicks)}));
    return;
  }
  Step joined = tip()->step;
  joined.clicks.insert(joined.clicks.end(), clicks.begin(), clicks.end());
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
  step.is_refined = true;  // it was another step that was cancelled
  NodePointer tip = (*changed)->parent;
  if (!step.clicks.empty()) tip = child(tip, std::move(step));
  for (auto later = changed + 1; later != nodes.end(); ++later) tip = child(tip, (*later)->step);
  push(std::move(tip));
  return {};
}

void History::restore(const std::vector<Step>& steps) {
  NodePointer tip;
  for (const Step& step : steps)
    if (!step.clicks.empty()) tip = child(tip, step);
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
