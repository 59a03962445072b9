// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a run is made: everything that its figures depend on beside model and data.

#include <optional>
#include <string>
#include <string_view>

#include "evaluation/metrics.hpp"
#include "gbrs/error.hpp"
#include "gbrs/session.hpp"

namespace gbrs {

/// The attention radius that comes with a simulated click.
struct RadiusRule {
  enum class Kind {
    paper,      ///< to the farthest pixel of the error region that holds the click (eq. 14)
    automatic,  ///< none: the engine chooses (method.md, AUTORADIUS)
    fixed,      ///< always `pixels`
  };
  Kind kind = Kind::paper;
  double pixels = 0;

  /// "paper", "auto" or a number of pixels. Errors: invalid_argument.
  static Expected<RadiusRule> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  /// The radius to click with, where eq. 14 says `simulated`; none: the engine chooses.
  [[nodiscard]] std::optional<double> of(double simulated) const;
};

struct Protocol {
  int clicks = 20;  ///< N
  RadiusRule radius;
  bool border_counts = true;          ///< method.md, `border_counts`
  int connectivity = 8;               ///< key `connectivity`
  bool clicks_without_error = false;  ///< ClickRules::NoError::click
  double jitter = 0;                  ///< ClickRules::jitter
  ClickMode mode = ClickMode::value;  ///< semantic, depth: what a click says
  AucRule auc = AucRule::trapezoid;
  SessionOptions session;

  /// Takes an assignment KEY=VALUE that is the evaluation's own: border_counts=yes|no, connectivity=4|8,
  /// auc=trapezoid|mean, no_error=stop|click. False: the key is not ours. Errors: invalid_argument.
  Expected<bool> set(std::string_view assignment);
};

}  // namespace gbrs
