// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/matte/matte_result.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "base/translation.hpp"
#include "gbrs/matting.hpp"
#include "gimp/bare_image.hpp"
#include "gimp/coverage_result.hpp"

namespace gbrs::plugin {
namespace {

/// What a new layer is made of.
struct Cutting {
  Map alpha;
  std::vector<std::uint8_t> colours;
};

Expected<Cutting> cut(const Answer& answer, const Pixels& pixels, const std::stop_token& stop) {
  auto alpha = answer.render();
  if (!alpha) return std::unexpected(alpha.error());
  auto colours = foreground_colours(pixels.view(), *alpha, stop);
  if (!colours) return std::unexpected(colours.error());
  return Cutting{std::move(*alpha), std::move(*colours)};
}

/// What is visible, with the object's own colours where it is partly opaque.
class SoftLayer final : public LayerMaking {
 public:
  SoftLayer(const Target& target, std::shared_ptr<const Cutting> cutting)
      : target_(target), cutting_(std::move(cutting)) {}
  ~SoftLayer() override {
    colours_.reset();
    if (layer_ != nullptr && gimp_item_is_valid(GIMP_ITEM(layer_))) gimp_item_delete(GIMP_ITEM(layer_));
  }

  Expected<bool> make_some() override {
    if (layer_ != nullptr) return colours_->write_band();
    const BareImage picture(target_.image);
    layer_ = gimp_layer_new_from_visible(picture.get(), target_.image, target_.name.c_str());
    if (layer_ == nullptr) return failure(ErrorCode::internal, _("GIMP could not make the layer."));
    colours_.emplace(layer_, cutting_->colours, cutting_->alpha);
    return true;
  }
  [[nodiscard]] GimpLayer* take() override {
    colours_.reset();
    return std::exchange(layer_, nullptr);
  }

 private:
  Target target_;
  std::shared_ptr<const Cutting> cutting_;
  GimpLayer* layer_ = nullptr;
  std::optional<SoftColourWriter> colours_;
};

}  // namespace

Expected<void> check_matte(const Target& target, int width, int height) {
  if (auto checked = check_target(target, width, height); !checked) return checked;
  if (target.output == Output::new_layer && gimp_image_get_base_type(target.image) == GIMP_INDEXED) {
    return failure(
        ErrorCode::unsupported,
        _("An indexed image has no room for the colours of a new layer: choose a layer mask, or convert it to "
          "RGB."));
  }
  return {};
}

std::unique_ptr<Result> matte_result(Target target, Detailed answer, std::shared_ptr<const Pixels> pixels) {
  target.name = _("Matte");
  const bool has_layer = target.output == Output::new_layer;
  const auto cutting = std::make_shared<Cutting>();
  const auto render = [=](Depth depth, const std::stop_token& stop,
                          const std::function<void(double)>& progress) -> Expected<Coverage> {
    constexpr double kLooking = 0.8;  // of the time
    const auto detailed = answer([&](double share) { progress(kLooking * share); }, stop);
    if (!detailed) return std::unexpected(detailed.error());
    auto coverage =
        render_coverage(*detailed, depth, {}, stop, [&](double share) { progress(kLooking + (1 - kLooking) * share); });
    if (!coverage || !has_layer) return coverage;
    auto made = cut(*detailed, *pixels, stop);
    if (!made) return std::unexpected(made.error());
    *cutting = std::move(*made);
    return coverage;
  };
  CoverageResult::Part part{.target = target, .render = render};
  if (has_layer) part.make_layer = [=] { return std::make_unique<SoftLayer>(target, cutting); };
  std::vector<CoverageResult::Part> parts;
  parts.push_back(std::move(part));
  return std::make_unique<CoverageResult>(std::move(parts));
}

}  // namespace gbrs::plugin
