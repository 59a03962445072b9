// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which classes of a model are which of a data set: by name.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gbrs/error.hpp"

namespace gbrs {

inline constexpr int kNoClass = -1;

struct ClassMatch {
  std::vector<int> data_of_model;                 ///< by the model's number; kNoClass: none of the data's
  std::vector<std::optional<int>> model_of_data;  ///< what a click on the class says; none: the model has it not

  /// The data's class of a model's number, kNoClass beyond those known.
  [[nodiscard]] int data_class(int number) const;
};

/// Names are the same if they are but for case, "_" and spaces. `assignments`: "MODEL=DATA" for those that are not,
/// where several classes of the model may be one of the data's (a click says the first one). A model without names has
/// the data's classes in their order. Errors: invalid_argument (an assignment of unknown names, no class in common).
Expected<ClassMatch> match_classes(std::span<const std::string> data, std::span<const std::string> model,
                                   std::span<const std::string> assignments);

}  // namespace gbrs
