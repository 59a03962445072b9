// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/matte/matte_start.hpp"

#include <optional>
#include <utility>

#include "base/translation.hpp"
#include "gbrs/trimap.hpp"

namespace gbrs::plugin {
namespace {

Start start_of_choice(int id) { return id == kTrimapStart ? Start::channel : static_cast<Start>(id); }

}  // namespace

Expected<void> choose_start(const Target& target, GimpProcedureConfig* config) {
  const auto is_there = [&](int id) { return has_start(target.image, target.layer, start_of_choice(id)); };
  if (is_there(gimp_procedure_config_get_choice_id(config, "start"))) return {};
  for (const auto& [id, name] : {std::pair{Start::selection, "selection"}, std::pair{Start::layer_mask, "layer-mask"},
                                 std::pair{Start::channel, "channel"}, std::pair{Start::alpha, "alpha"}}) {
    if (!is_there(static_cast<int>(id))) continue;
    g_object_set(config, "start", name, nullptr);
    return {};
  }
  return failure(
      ErrorCode::invalid_argument,
      _("Nothing says where the object is yet. Select it first, with Select > Object by Clicks or roughly by "
        "hand, or give its layer a mask."));
}

Expected<void> read_known(const Target& target, GimpProcedureConfig* config, SessionOptions& options) {
  const int id = gimp_procedure_config_get_choice_id(config, "start");
  auto start = read_start(target.image, target.layer, start_of_choice(id));
  if (!start) return std::unexpected(start.error());
  if (id == kTrimapStart) {
    auto trimap = trimap_from(**start);
    if (!trimap) return std::unexpected(trimap.error());
    options.trimap = std::make_shared<const Trimap>(std::move(*trimap));
    return {};
  }
  double band = 0;
  gboolean is_kept = FALSE;
  g_object_get(config, "band", &band, "keep", &is_kept, nullptr);
  auto trimap = trimap_of(**start, band > 0 ? std::optional(band) : std::nullopt);
  if (!trimap) return std::unexpected(trimap.error());
  options.trimap = std::make_shared<const Trimap>(std::move(*trimap));
  if (is_kept != FALSE) options.start = std::make_shared<const Map>(std::move(**start));
  return {};
}

}  // namespace gbrs::plugin
