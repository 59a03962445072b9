// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tables as RFC 4180 has them.

#include <string>
#include <string_view>
#include <vector>

namespace gbrs {

/// A field as it is written: one with a comma, a quote or a line break in quotes.
std::string csv_field(const std::string& field);

/// The lines of a table, each with at least one field.
std::vector<std::vector<std::string>> csv_records(std::string_view csv);

}  // namespace gbrs
