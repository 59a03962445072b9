// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/layer_writing.hpp"

#include <algorithm>

#include "base/translation.hpp"
#include "gimp/coverage.hpp"

namespace gbrs::plugin {

LayerWriting::LayerWriting(GimpImage* image, GimpImageType type, const char* name, const LayerRows& rows)
    : image_(image), rows_(rows) {
  constexpr double kOpaquePercent = 100;
  layer_ = gimp_layer_new(image, name, rows.width, rows.height, type, kOpaquePercent,
                          gimp_image_get_default_new_layer_mode(image));
  writer_ = std::make_unique<LayerWriter>(layer_, rows);
}

LayerWriting::~LayerWriting() {
  writer_.reset();
  if (layer_ != nullptr && gimp_item_is_valid(GIMP_ITEM(layer_))) gimp_item_delete(GIMP_ITEM(layer_));
}

bool LayerWriting::write_band() {
  const int rows = std::min(band_rows(rows_.width), rows_.height - rows_written_);
  if (rows <= 0 || !gimp_image_is_valid(image_)) return false;
  writer_->write(rows_written_, rows);
  rows_written_ += rows;
  return rows_written_ < rows_.height;
}

double LayerWriting::fraction() const { return static_cast<double>(rows_written_) / std::max(rows_.height, 1); }

Expected<void> LayerWriting::finish() {
  if (!gimp_image_is_valid(image_)) return failure(ErrorCode::not_found, _("The image was closed."));
  writer_->end();
  writer_.reset();
  if (gimp_image_insert_layer(image_, layer_, nullptr, 0) == FALSE) {
    return failure(ErrorCode::internal, _("GIMP could not add the layer."));
  }
  layer_ = nullptr;
  return {};
}

}  // namespace gbrs::plugin
