// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libgimp/gimp.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/adjustments.hpp"
#include "gbrs/gbrs.hpp"
#include "gimp/output.hpp"

// What the procedures that select have in common: arguments, results, and selecting without a window.

namespace gbrs::plugin {

/// Where refinement may change something.
enum class Places { network, picture_too };

/// "model", "layer" and "iterations".
void add_method_arguments(GimpProcedure* procedure, const char* model = "segment-small",
                          Places places = Places::network);
/// "operation".
void add_operation_argument(GimpProcedure* procedure);
/// "grow", "feather" and "contrast".
void add_edge_arguments(GimpProcedure* procedure);
/// These, and "operation" and "output".
void add_common_arguments(GimpProcedure* procedure);
/// "unsatisfied" and "report".
void add_results(GimpProcedure* procedure);

GimpValueArray* failed(GimpProcedure* procedure, const Error& error);
GimpValueArray* succeeded(GimpProcedure* procedure, const Answer& answer);

/// The value of an argument that is a text or a choice.
std::string string_argument(GimpProcedureConfig* config, const char* name);

/// Image types, menu, authors: what is the same for all of them.
void describe(GimpProcedure* procedure, const char* label, const char* blurb, const char* help,
              const char* menu = "<Image>/Select/[Modify]");
/// What GIMP's call of a procedure does; whatever is thrown becomes its error.
GimpValueArray* run_guarded(GimpProcedure* procedure, const std::function<GimpValueArray*()>& body);
/// The values for an answer, or for why there is none.
GimpValueArray* ended(GimpProcedure* procedure, const Expected<Answer>& answer);

/// What the arguments say. Errors: those of Model::open; of read_start; invalid_argument.
Expected<Model> open_model(GimpProcedureConfig* config, Task task = Task::segment);
Expected<SessionOptions> engine_options(GimpProcedureConfig* config);
/// The edge's adjustments: "grow", "feather" and "contrast".
Adjustments adjustments_of(GimpProcedureConfig* config);
/// Null: nothing.
Expected<std::shared_ptr<const Map>> start_of(const Target& target, GimpProcedureConfig* config);
Target target_of(GimpImage* image, GimpDrawable** drawables, GimpProcedureConfig* config);

/// Looks at `picture` and computes step after step, with GIMP's progress. Errors: those of reading and of the session.
Expected<Answer> compute(GimpImage* picture, Model model, SessionOptions options, const std::vector<Step>& steps);

/// Looks at `picture` (the target's image, or a copy of it), computes step after step, and writes the answer to the
/// target, with GIMP's progress. On an error the image is unchanged.
Expected<Answer> select_without_window(const Target& target, GimpImage* picture, const std::vector<Step>& steps,
                                       std::shared_ptr<const Map> start, GimpProcedureConfig* config);

}  // namespace gbrs::plugin
