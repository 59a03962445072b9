// SPDX-License-Identifier: Apache-2.0
#pragma once

// Networks that users bring along: TorchScript modules. Such a file is a program; docs/scripts.md says what it must
// export.

#include <filesystem>
#include <string>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/model.hpp"

namespace gbrs {

/// Whether the model's network is a module, which runs when the model is used. Model::open and list_models take such a
/// model from the user's own models only (user_models_folder()), and only with a module that add_script has put there,
/// wherever its name came from.
[[nodiscard]] inline bool is_script(const ModelInfo& info) { return info.architecture == "script"; }
/// Its module, the file that ModelInfo::weights_sha256 is of.
[[nodiscard]] inline std::filesystem::path script_path(const ModelInfo& info) { return info.folder / "script.pt"; }

/// Makes one of the user's own models of a module and a manifest (models/README.md), which need not give `name`,
/// `architecture` and `weights`. RUNS THE MODULE: it may do whatever this process may, now and whenever the model is
/// used, so ask the user first. It is tried on a small picture, and no model is left behind where it is not as the
/// manifest says. `name` of the model; empty: the file's name without its extension. Blocks for as long as two answers
/// and a gradient take. Errors: not_found, damaged (manifest; not a whole module; the sentence says what does not fit),
/// invalid_argument (the name is no folder's name, or taken), io, those of Model::load.
GBRS_API Expected<ModelInfo> add_script(const std::filesystem::path& file, const std::filesystem::path& manifest,
                                        const std::string& name = {});

}  // namespace gbrs
