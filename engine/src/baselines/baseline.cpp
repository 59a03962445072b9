// SPDX-License-Identifier: Apache-2.0
// The half of the baselines that is in libgbrs.

#include "gbrs/baseline.hpp"

#include <cmath>
#include <format>
#include <new>
#include <utility>

#include "baselines/baseline_border.hpp"
#include "imaging/picture.hpp"
#include "models/loader.hpp"
#include "models/model_state.hpp"
#include "models/names.hpp"

namespace gbrs {
namespace {

constexpr Names<BaselineMethod, 8> kNames{{
    {BaselineMethod::none, "network"},
    {BaselineMethod::rgb_brs, "rgb-brs"},
    {BaselineMethod::distmap_brs, "distmap-brs"},
    {BaselineMethod::f_brs_a, "f-brs-a"},
    {BaselineMethod::f_brs_b, "f-brs-b"},
    {BaselineMethod::f_brs_c, "f-brs-c"},
    {BaselineMethod::rgb_brs_lc, "rgb-brs-lc"},
    {BaselineMethod::distmap_brs_lc, "distmap-brs-lc"},
}};

FramePixels pixels_of(const Picture& picture) {
  const cv::Mat& all = picture.level(0);
  FramePixels pixels{.width = picture.width(), .height = picture.height(), .rgb = {}};
  pixels.rgb.reserve(3 * all.total());
  for (int row = 0; row < all.rows; ++row) pixels.rgb.insert(pixels.rgb.end(), all.ptr(row), all.ptr(row) + 3 * all.cols);
  return pixels;
}

}  // namespace

Expected<BaselineMethod> parse_baseline_method(std::string_view name) {
  if (name == "f-brs") return BaselineMethod::f_brs_b;
  return parse_name(kNames, name, "baseline");
}

std::string_view baseline_method_name(BaselineMethod method) { return name_of(kNames, method); }

class Baseline::Implementation {
 public:
  std::unique_ptr<LoadedBaseline> loaded;
  int width = 0, height = 0;
};

Expected<Baseline> Baseline::open(const Model& model, BaselineOptions options) {
  const Manifest& manifest = model.state_->manifest;
  if (manifest.task != Task::segment)
    return failure(ErrorCode::unsupported,
                   std::format("The model {} does not select objects, which the baselines do.", manifest.info.name));
  const auto symbol = backend_symbol("gbrs_baselines");
  if (!symbol) return std::unexpected(symbol.error());
  const Baselines* baselines = reinterpret_cast<BaselinesFunction>(*symbol)();
  if (baselines->border_size != kBaselineBorderSize)
    return failure(ErrorCode::unavailable, "The computing library is older than the program: install both anew.");
  auto loaded = baselines->open(manifest, model.state_->options, options);
  if (!loaded) return std::unexpected(loaded.error());
  auto implementation = std::make_unique<Implementation>();
  implementation->loaded = std::move(*loaded);
  return Baseline(std::move(implementation));
}

Baseline::Baseline(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Baseline::Baseline(Baseline&&) noexcept = default;
Baseline& Baseline::operator=(Baseline&&) noexcept = default;
Baseline::~Baseline() = default;

Expected<void> Baseline::begin(ImageView image) {
  const auto picture = Picture::copy(image);
  if (!picture) return std::unexpected(picture.error());
  implementation_->width = (*picture)->width();
  implementation_->height = (*picture)->height();
  try {
    return implementation_->loaded->begin(pixels_of(**picture));
  } catch (const std::bad_alloc& error) {
    return failure(ErrorCode::out_of_memory, "There is not enough memory for this picture.", error.what());
  }
}

Expected<Map> Baseline::add(const Click& click) {
  const bool is_inside =
      click.x >= 0 && click.x < implementation_->width && click.y >= 0 && click.y < implementation_->height;
  if (!is_inside) return failure(ErrorCode::invalid_argument, "The click lies outside the picture.");
  return implementation_->loaded->add(
      {.u = std::floor(click.x), .v = std::floor(click.y), .radius = click.radius, .target = click.target});
}

std::string Baseline::notice() const { return implementation_->loaded->notice(); }

}  // namespace gbrs
