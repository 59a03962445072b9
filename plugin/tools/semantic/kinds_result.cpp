// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/semantic/kinds_result.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/translation.hpp"
#include "gimp/coverage.hpp"
#include "gimp/coverage_result.hpp"
#include "gimp/layer_writing.hpp"

namespace gbrs::plugin {
namespace {

/// Every kind in its colour, without anything in between, as a layer on top. Main thread only, but for render().
class LabelsResult final : public Result {
 public:
  LabelsResult(const Target& target, const Answer& answer, ModelInfo model)
      : target_(target), answer_(answer), model_(std::move(model)) {}

  Expected<void> render(const std::stop_token& stop, const std::function<void(double)>& progress) override;
  Expected<bool> write_some() override;
  [[nodiscard]] double fraction() const override { return writing_ ? writing_->fraction() : 0; }
  Expected<void> finish() override;

 private:
  [[nodiscard]] Expected<void> check() const;

  Target target_;
  Answer answer_;
  ModelInfo model_;
  std::vector<std::uint8_t> rgb_;
  std::optional<LayerWriting> writing_;
};

Expected<void> LabelsResult::render(const std::stop_token& stop, const std::function<void(double)>& progress) {
  std::map<int, std::array<std::uint8_t, 3>> colours;
  for (const int number : answer_.classes()) {
    const Colour colour = kind_colour(model_, number);
    colours[number] = {to_u8(static_cast<float>(colour.red)), to_u8(static_cast<float>(colour.green)),
                       to_u8(static_cast<float>(colour.blue))};
  }
  rgb_.reserve(3 * static_cast<std::size_t>(answer_.image_width()) * static_cast<std::size_t>(answer_.image_height()));
  return for_each_band(
      answer_, 1, stop, progress, [&](Rectangle part) { return answer_.render(part); },
      [&](const Map& band, int) {
        for (const float label : band.values) {
          const auto& colour = colours[static_cast<int>(label)];
          rgb_.insert(rgb_.end(), colour.begin(), colour.end());
        }
      });
}

// The image may have changed meanwhile.
Expected<void> LabelsResult::check() const {
  return check_kinds(target_, answer_.image_width(), answer_.image_height());
}

Expected<bool> LabelsResult::write_some() {
  if (writing_) return writing_->write_band();
  if (auto checked = check(); !checked) return std::unexpected(checked.error());
  writing_.emplace(
      target_.image, GIMP_RGB_IMAGE, _("Kinds"),
      LayerRows{LayerRows::Values::colours, answer_.image_width(), answer_.image_height(), rgb_.data()});
  return true;
}

Expected<void> LabelsResult::finish() {
  if (auto checked = check(); !checked) return checked;
  if (auto added = writing_->finish(); !added) return added;
  gimp_displays_flush();
  return {};
}

}  // namespace

Expected<void> check_kinds(const Target& target, int width, int height) {
  if (auto checked = check_target(target, width, height); !checked) return checked;
  if (target.output != Output::labels || gimp_image_get_base_type(target.image) == GIMP_RGB) return {};
  return failure(ErrorCode::unsupported,
                 _("Only an RGB image takes a layer of colours: convert it, or choose channels."));
}

std::unique_ptr<Result> kinds_result(const Target& target, const Answer& answer, const ModelInfo& model,
                                     const std::vector<Kind>& kinds) {
  if (target.output == Output::labels) return std::make_unique<LabelsResult>(target, answer, model);
  const auto part = [&](std::vector<int> classes, std::string name) {
    CoverageResult::Part made{
        target, [=](Depth depth, const std::stop_token& stop, const std::function<void(double)>& progress) {
          return render_classes(answer, classes, depth, stop, progress);
        }};
    made.target.name = std::move(name);
    return made;
  };
  std::vector<CoverageResult::Part> parts;
  std::vector<int> all;
  for (const Kind& kind : kinds) {
    all.push_back(kind.number);
    if (target.output != Output::selection) parts.push_back(part({kind.number}, kind.name));
  }
  if (target.output == Output::selection) parts.push_back(part(std::move(all), {}));
  return std::make_unique<CoverageResult>(std::move(parts));
}

}  // namespace gbrs::plugin
