// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading a dataset.json, whatever its task: within the evaluation only.

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "evaluation/dataset_files.hpp"
#include "gbrs/error.hpp"

namespace gbrs {

/// An invalid_argument that says which file.
std::unexpected<Error> bad_dataset(const std::string& what);

/// The JSON object of a data set for `task`, with no keys but "task", those of files_of() and `keys`. Errors:
/// invalid_argument.
Expected<nlohmann::json> read_dataset(std::string_view text, std::string_view task, std::set<std::string> keys);

/// "images", "truths", "image_name", "truth_name" and "list"; `preset` where they are left out. Errors:
/// invalid_argument.
Expected<DatasetFiles> files_of(const nlohmann::json& json, DatasetFiles preset);

/// Whether masks may be pictures with a palette or colours, whose largest channel is the code ("coloured").
/// Errors: invalid_argument.
Expected<bool> is_coloured(const nlohmann::json& json);

/// A code of 8 bits. Errors: invalid_argument.
Expected<int> code_of(const nlohmann::json& json, const std::string& key);

}  // namespace gbrs
