// SPDX-License-Identifier: Apache-2.0
#pragma once

// What became of one image of a task that predicts something for every pixel (semantic, depth); the form in which it is
// kept, so that a stopped run goes on.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/semantic_metrics.hpp"
#include "gbrs/error.hpp"

namespace gbrs {

struct DenseClick {
  int u = 0;          ///< column
  int v = 0;          ///< row
  double target = 0;  ///< Click::target
  double radius = 0;  ///< attention radius that the engine used
  bool operator==(const DenseClick&) const = default;
};

struct DenseResult {
  std::string image;                                   ///< name of the image without extension
  std::string file;                                    ///< its file name
  std::map<std::string, std::vector<double>> metrics;  ///< by name: after clicks 0..N
  std::vector<ConfusionMatrix> confusion;              ///< semantic: after clicks 0..N; else empty
  std::vector<DenseClick> clicks;                      ///< at most N
  std::vector<double> seconds;                         ///< of each click: from Session::add to its final answer
  std::vector<double> encode_seconds;                  ///< of each encoding
  std::size_t unsatisfied = 0;                         ///< clicks that the last answer does not satisfy
  std::size_t notices = 0;                             ///< steps about which the engine had something to say
  bool operator==(const DenseResult&) const = default;
};

/// One line of JSON without its line break; parse_dense_result gives back exactly the same values.
std::string format_result(const DenseResult& result);
/// Errors: damaged.
Expected<DenseResult> parse_dense_result(std::string_view line);

}  // namespace gbrs
