// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/window_layout.hpp"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <algorithm>
#include <vector>

#include "base/automatic_spin_button.hpp"
#include "base/engine_words.hpp"
#include "base/translation.hpp"
#include "base/widgets.hpp"
#include "gbrs/model.hpp"
#include "window/model_words.hpp"

namespace gbrs::plugin {
namespace {

GtkWidget* icon_button(const char* icon, const char* name, const char* tooltip) {
  GtkWidget* const button = gtk_button_new_from_icon_name(icon, GTK_ICON_SIZE_BUTTON);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_widget_set_focus_on_click(button, FALSE);
  atk_object_set_name(gtk_widget_get_accessible(button), name);
  return button;
}

GtkWidget* build_toolbar(WindowLayout& layout, WindowTool& tool) {
  layout.undo = icon_button("edit-undo", _("Undo click"), _("Undo the last change of the clicks (Ctrl+Z)"));
  layout.redo = icon_button("edit-redo", _("Redo click"), _("Redo what was undone (Ctrl+Shift+Z or Ctrl+Y)"));
  layout.fit = icon_button("zoom-fit-best", _("Fit"), _("Show the whole picture (0 or Ctrl+Shift+J)"));
  layout.actual_size = icon_button("zoom-original", _("1:1"), _("One image pixel to one screen pixel (1)"));
  layout.zoom_out = icon_button("zoom-out", _("Zoom out"), _("Zoom out (−, or Ctrl+wheel)"));
  layout.zoom_in = icon_button("zoom-in", _("Zoom in"), _("Zoom in (+, or Ctrl+wheel)"));
  layout.zoom_label = gtk_label_new(nullptr);
  gtk_label_set_width_chars(GTK_LABEL(layout.zoom_label), 6);
  gtk_label_set_xalign(GTK_LABEL(layout.zoom_label), 1);
  layout.view = gtk_combo_box_text_new();
  for (const ViewChoice& view : tool.views()) {
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(layout.view), view.name);
  }
  gtk_combo_box_set_active(GTK_COMBO_BOX(layout.view), 0);
  gtk_widget_set_focus_on_click(layout.view, FALSE);
  gtk_widget_set_tooltip_text(layout.view, tool.texts().views);
  layout.preview = toggle_button(_("Preview"),
                                 _("Where the pointer rests, show what a click there would give; with Ctrl, what an "
                                   "excluding one would (V). Only where the network is quick enough"));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(layout.preview), TRUE);
  gtk_widget_set_no_show_all(layout.preview, tool.has_preview() ? FALSE : TRUE);
  layout.brush =
      toggle_button(_("Brush"), _("Paint strokes instead of clicking (S); [ and ] change the brush's size"));
  gtk_widget_set_no_show_all(layout.brush, tool.pointer().takes_strokes() ? FALSE : TRUE);
  layout.show_clicks = toggle_button(_("C_licks"), _("List the clicks beside the picture (F9)"));

  GtkWidget* const help = gtk_label_new(tool.texts().hint);
  gtk_label_set_ellipsize(GTK_LABEL(help), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(help), 1);
  gtk_style_context_add_class(gtk_widget_get_style_context(help), GTK_STYLE_CLASS_DIM_LABEL);
  gtk_widget_set_tooltip_text(help, tool.texts().gestures);

