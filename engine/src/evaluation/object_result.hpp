// SPDX-License-Identifier: Apache-2.0
#pragma once

// What became of one object; the form in which it is kept, so that a stopped run goes on.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"

namespace gbrs {

/// A click that was given, in image pixels.
struct GivenClick {
  int u = 0;  ///< column
  int v = 0;  ///< row
  bool is_positive = true;
  double radius = 0;  ///< attention radius that the engine used
  bool operator==(const GivenClick&) const = default;
};

struct ObjectResult {
  std::string object;                  ///< name of the mask without extension
  std::string image;                   ///< file name
  std::vector<double> ious;            ///< after clicks 1..N; the last one is repeated where no error was left
  std::vector<GivenClick> clicks;      ///< at most N
  std::vector<double> seconds;         ///< of each click: from Session::add to its final answer
  std::vector<double> encode_seconds;  ///< of each encoding: the image, and closer looks at the object
  std::size_t unsatisfied = 0;         ///< clicks that the last answer does not satisfy
  std::size_t notices = 0;             ///< steps about which the engine had something to say
  bool operator==(const ObjectResult&) const = default;
};

/// One line of JSON without its line break; parse_result gives back exactly the same values.
std::string format_result(const ObjectResult& result);
/// Errors: damaged.
Expected<ObjectResult> parse_result(std::string_view line);

}  // namespace gbrs
