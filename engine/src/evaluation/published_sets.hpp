// SPDX-License-Identifier: Apache-2.0
#pragma once

// Data sets as they are published: known by the folders that they have, and described by the dataset.json that they
// have not. What counts and how is that of their official evaluations.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/task.hpp"

namespace gbrs {

struct PublishedSet {
  std::string name;
  Task task;
  std::vector<std::string> parts;  ///< folders and files that it has, relative
  std::string called;              ///< in what the folder itself is called, in lower case; empty: anything
  std::string description;         ///< its dataset.json
};

/// All that are known.
std::span<const PublishedSet> published_sets();

/// The first set for `task` with the layout of `folder`; null: none.
const PublishedSet* find_published_set(const std::filesystem::path& folder, Task task);

/// The names of those for `task`, with commas.
std::string published_names(Task task);

}  // namespace gbrs