  GtkWidget* const bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  for (GtkWidget* const widget : {layout.undo, layout.redo}) pack(bar, widget);
  pack(bar, gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  for (GtkWidget* const widget :
       {layout.fit, layout.actual_size, layout.zoom_out, layout.zoom_in, layout.zoom_label}) {
    pack(bar, widget);
  }
  pack(bar, gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  labelled(bar, _("_View:"), layout.view);
  pack(bar, layout.preview);
  pack(bar, layout.brush);
  pack(bar, layout.show_clicks);
  pack(bar, help, true);
  return bar;
}

GtkWidget* build_message_bar(WindowLayout& layout) {
  layout.message_bar = gtk_info_bar_new();
  gtk_info_bar_set_show_close_button(GTK_INFO_BAR(layout.message_bar), TRUE);
  layout.message = gtk_label_new(nullptr);
  gtk_label_set_line_wrap(GTK_LABEL(layout.message), TRUE);
  gtk_label_set_xalign(GTK_LABEL(layout.message), 0);
  gtk_label_set_selectable(GTK_LABEL(layout.message), TRUE);
  gtk_widget_set_can_focus(layout.message, FALSE);
  gtk_widget_show(layout.message);
  gtk_container_add(GTK_CONTAINER(gtk_info_bar_get_content_area(GTK_INFO_BAR(layout.message_bar))), layout.message);
  gtk_widget_set_no_show_all(layout.message_bar, TRUE);
  g_signal_connect(layout.message_bar, "response", G_CALLBACK(gtk_widget_hide), nullptr);
  return layout.message_bar;
}

// GtkOverlay makes a window for each of its children that may be higher than the child, and would take clicks from the
// picture beneath; a box with a window of its own takes those on the bar, and no others.
void float_over(GtkWidget* overlay, GtkWidget* bar, GtkAlign align) {
  GtkWidget* const box = gtk_event_box_new();
  gtk_container_add(GTK_CONTAINER(box), bar);
  gtk_widget_set_valign(box, align);
  gtk_overlay_add_overlay(GTK_OVERLAY(overlay), box);
  gtk_overlay_set_overlay_pass_through(GTK_OVERLAY(overlay), box, TRUE);
}

GtkWidget* build_status(WindowLayout& layout) {
  layout.progress = gtk_progress_bar_new();
  atk_object_set_name(gtk_widget_get_accessible(layout.progress), _("Progress"));
  // always two lines high: the picture is not to move when the text gets longer
  constexpr int kLines = 2;
  layout.status = gtk_label_new("\n");
  gtk_label_set_xalign(GTK_LABEL(layout.status), 0);
  gtk_label_set_yalign(GTK_LABEL(layout.status), 0);
  gtk_label_set_line_wrap(GTK_LABEL(layout.status), TRUE);
  gtk_label_set_lines(GTK_LABEL(layout.status), kLines);
  gtk_label_set_ellipsize(GTK_LABEL(layout.status), PANGO_ELLIPSIZE_END);
  gint height = 0;
  gtk_widget_get_preferred_height(layout.status, nullptr, &height);
  gtk_widget_set_size_request(layout.status, -1, height);
  atk_object_set_role(gtk_widget_get_accessible(layout.status), ATK_ROLE_STATUSBAR);
  GtkWidget* const column = gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing);
  pack(column, layout.progress);
  pack(column, layout.status);
  return column;
}

/// A list that was not seen yet has no height for GTK, which then finds room for it below any box.
void make_list_ready(GtkWidget* combo_box, gpointer) {
  AtkObject* const list = gtk_combo_box_get_popup_accessible(GTK_COMBO_BOX(combo_box));
  GtkWidget* const rows = GTK_IS_ACCESSIBLE(list) ? gtk_accessible_get_widget(GTK_ACCESSIBLE(list)) : nullptr;
  if (rows != nullptr) gtk_widget_realize(rows);
}

/// The choice is made in a list below or above the box, whichever has room. GTK's menu lays the chosen line over the
/// box instead, and what that pushes off the screen has to be scrolled to.
void choose_from_list(GtkWidget* combo_box) {
  GtkCssProvider* const style = gtk_css_provider_new();
  gtk_css_provider_load_from_data(style, "* { -GtkComboBox-appears-as-list: 1; }", -1, nullptr);
  gtk_style_context_add_provider(gtk_widget_get_style_context(combo_box), GTK_STYLE_PROVIDER(style),
                                 GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref(style);
  g_signal_connect_after(combo_box, "map", G_CALLBACK(make_list_ready), nullptr);
}

GtkWidget* model_choice(GObject* config, Task task) {
  GtkWidget* const choice = gtk_combo_box_text_new();
  choose_from_list(choice);
  std::vector<ModelInfo> models = list_models();
  std::erase_if(models, [&](const ModelInfo& model) { return model.task != task_name(task); });
  for (const ModelInfo& model : models) {
    gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(choice), model.name.c_str(), model_label(model).c_str());
  }
  gtk_widget_set_tooltip_text(choice, models_tooltip(models).c_str());
  g_object_bind_property(config, "model", choice, "active-id",
                         static_cast<GBindingFlags>(G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL));
  return choice;
}

GtkWidget* build_more(WindowLayout& layout, WindowTool& tool, GObject* config) {
  layout.more = gtk_expander_new_with_mnemonic(tool.texts().method);
  gtk_widget_set_tooltip_text(layout.more, _("What to begin with, and how the answer is looked for"));
  GtkWidget* const line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  gtk_container_set_border_width(GTK_CONTAINER(line), kSpacing);
  const auto add = [&](const char* label, GtkWidget* widget, const char* tooltip) {
    if (GTK_IS_COMBO_BOX(widget)) choose_from_list(widget);
    gtk_widget_set_tooltip_text(labelled(line, label, widget), tooltip);
  };
  if (GParamSpec* const start = g_object_class_find_property(G_OBJECT_GET_CLASS(config), "start"); start != nullptr) {
    GtkWidget* const own = tool.start_choice();
    add(_("Start fr_om:"), own != nullptr ? own : gimp_prop_choice_combo_box_new(config, "start"),
        g_param_spec_get_blurb(start));
  }
  labelled(line, _("Mo_del:"), model_choice(config, tool.pointer().task()));
  add(_("Ref_inement:"), gimp_prop_choice_combo_box_new(config, "layer"),
      _("What is optimised until the answer agrees with the clicks"));
  add(_("I_terations:"), automatic_spin_button(config, "iterations", 1, 10),
      _("At most so many optimisation steps a click; by itself it makes as many as suit the model"));
  gtk_container_add(GTK_CONTAINER(layout.more), line);
  return layout.more;
}

GtkWidget* build_buttons(WindowLayout& layout, WindowTool& tool, GObject* config) {
  const WindowTexts& texts = tool.texts();
  layout.choices = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  for (const ResultChoice& choice : tool.choices()) {
    GtkWidget* const box = gimp_prop_choice_combo_box_new(config, choice.property);
    choose_from_list(box);
    gtk_widget_set_tooltip_text(labelled(layout.choices, choice.label, box), choice.tooltip);
  }
  layout.stop = text_button(_("_Stop"), _("Stop refining and keep the first answer (Escape)"));
  layout.cancel = text_button(_("_Cancel"), _("Close the window and leave the image as it is"));
  layout.help = text_button(_("_Help"), _("Show how it is done (F1)"));
  layout.apply_next = text_button(_("Apply and ne_xt"), texts.apply_next);
  gtk_widget_set_no_show_all(layout.apply_next, texts.apply_next == nullptr ? TRUE : FALSE);
  layout.apply = text_button(_("_Apply"), texts.apply);
  gtk_style_context_add_class(gtk_widget_get_style_context(layout.apply), GTK_STYLE_CLASS_SUGGESTED_ACTION);

  GtkWidget* const buttons = gtk_button_box_new(GTK_ORIENTATION_HORIZONTAL);
  gtk_button_box_set_layout(GTK_BUTTON_BOX(buttons), GTK_BUTTONBOX_END);
  gtk_box_set_spacing(GTK_BOX(buttons), kSpacing);
  for (GtkWidget* const button : {layout.stop, layout.help, layout.cancel, layout.apply_next, layout.apply}) {
    pack(buttons, button);
    // as wide as its own text: where the texts are long, the window would become too wide for small screens
    gtk_button_box_set_child_non_homogeneous(GTK_BUTTON_BOX(buttons), button, TRUE);
  }
  gtk_button_box_set_child_secondary(GTK_BUTTON_BOX(buttons), layout.help, TRUE);
  GtkWidget* const line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2 * kSpacing);
  pack(line, layout.choices);
  pack(line, buttons, true);
  return line;
}

}  // namespace

