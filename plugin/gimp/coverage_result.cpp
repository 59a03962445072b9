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
  if (!writings_.empty() && writings_.back()->write_band()) return true;
  const std::size_t next = writings_.size();
  if (next == parts_.size()) return false;
  Target target = parts_[next].target;
  if (parts_[next].make_layer) {
    const auto has_more = make_some_of_layer(next);
    if (!has_more || *has_more) return has_more;
    target.new_layer = std::exchange(making_, nullptr)->take();
  }
  auto begun = Writing::begin(target, std::move(rendered_[next]));
  if (!begun) return std::unexpected(begun.error());
  writings_.push_back(std::move(*begun));
  return true;
}

Expected<bool> CoverageResult::make_some_of_layer(std::size_t part) {
  // the image may have changed meanwhile
  const auto checked = check_target(parts_[part].target, rendered_[part].width, rendered_[part].height);
  if (!checked) return std::unexpected(checked.error());
  if (!making_) making_ = parts_[part].make_layer();
  return making_->make_some();
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
