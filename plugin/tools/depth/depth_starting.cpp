// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/depth/depth_starting.hpp"

#include <utility>

#include "base/translation.hpp"
#include "gimp/selecting.hpp"
#include "tools/depth/depth_result.hpp"
#include "tools/depth/depth_start.hpp"

namespace gbrs::plugin {

DepthStarting::DepthStarting(GimpImage* image, GimpProcedureConfig* config, Callbacks callbacks)
    : image_(image),
      config_(config),
      callbacks_(std::move(callbacks)),
      combo_(gtk_combo_box_text_new()),
      looked_([this] { look_again(); }, callbacks_.error) {
  g_object_ref_sink(combo_);
  GList* const cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(combo_));
  constexpr int kWidth = 16;  // characters: a layer's name may be as long as it likes
  g_object_set(cells->data, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", kWidth, nullptr);
  g_list_free(cells);
  gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(combo_), "", _("Nothing"));
  offer_names();
  g_object_bind_property(config, "start", combo_, "active-id",
                         static_cast<GBindingFlags>(G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL));
}

DepthStarting::~DepthStarting() { g_object_unref(combo_); }

// What is gone from the image stays in the list: to take away what is chosen would choose something else.
void DepthStarting::offer_names() {
  GtkTreeModel* const rows = gtk_combo_box_get_model(GTK_COMBO_BOX(combo_));
  for (const StartName& start : start_names(image_)) {
    bool is_there = false;
    GtkTreeIter row;
    for (gboolean is_row = gtk_tree_model_get_iter_first(rows, &row); is_row != FALSE && !is_there;
         is_row = gtk_tree_model_iter_next(rows, &row)) {
      gchar* id = nullptr;
      gtk_tree_model_get(rows, &row, gtk_combo_box_get_id_column(GTK_COMBO_BOX(combo_)), &id, -1);
      is_there = id != nullptr && start.name == id;
      g_free(id);
    }
    if (is_there) continue;
    const std::string text = start.is_channel ? formatted(_("%s (channel)"), start.name.c_str()) : start.name;
    gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(combo_), start.name.c_str(), text.c_str());
  }
}

bool DepthStarting::is_used() const { return !string_argument(config_, "start").empty(); }

DepthScale DepthStarting::scale() const {
  DepthScale scale = depth_scale_of(config_);
  if (scale.has_range() || !used_) return scale;
  scale.near = used_->near;
  scale.far = used_->far;
  scale.widens = true;
  return scale;
}

// A fit is good for this only.
std::string DepthStarting::key() const {
  std::string key;
  for (const char* const name : {"start", "near", "scale", "model"}) key += string_argument(config_, name) + '\n';
  return key;
}

Expected<Map> DepthStarting::read_greys() {
  const auto start = start_named(image_, string_argument(config_, "start"));
  if (!start) return std::unexpected(start.error());
  auto greys = read_start_greys(image_, *start);
  if (greys) start_ = *start;
  return greys;
}

Expected<void> DepthStarting::prepare(const Model& model, SessionOptions& options) {
  session_.reset();
  model_.reset();
  used_.reset();
  start_ = nullptr;
  offer_names();
  if (!is_used() || std::exchange(has_failed_, false)) return {};
  auto greys = read_greys();
  if (!greys) {
    g_object_set(config_, "start", "", nullptr);
    return std::unexpected(greys.error());
  }
  if (!depth_scale_of(config_).has_range()) {
    if (!fit_ || fit_->key != key()) {
      model_ = model;
      greys_ = std::move(*greys);
      return {};
    }
    used_ = fit_;
  }
  options.start = std::make_shared<const Map>(depths_of(std::move(*greys), scale()));
  return {};
}

bool DepthStarting::begin(const Pixels& pixels) {
  fit_.reset();  // the picture may be another one the next time
  if (!model_) return true;
  auto session =
      Session::create(*std::exchange(model_, std::nullopt), pixels.view(), {.publish_every = 0});
  if (!session) {
    callbacks_.error(session.error().message);
    return true;
  }
  session_.emplace(std::move(*session));
  session_->on_change([this] { looked_.request(); });
  looked_.request();
  return false;
}

void DepthStarting::look_again() {
  if (!session_) return;
  has_failed_ = session_->error().has_value();  // which the next session says, too
  const Answer answer = session_->answer();
  if (!has_failed_ && answer.is_empty()) return;
  session_.reset();
  if (!has_failed_) {
    const auto glance = glance_at(answer);
    if (!glance) {
      g_object_set(config_, "start", "", nullptr);  // the answer there is has none
      return callbacks_.error(glance.error().message);
    }
    const DepthScale scale = fitted(depth_scale_of(config_), greys_, *glance);
    g_debug("start: %g %g", scale.near, scale.far);
    fit_ = Fit{key(), scale.near, scale.far};
  }
  greys_ = {};
  callbacks_.restart();
}

GimpImage* DepthStarting::picture(GimpImage* image) {
  const bool is_there = start_ != nullptr && gimp_item_is_valid(GIMP_ITEM(start_));
  picture_.emplace(image, is_there ? start_ : nullptr);
  return picture_->get();
}

}  // namespace gbrs::plugin
