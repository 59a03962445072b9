// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading a dataset.json, whatever its task: within the evaluation only.

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "gbrs/error.hpp"

namespace gbrs {

/// An invalid_argument that says which file.
std::unexpected<Error> bad_dataset(const std::string& what);

/// The JSON object of a data set for `task`, with no keys but "task", "images" and `keys`. Errors: invalid_argument.
Expected<nlohmann::json> read_dataset(std::string_view text, std::string_view task, std::set<std::string> keys);

/// The folder of the images; default "images". Errors: invalid_argument.
Expected<std::string> images_of(const nlohmann::json& json);
/// Errors: invalid_argument.
Expected<void> check_images(const std::string& images);

/// A code of 8 bits. Errors: invalid_argument.
Expected<int> code_of(const nlohmann::json& json, const std::string& key);

}  // namespace gbrs
