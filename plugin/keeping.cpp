// SPDX-License-Identifier: GPL-3.0-or-later
#include "keeping.hpp"

#include <utility>

#include "parasite.hpp"
#include "selecting.hpp"

namespace gbrs::plugin {

Keeping::Keeping(GimpImage* image, Task task) : image_(image) { settings_.task = task; }

void Keeping::set_method(const Model& model, GimpProcedureConfig* config) {
  settings_.model = string_argument(config, "model");
  settings_.sha256 = model.info().weights_sha256;
  settings_.layer = string_argument(config, "layer");
  const bool has_start = g_object_class_find_property(G_OBJECT_GET_CLASS(config), "start") != nullptr;
  settings_.start = has_start ? string_argument(config, "start") : "nothing";
  g_object_get(config, "iterations", &settings_.iterations, nullptr);
}

Expected<std::optional<KeptClicks>> Keeping::found() const {
  const auto text = attached_text(image_, settings_.task);
  if (!text) return std::nullopt;
  auto kept = parse_kept_clicks(*text);
  if (!kept) return std::unexpected(kept.error());
  if (kept->steps.empty() || kept->task != settings_.task) return std::nullopt;
  return std::move(*kept);
}

bool Keeping::is_same_method(const KeptClicks& found) const {
  return found.sha256 == settings_.sha256 && found.layer == settings_.layer &&
         found.iterations == settings_.iterations && found.start == settings_.start;
}

void Keeping::keep(std::vector<Step> steps) {
  if (steps.empty() && !written_) return;  // an offer may be open
  settings_.steps = std::move(steps);
  if (settings_ == written_ || !gimp_image_is_valid(image_)) return;
  attach_text(image_, settings_.task, to_json(settings_));
  written_ = settings_;
}

}  // namespace gbrs::plugin