void WindowLayout::show_message(const std::string& text, GtkMessageType type) const {
  const std::string words = in_users_words(text);
  g_debug("message: %s", words.c_str());
  gtk_label_set_text(GTK_LABEL(message), words.c_str());
  gtk_info_bar_set_message_type(GTK_INFO_BAR(message_bar), type);
  gtk_widget_show(message_bar);
}

void WindowLayout::hide_message() const { gtk_widget_hide(message_bar); }

// Never beyond the screen, where its buttons would be out of reach.
void WindowLayout::resize_by(int width_change, int height_change) const {
  GdkWindow* const shown = gtk_widget_get_window(window);
  if (shown == nullptr || gtk_window_is_maximized(GTK_WINDOW(window)) != FALSE) return;
  GdkRectangle screen;
  gdk_monitor_get_workarea(gdk_display_get_monitor_at_window(gtk_widget_get_display(window), shown), &screen);
  GdkRectangle frame;  // with what the window manager draws around it
  gdk_window_get_frame_extents(shown, &frame);
  gint width = 0;
  gint height = 0;
  gtk_window_get_size(GTK_WINDOW(window), &width, &height);
  const int border_width = std::max(0, frame.width - width);
  const int border_height = std::max(0, frame.height - height);
  width = std::max(1, std::min(width + width_change, screen.width - border_width));
  height = std::max(1, std::min(height + height_change, screen.height - border_height));
  const int x = std::max(screen.x, std::min(frame.x, screen.x + screen.width - border_width - width));
  const int y = std::max(screen.y, std::min(frame.y, screen.y + screen.height - border_height - height));
  gtk_window_resize(GTK_WINDOW(window), width, height);
  if (x != frame.x || y != frame.y) gtk_window_move(GTK_WINDOW(window), x, y);
}

