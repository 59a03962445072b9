// SPDX-License-Identifier: GPL-3.0-or-later

// The plug-in as GIMP sees it: the list of its procedures. One process, the engine in it; libtorch is loaded
// by the engine when a session starts, so that GIMP's query and the first window do not wait for it.

#include <libgimp/gimp.h>

#include <string_view>

#include "procedures/depth_procedure.hpp"
#include "procedures/follow_path.hpp"
#include "procedures/hint_procedures.hpp"
#include "procedures/matte_procedure.hpp"
#include "procedures/select_procedure.hpp"
#include "procedures/semantic_procedure.hpp"

namespace {

struct GbrsPlugIn {
  GimpPlugIn parent;
};
struct GbrsPlugInClass {
  GimpPlugInClass parent;
};

GType gbrs_plug_in_get_type();
G_DEFINE_TYPE(GbrsPlugIn, gbrs_plug_in, GIMP_TYPE_PLUG_IN)

GList* query_procedures(GimpPlugIn*) {
  GList* names = g_list_append(nullptr, g_strdup(gbrs::plugin::kSelectProcedure));
  for (const char* name : {gbrs::plugin::kFollowProcedure, gbrs::plugin::kSemanticProcedure,
                           gbrs::plugin::kDepthProcedure, gbrs::plugin::kMatteProcedure}) {
    names = g_list_append(names, g_strdup(name));
  }
  for (const char* name : gbrs::plugin::kHintProcedures) names = g_list_append(names, g_strdup(name));
  return names;
}

GimpProcedure* create_procedure(GimpPlugIn* plug_in, const gchar* name) {
  using namespace gbrs::plugin;
  if (std::string_view{name} == kSelectProcedure) return create_select_procedure(plug_in);
  if (std::string_view{name} == kFollowProcedure) return create_follow_procedure(plug_in);
  if (std::string_view{name} == kSemanticProcedure) return create_semantic_procedure(plug_in);
  if (std::string_view{name} == kDepthProcedure) return create_depth_procedure(plug_in);
  if (std::string_view{name} == kMatteProcedure) return create_matte_procedure(plug_in);
  for (const char* known : kHintProcedures) {
    if (std::string_view{name} == known) return create_hint_procedure(plug_in, known);
  }
  return nullptr;
}

void gbrs_plug_in_class_init(GbrsPlugInClass* type) {
  GIMP_PLUG_IN_CLASS(type)->query_procedures = query_procedures;
  GIMP_PLUG_IN_CLASS(type)->create_procedure = create_procedure;
}

void gbrs_plug_in_init(GbrsPlugIn*) {}

}  // namespace

GIMP_MAIN(gbrs_plug_in_get_type())
