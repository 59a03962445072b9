// SPDX-License-Identifier: Apache-2.0
#pragma once

// The method's options where the paper leaves a choice, and those of what goes beyond it. The defaults are what a
// user should have; none of them needs to be set. Written form: "KEY=VALUE", on the command line as --set.
//
//   key               values                     default   what it is
//   adam              reset | keep               reset     the optimiser's state from click to click
//   attention         disc | label               model's   semantic: where L_c lets go: of the click's disc, all or
//                                                          what has the clicked pixel's label
//   ce_norm           all | valid                all       semantic: losses are divided by all pixels | the labelled
//   close_up          on | off                   model's   segment: a click about a small part is followed by a closer
//                                                          look at that part
//   consistency       0 or more                  model's   lambda, the weight of L_c (paper, eq. 8-13)
//   consistency_to    labels | probabilities     model's   semantic: L_c holds the first answer's best classes (paper,
//                                                          eq. 9) | its probabilities of all classes
//   eps               above 0                    0.1       how far a push goes, in the answer's unit (paper, eq. 12)
//   frame             resample | reset           resample  bias map when the frame moves: moved along, or anew
//   insertions        1 or more                  all       layers go to the first so many of the model's places
//   iterate           last | best                last      which iterate is the answer
//   iterations        0 to 1000                  model's   at most so many optimiser steps a click
//   loss_at           network | frame            network   grid of the losses
//   min_radius        pixels of the picture      0         smallest attention radius
//   mirror            on | off                   model's   a refined answer is the mean with that for the mirror image
//   objects           on | off                   model's   semantic: a click is about the object it lies in, as a model
//                                                          of objects sees it
//   parameters        keep | reset               model's   from click to click: go on from those left, or anew
//   push_scale        off | on                   off       a push's step is made as long as moves the answer by eps
//   rate              above 0                    model's   learning rate
//   region            0 or more                  model's   weight a of the region loss for given radii; 0: off
//   region_clicks     0 or more                  model's   the loss acts at the first so many clicks of a history
//   region_likeness   0 to 1                     model's   tau: how alike a pixel must be to count
//   region_reach      0 or more                  model's   rho: share of the radius that counts
//   region_steps      1 to 1000                  model's   steps of the optimiser where the region loss is on
//   scaled            on | off                   model's   layers work on features divided by their deviation
//   stop              deficit | literal | none   deficit   early stop (segment only)
//   w_mode            project | sigmoid          project   how w of bmsb-m stays in [0, 1]
//   zoom              on | off                   on        look closer after the first clicks; at mattes, in the end

#include <optional>
#include <string_view>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"

namespace gbrs {

struct MethodOptions {
  enum class Stop { deficit, literal, none };
  enum class CrossEntropyNorm { all, valid };
  enum class Attention { disc, label };
  enum class ConsistencyTo { labels, probabilities };

  bool keeps_adam = false;
  std::optional<Attention> attention = std::nullopt;
  CrossEntropyNorm cross_entropy_norm = CrossEntropyNorm::all;
  std::optional<bool> comes_close = std::nullopt;
  std::optional<double> consistency = std::nullopt;
  std::optional<ConsistencyTo> consistency_to = std::nullopt;
  double push = 0.1;
  bool has_push_scale = false;
  std::optional<int> insertions = std::nullopt;
  bool resamples_bias_map = true;
  std::optional<int> iterations = std::nullopt;
  bool returns_best = false;
  bool has_loss_at_frame = false;
  double min_radius = 0;
  std::optional<bool> mirrors = std::nullopt;
  std::optional<bool> is_about_objects = std::nullopt;
  std::optional<bool> keeps_parameters = std::nullopt;
  std::optional<double> rate = std::nullopt;
  std::optional<double> region = std::nullopt;
  std::optional<int> region_clicks = std::nullopt;
  std::optional<double> region_likeness = std::nullopt;
  std::optional<double> region_reach = std::nullopt;
  std::optional<int> region_steps = std::nullopt;
  std::optional<bool> is_scaled = std::nullopt;
  Stop stop = Stop::deficit;
  bool has_sigmoid_weight = false;
  bool zooms = true;

  bool operator==(const MethodOptions&) const = default;
};

/// Sets one option from its written form. Errors: invalid_argument (unknown key, bad value; names what is allowed).
GBRS_API Expected<void> set_option(MethodOptions& options, std::string_view assignment);

}  // namespace gbrs
