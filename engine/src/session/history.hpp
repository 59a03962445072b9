// SPDX-License-Identifier: Apache-2.0
#pragma once

// The history of a session: steps as a tree whose nodes keep their results, and the versions that undo and
// redo go through. A version is the node of its last step; versions share the nodes of the steps they have
// in common, so undo and redo compute nothing and editing step k computes from step k on.
// Not thread-safe: the session guards it.

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/session.hpp"
#include "refine/backend.hpp"
#include "session/close_up.hpp"
#include "session/frame.hpp"
#include "session/object_finder.hpp"

namespace gbrs {

/// What the worker found out about a step.
struct StepResult {
  Frame frame;  ///< what the network saw
  StepOutput output;
  std::vector<double> radii;  ///< of the step's clicks, image pixels; 0: contradicted, the network did not see it
  double encode_ms = 0;
  CloseUps close_ups;    ///< on top of the answer
  double close_ms = 0;   ///< the step's own closer look; 0: none
  std::vector<bool> obeyed;  ///< for each click up to the step's, what the network says
  std::vector<ClickObject> objects;  ///< for each click up to the step's, what it is about
};

/// A step after the steps of its ancestors. Of `step` only is_refined ever changes.
struct StepNode {
  std::shared_ptr<StepNode> parent;  ///< null: the first step
  Step step;
  std::shared_ptr<const StepResult> result;  ///< null: not computed yet
};
using NodePointer = std::shared_ptr<StepNode>;

class History {
 public:
  /// The last step of the current version; null while there are no clicks.
  [[nodiscard]] const NodePointer& tip() const { return versions_[current_]; }
  /// The current version's nodes, first step first.
  [[nodiscard]] std::vector<NodePointer> path() const;
  [[nodiscard]] std::vector<Step> steps() const;
  [[nodiscard]] bool contains(const StepNode* node) const;
  /// The first step of the current version without a result; null: all are computed.
  [[nodiscard]] NodePointer first_unfinished() const;

  /// A new step; or, while the last step is unfinished, more clicks of that step (method.md, JOINED), where neither is
  /// a stroke or a box.
  void add(Step step);
  /// Changes or removes (nullopt) the click `index`; the step that had it and those after it become new.
  /// Errors: not_found.
  Expected<void> replace(std::size_t index, std::optional<Click> click);
  /// Another step in the place of the step `index`, or none if it is empty; those after it become new. Errors:
  /// not_found.
  Expected<void> replace_step(std::size_t index, Step step);
  void restore(const std::vector<Step>& steps);
  bool undo();
  bool redo();
  [[nodiscard]] bool can_undo() const { return current_ > 0; }
  [[nodiscard]] bool can_redo() const { return current_ + 1 < versions_.size(); }

  /// Records the unfinished steps of the current version as not refined.
  void cancel();

 private:
  void push(NodePointer tip);

  std::vector<NodePointer> versions_{nullptr};
  std::size_t current_ = 0;
};

/// A step as it stood when it was read: for use without the session's lock.
struct StepRecord {
  Step step;
  std::shared_ptr<const StepResult> result;
};

/// The steps from the first to `tip`.
std::vector<StepRecord> records_to(const NodePointer& tip);

}  // namespace gbrs
