// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/coverage_result.hpp"

#include <utility>

#include "gimp/bridge.hpp"

namespace gbrs::plugin {

CoverageResult::CoverageResult(std::vector<Part> parts)
    : parts_(std::move(parts)), depth_(sample_depth(parts_.front().target.image)) {}

Expected<void> CoverageResult::render(const std::stop_token& stop, const std::function<void(double)>& progress) {
  const auto count = static_cast<double>(parts_.size());
  for (const Part& part : parts_) {
    const auto done = static_cast<double>(rendered_.size());
    auto coverage = part.render(depth_, stop, [&](double share) { progress((done + share) / count); });
    if (!coverage) return std::unexpected(coverage.error());
    rendered_.push_back(std::move(*coverage));
  }
  return {};
}

Expected<bool> CoverageResult::write_some() {
  if (writings_.empty() || !writings_.back()->write_band()) {
    if (writings_.size() == parts_.size()) return false;
    const std::size_t next = writings_.size();
    const auto target = target_of(next);
    if (!target) return std::unexpected(target.error());
    auto begun = Writing::begin(*target, std::move(rendered_[next]));
    if (!begun) return std::unexpected(begun.error());
    writings_.push_back(std::move(*begun));
  }
  return true;
}

Expected<Target> CoverageResult::target_of(std::size_t part) const {
  Target target = parts_[part].target;
  if (!parts_[part].make_layer) return target;
  // the image may have changed meanwhile
  const auto checked = check_target(target, rendered_[part].width, rendered_[part].height);
  if (!checked) return std::unexpected(checked.error());
  const auto layer = parts_[part].make_layer();
  if (!layer) return std::unexpected(layer.error());
  target.new_layer = *layer;
  return target;
}

double CoverageResult::fraction() const {
  if (writings_.empty()) return 0;
  return (static_cast<double>(writings_.size() - 1) + writings_.back()->fraction()) /
         static_cast<double>(parts_.size());
}

Expected<void> CoverageResult::finish() {
  const UndoGroup group(parts_.front().target.image);
  for (const auto& writing : writings_) {
    if (auto finished = writing->finish(); !finished) return finished;
  }
  return {};
}

std::unique_ptr<Result> object_result(const Target& target, const Answer& answer, const Adjustments& adjustments) {
  const auto render = [=](Depth depth, const std::stop_token& stop, const std::function<void(double)>& progress) {
    return render_coverage(answer, depth, adjustments, stop, progress);
  };
  return std::make_unique<CoverageResult>(std::vector{CoverageResult::Part{target, render}});
}

}  // namespace gbrs::plugin
