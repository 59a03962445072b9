// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/keeping.hpp"

#include <algorithm>
#include <format>
#include <string>
#include <utility>

#include "gimp/parasite.hpp"
#include "gimp/selecting.hpp"

namespace gbrs::plugin {
namespace {

/// What the greys of a start mean: ", near white, disparity, 1 to 4.5".
std::string written_greys(GimpProcedureConfig* config) {
  double nearest = 0;
  double farthest = 0;
  g_object_get(config, "nearest", &nearest, "farthest", &farthest, nullptr);
  return std::format(", near {}, {}, {} to {}", string_argument(config, "near"), string_argument(config, "scale"),
                     nearest, farthest);
}

/// What the answer begins with, as far as the procedure has arguments for it: "selection", "selection, band 12, kept".
std::string written_start(GimpProcedureConfig* config) {
  const auto has = [&](const char* name) {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(config), name) != nullptr;
  };
  std::string text = has("start") ? string_argument(config, "start") : "";
  if (text.empty()) {
    text = "nothing";
  } else if (has("nearest")) {
    text += written_greys(config);
  }
  if (!has("band") || !has("keep")) return text;
  double band = 0;
  gboolean is_kept = FALSE;
  g_object_get(config, "band", &band, "keep", &is_kept, nullptr);
  return std::format("{}, band {}{}", text, band, is_kept != FALSE ? ", kept" : "");
}

}  // namespace

Keeping::Keeping(GimpImage* image, Task task) : image_(image) { settings_.task = task; }

void Keeping::set_method(const Model& model, GimpProcedureConfig* config) {
  settings_.model = string_argument(config, "model");
  settings_.sha256 = model.info().weights_sha256;
  classes_ = model.info().classes;
  settings_.layer = string_argument(config, "layer");
  settings_.start = written_start(config);
  g_object_get(config, "iterations", &settings_.iterations, nullptr);
}

Expected<std::optional<KeptClicks>> Keeping::found() const {
  const auto text = attached_text(image_, settings_.task);
  if (!text) return std::nullopt;
  auto kept = parse_kept_clicks(*text);
  if (!kept) return std::unexpected(kept.error());
  if ((kept->steps.empty() && kept->painted.empty()) || kept->task != settings_.task) return std::nullopt;
  return std::move(*kept);
}

Said Keeping::said_by(const KeptClicks& found) const {
  Said said{found.steps, found.painted, classes_};
  if (found.sha256 == settings_.sha256) return said;
  const auto models = list_models();
  const auto model = std::ranges::find(models, found.sha256, &ModelInfo::weights_sha256);
  said.classes = model != models.end() ? model->classes : std::vector<std::string>{};
  return said;
}

bool Keeping::is_same_method(const KeptClicks& found) const {
  return found.sha256 == settings_.sha256 && found.layer == settings_.layer &&
         found.iterations == settings_.iterations && found.start == settings_.start;
}

void Keeping::keep(Said said) {
  if (said.steps.empty() && said.painted.empty() && !written_) return;  // an offer may be open
  settings_.steps = std::move(said.steps);
  settings_.painted = std::move(said.painted);
  if (settings_ == written_ || !gimp_image_is_valid(image_)) return;
  attach_text(image_, settings_.task, to_json(settings_));
  written_ = settings_;
}

}  // namespace gbrs::plugin
