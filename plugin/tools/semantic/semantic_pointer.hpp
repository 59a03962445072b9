// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <utility>

#include "canvas/pointer_tool.hpp"
#include "gbrs/model.hpp"

namespace gbrs::plugin {

/// What clicks and strokes say of kinds of things.
class SemanticPointer final : public PointerTool {
 public:
  /// `on_picked`: the right button has taken this class from the picture.
  explicit SemanticPointer(std::function<void(int number)> on_picked) : on_picked_(std::move(on_picked)) {}

  void set_model(ModelInfo model) { model_ = std::move(model); }
  [[nodiscard]] const ModelInfo& model() const { return model_; }
  /// Whether a click is two places: the kind of the second is that of the first.
  void set_pairs(bool takes_pairs) { takes_pairs_ = takes_pairs; }
  /// The class that the left button says.
  void set_picked(int number) { picked_ = number; }
  [[nodiscard]] int picked() const { return picked_; }

  [[nodiscard]] Task task() const override { return Task::semantic; }
  [[nodiscard]] bool takes_strokes() const override { return true; }
  [[nodiscard]] bool takes_pairs() const override { return takes_pairs_; }
  [[nodiscard]] std::optional<Click> click(const Answer& answer, Point place, std::optional<double> radius,
                                           bool is_primary) override;
  /// One click with the way as its path.
  [[nodiscard]] std::vector<Click> stroke(const Answer& answer, std::span<const Point> places, double radius,
                                          bool is_primary) override;
  /// Into the picked class.
  [[nodiscard]] std::optional<Click> flipped(const Click& click) const override;
  [[nodiscard]] MarkerLook look(const Click& click) const override;
  [[nodiscard]] MarkerLook meant_look(bool is_primary) const override;
  [[nodiscard]] std::string words(const Click& click) const override;

 private:
  std::function<void(int)> on_picked_;
  ModelInfo model_;
  bool takes_pairs_ = false;
  int picked_ = 0;
};

}  // namespace gbrs::plugin