void WindowLayout::show_side(bool is_shown) const {
  gint width = gtk_widget_get_allocated_width(side);
  gtk_widget_set_visible(side, is_shown);
  if (is_shown) gtk_widget_get_preferred_width(side, nullptr, &width);
  resize_by(is_shown ? width + kSpacing : -width - kSpacing, 0);
}

void WindowLayout::follow(GtkWidget* expander) const {
  gint height = 0;
  gtk_widget_get_preferred_height(gtk_bin_get_child(GTK_BIN(expander)), nullptr, &height);
  resize_by(0, gtk_expander_get_expanded(GTK_EXPANDER(expander)) != FALSE ? height : -height);
}

void WindowLayout::set_status(const std::string& text) const {
  gtk_label_set_text(GTK_LABEL(status), text.c_str());
  gtk_widget_set_tooltip_text(status, text.c_str());
}

void WindowLayout::set_progress(std::optional<double> fraction) const {
  // transparent rather than hidden: nothing moves when it comes and goes
  gtk_widget_set_opacity(progress, fraction ? 1 : 0);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(progress), std::clamp(fraction.value_or(0), 0.0, 1.0));
}

WindowLayout build_window(WindowTool& tool, const WindowParts& parts) {
  WindowLayout layout;
  layout.window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
  gtk_window_set_title(GTK_WINDOW(layout.window), formatted(tool.texts().title, parts.image_name.c_str()).c_str());
  gtk_window_set_role(GTK_WINDOW(layout.window), tool.texts().role);
  gtk_container_set_border_width(GTK_CONTAINER(layout.window), kSpacing);
  atk_object_set_description(gtk_widget_get_accessible(parts.canvas), tool.texts().keys);

  GtkWidget* const column = gtk_box_new(GTK_ORIENTATION_VERTICAL, kSpacing);
  pack(column, build_toolbar(layout, tool));
  // over the canvas: a picture that moved when a message comes would be clicked at a wrong place
  GtkWidget* const stack = gtk_overlay_new();
  gtk_container_add(GTK_CONTAINER(stack), parts.canvas);
  float_over(stack, build_message_bar(layout), GTK_ALIGN_START);
  float_over(stack, parts.offer_bar, GTK_ALIGN_END);
  layout.side = parts.click_list;
  gtk_widget_show_all(layout.side);
  gtk_widget_hide(layout.side);
  gtk_widget_set_no_show_all(layout.side, TRUE);
  layout.panel = tool.panel();
  layout.folded = tool.folded();
  GtkWidget* const middle = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, kSpacing);
  pack(middle, stack, true);
  if (layout.panel != nullptr) pack(middle, layout.panel);
  pack(middle, layout.side);
  pack(column, middle, true);
  pack(column, build_status(layout));
  if (layout.folded != nullptr) pack(column, layout.folded);
  pack(column, build_more(layout, tool, parts.config));
  pack(column, build_buttons(layout, tool, parts.config));
  gtk_container_add(GTK_CONTAINER(layout.window), column);

  // as large as the picture, within what a small and a usual screen have room for
  constexpr int kControlsHeight = 215;
  gint panel_width = 0;
  if (layout.panel != nullptr) {
    gtk_widget_show_all(layout.panel);
    gtk_widget_get_preferred_width(layout.panel, nullptr, &panel_width);
  }
  const int pixel_ratio = gtk_widget_get_scale_factor(layout.window);
  gtk_window_set_default_size(GTK_WINDOW(layout.window),
                              std::clamp(parts.image_width / pixel_ratio + 2 * kSpacing + panel_width, 860, 1160),
                              std::clamp(parts.image_height / pixel_ratio, 400, 720) + kControlsHeight);
  return layout;
}

}  // namespace gbrs::plugin
