// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/bridge.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/translation.hpp"
#include "gbrs/session.hpp"

namespace gbrs::plugin {
namespace {

struct Unref {
  void operator()(GeglBuffer* buffer) const { g_object_unref(buffer); }
};
using Buffer = std::unique_ptr<GeglBuffer, Unref>;

std::string_view encoding(GimpDrawable* drawable) {
  return babl_format_get_encoding(gimp_drawable_get_format(drawable));
}

// The drawable's own model ("Y" or "Y'") with samples of this type.
const Babl* own_format(GimpDrawable* drawable, Depth depth) {
  std::string name{encoding(drawable)};
  name.erase(std::min(name.find(' '), name.size()));
  switch (depth) {
    case Depth::u8:
      name += " u8";
      break;
    case Depth::u16:
      name += " u16";
      break;
    case Depth::u32:
      name += " u32";
      break;
    case Depth::f32:
      name += " float";
      break;
  }
  return babl_format(name.c_str());
}

// One of three formats, in the drawable's own space, whose numbers are those that it stores.
const Babl* like_own(GimpDrawable* drawable, const char* bent, const char* perceptual, const char* linear) {
  const bool is_bent = encoding(drawable).find('\'') != std::string_view::npos;
  const bool is_perceptual = encoding(drawable).find('~') != std::string_view::npos;
  return babl_format_with_space(is_bent         ? bent
                                : is_perceptual ? perceptual
                                                : linear,
                                gimp_drawable_get_format(drawable));
}

constexpr std::size_t kRgba = 4;

// The fault, with %s for the drawable's name; null: none.
const char* append_greys(std::span<const float> rgba, std::vector<float>& greys) {
  constexpr float kAlike = 0.02F;  // five steps of 8 bits: what a lossy file makes of a grey
  for (std::size_t i = 0; i < rgba.size(); i += kRgba) {
    const auto [least, most] = std::ranges::minmax(rgba.subspan(i, 3));
    if (rgba[i + 3] < 1 - kAlike) return _("“%s” is transparent in places: a start has a depth everywhere.");
    if (!std::isfinite(least) || !std::isfinite(most)) return _("“%s” has values that are no numbers.");
    if (most - least > kAlike * std::max(1.0F, most)) return _("“%s” has colours: a depth layer is grey.");
    greys.push_back(rgba[i + 1]);
  }
  return nullptr;
}

void update(GimpDrawable* drawable) {
  gimp_drawable_update(drawable, 0, 0, gimp_drawable_get_width(drawable), gimp_drawable_get_height(drawable));
}

}  // namespace

ImageView Pixels::view() const {
  return {.pixels = rgba.data(),
          .width = width,
          .height = height,
          .stride_bytes = static_cast<std::ptrdiff_t>(width) * 4,
          .format = PixelFormat::rgba8};
}

Expected<PictureReader> PictureReader::open(GimpImage* image) {
  const int width = gimp_image_get_width(image);
  const int height = gimp_image_get_height(image);
  if (const auto checked = check_picture_size(width, height); !checked) return std::unexpected(checked.error());
  GimpLayer** const layers = gimp_image_get_layers(image);
  const bool is_empty = layers == nullptr || layers[0] == nullptr;
  g_free(layers);
  GimpLayer* layer = is_empty ? nullptr : gimp_layer_new_from_visible(image, image, "gbrs");
  if (layer == nullptr) return failure(ErrorCode::unsupported, _("The image has nothing to see."));
  return PictureReader(layer, width, height);
}

PictureReader::PictureReader(GimpLayer* layer, int width, int height)
    : layer_(layer), buffer_(gimp_drawable_get_buffer(GIMP_DRAWABLE(layer))) {
  pixels_.width = width;
  pixels_.height = height;
  try {
    pixels_.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  } catch (...) {
    close();
    throw;
  }
}

PictureReader::PictureReader(PictureReader&& other) noexcept
    : layer_(std::exchange(other.layer_, nullptr)),
      buffer_(std::exchange(other.buffer_, nullptr)),
      pixels_(std::move(other.pixels_)),
      rows_read_(other.rows_read_) {}

PictureReader::~PictureReader() { close(); }

void PictureReader::close() {
  if (buffer_ != nullptr) g_object_unref(std::exchange(buffer_, nullptr));
  GimpLayer* layer = std::exchange(layer_, nullptr);
  if (layer != nullptr && gimp_item_is_valid(GIMP_ITEM(layer))) gimp_item_delete(GIMP_ITEM(layer));
}

bool PictureReader::read_band() {
  const int rows = std::min(band_rows(pixels_.width), pixels_.height - rows_read_);
  if (rows <= 0) return false;
  const GeglRectangle band{0, rows_read_, pixels_.width, rows};
  const std::size_t row_bytes = static_cast<std::size_t>(pixels_.width) * 4;
  std::uint8_t* const start = pixels_.rgba.data() + static_cast<std::size_t>(rows_read_) * row_bytes;
  // no space named: sRGB, which is what the networks were trained on; GEGL converts from any profile
  gegl_buffer_get(buffer_, &band, 1.0, babl_format("R'G'B'A u8"), start, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  const std::size_t bytes = static_cast<std::size_t>(rows) * row_bytes;
  for (std::size_t i = 3; i < bytes && pixels_.is_opaque; i += 4) pixels_.is_opaque = start[i] == 255;
  rows_read_ += rows;
  if (rows_read_ < pixels_.height) return true;
  close();
  return false;
}

double PictureReader::fraction() const { return static_cast<double>(rows_read_) / std::max(pixels_.height, 1); }

Expected<Pixels> read_picture(GimpImage* image) {
  auto reader = PictureReader::open(image);
  if (!reader) return std::unexpected(reader.error());
  while (reader->read_band()) {
  }
  return reader->take();
}

Depth sample_depth(GimpImage* image) {
  const std::string_view name = encoding(GIMP_DRAWABLE(gimp_image_get_selection(image)));
  if (name.ends_with(" u8")) return Depth::u8;
  if (name.ends_with(" u16")) return Depth::u16;
  if (name.ends_with(" u32")) return Depth::u32;
  return Depth::f32;
}

Coverage read_coverage(GimpDrawable* drawable, Depth depth, int first_row, int rows) {
  Coverage result = Coverage::empty(gimp_drawable_get_width(drawable), rows, depth);
  const Buffer buffer{gimp_drawable_get_buffer(drawable)};
  const GeglRectangle band{0, first_row, result.width, rows};
  gegl_buffer_get(buffer.get(), &band, 1.0, own_format(drawable, depth), result.data(), GEGL_AUTO_ROWSTRIDE,
                  GEGL_ABYSS_NONE);
  return result;
}

Map read_numbers(GimpDrawable* drawable, Samples samples, Rectangle part) {
  Map map{part.width, part.height,
          std::vector<float>(static_cast<std::size_t>(part.width) * static_cast<std::size_t>(part.height))};
  const Babl* const format = samples == Samples::alpha   ? babl_format("A float")
                             : samples == Samples::green ? babl_format("G' float")
                                                         : own_format(drawable, Depth::f32);
  const Buffer buffer{gimp_drawable_get_buffer(drawable)};
  const GeglRectangle area{part.x, part.y, part.width, part.height};
  gegl_buffer_get(buffer.get(), &area, 1.0, format, map.values.data(), GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return map;
}

Expected<Map> read_greys(GimpDrawable* drawable, Rectangle part) {
  const Buffer buffer{gimp_drawable_get_buffer(drawable)};
  const Babl* const format = like_own(drawable, "R'G'B'A float", "R~G~B~A float", "RGBA float");
  const int rows = band_rows(part.width);
  std::vector<float> band(kRgba * static_cast<std::size_t>(part.width) * static_cast<std::size_t>(rows));
  Map map{part.width, part.height, {}};
  map.values.reserve(static_cast<std::size_t>(part.width) * static_cast<std::size_t>(part.height));
  for (int first = 0; first < part.height; first += rows) {
    const GeglRectangle area{part.x, part.y + first, part.width, std::min(rows, part.height - first)};
    gegl_buffer_get(buffer.get(), &area, 1.0, format, band.data(), GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    const std::size_t pixels = static_cast<std::size_t>(area.width) * static_cast<std::size_t>(area.height);
    if (const char* const fault = append_greys(std::span(band).first(kRgba * pixels), map.values); fault != nullptr) {
      gchar* const name = gimp_item_get_name(GIMP_ITEM(drawable));
      const std::string text = formatted(fault, name);
      g_free(name);
      return failure(ErrorCode::unsupported, text);
    }
  }
  return map;
}

SoftColourWriter::SoftColourWriter(GimpLayer* layer, std::span<const std::uint8_t> rgb, const Map& alpha)
    : drawable_(GIMP_DRAWABLE(layer)),
      rgb_(rgb),
      alpha_(alpha),
      row_(kRgba * static_cast<std::size_t>(alpha.width)),
      buffer_(gimp_drawable_get_buffer(drawable_)) {}

bool SoftColourWriter::write_band() {
  const int end = std::min(alpha_.height, rows_written_ + band_rows(alpha_.width));
  for (; rows_written_ < end; ++rows_written_) write_row(rows_written_);
  if (rows_written_ < alpha_.height) return true;
  if (buffer_ == nullptr) return false;
  gegl_buffer_flush(buffer_.get());
  buffer_.reset();
  update(drawable_);
  return false;
}

void SoftColourWriter::write_row(int y) {
  constexpr std::size_t kColours = 3;
  constexpr float kMost = 255;
  const auto width = static_cast<std::size_t>(alpha_.width);
  const std::size_t first = static_cast<std::size_t>(y) * width;
  const std::span opacities(alpha_.values.data() + first, width);
  const auto is_soft = [](float value) { return value > 0 && value < 1; };
  if (std::ranges::none_of(opacities, is_soft)) return;
  const Babl* const format = babl_format("R'G'B'A float");
  const GeglRectangle line{0, y, alpha_.width, 1};
  gegl_buffer_get(buffer_.get(), &line, 1.0, format, row_.data(), GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (std::size_t x = 0; x < width; ++x) {
    if (!is_soft(opacities[x])) continue;
    for (std::size_t c = 0; c < kColours; ++c)
      row_[kRgba * x + c] = static_cast<float>(rgb_[kColours * (first + x) + c]) / kMost;
  }
  gegl_buffer_set(buffer_.get(), &line, 0, format, row_.data(), GEGL_AUTO_ROWSTRIDE);
}

LayerWriter::LayerWriter(GimpLayer* layer, const LayerRows& rows)
    : drawable_(GIMP_DRAWABLE(layer)), rows_(rows), buffer_(gimp_drawable_get_buffer(drawable_)) {}

void LayerWriter::write(int first_row, int rows) {
  const bool is_grey = rows_.values == LayerRows::Values::greys;
  const std::size_t row_bytes = static_cast<std::size_t>(rows_.width) * (is_grey ? sizeof(float) : 3);
  const Babl* const format =
      is_grey ? like_own(drawable_, "Y' float", "Y~ float", "Y float") : babl_format("R'G'B' u8");
  const GeglRectangle band{0, first_row, rows_.width, rows};
  gegl_buffer_set(buffer_.get(), &band, 0, format,
                  static_cast<const std::byte*>(rows_.data) + static_cast<std::size_t>(first_row) * row_bytes,
                  GEGL_AUTO_ROWSTRIDE);
}

void LayerWriter::end() {
  gegl_buffer_flush(buffer_.get());
  buffer_.reset();
  update(drawable_);
}

CoverageWriter::CoverageWriter(GimpDrawable* drawable, Into into, int x, int y)
    : drawable_(drawable),
      into_(into),
      buffer_(into == Into::shadow ? gimp_drawable_get_shadow_buffer(drawable) : gimp_drawable_get_buffer(drawable)),
      x_(x),
      y_(y) {}

void CoverageWriter::write(const Coverage& coverage, int first_row, int rows) {
  const int left = std::max(x_, 0);
  const int right = std::min(x_ + coverage.width, gegl_buffer_get_width(buffer_.get()));
  const int top = std::max(y_ + first_row, 0);
  const int bottom = std::min(y_ + first_row + rows, gegl_buffer_get_height(buffer_.get()));
  if (left >= right || top >= bottom) return;
  const GeglRectangle part{left, top, right - left, bottom - top};
  std::visit(
      [&]<class Sample>(const std::vector<Sample>& values) {
        const auto row_bytes = static_cast<gint>(static_cast<std::size_t>(coverage.width) * sizeof(Sample));
        const auto first = static_cast<std::ptrdiff_t>(top - y_) * coverage.width + (left - x_);
        gegl_buffer_set(buffer_.get(), &part, 0, own_format(drawable_, coverage.depth()), values.data() + first,
                        row_bytes);
      },
      coverage.samples);
}

void CoverageWriter::end() {
  gegl_buffer_flush(buffer_.get());
  buffer_.reset();
  if (into_ == Into::drawable) update(drawable_);
}

void CoverageWriter::merge() {
  gimp_drawable_merge_shadow(drawable_, TRUE);
  update(drawable_);
}

}  // namespace gbrs::plugin
