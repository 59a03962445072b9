// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tables as RFC 4180 has them.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gbrs {

/// A field as it is written: one with a comma, a quote or a line break in quotes.
std::string csv_field(const std::string& field);

using CsvRecord = std::vector<std::string>;  ///< the fields of a line, at least one

/// The record that begins at `at`, which is moved behind it; it ends with a line or the text. None: a quote is open.
std::optional<CsvRecord> next_csv_record(std::string_view csv, std::size_t& at);

/// The lines of a table; none of them where a quote is open at the end.
std::vector<CsvRecord> csv_records(std::string_view csv);

}  // namespace gbrs
