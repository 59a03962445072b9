// SPDX-License-Identifier: Apache-2.0
#include "evaluation/figures.hpp"

#include <algorithm>
#include <cassert>
#include <set>
#include <string>

namespace gbrs {
namespace {

struct Noc {
  double mean = 0;
  std::size_t at_limit = 0;
};

Noc mean_noc(std::span<const ObjectResult> results, double threshold) {
  Noc noc;
  std::size_t sum = 0;
  for (const ObjectResult& result : results) {
    const int limit = static_cast<int>(result.ious.size());
    const int clicks = number_of_clicks(result.ious, threshold, limit);
    sum += static_cast<std::size_t>(clicks);
    noc.at_limit += clicks == limit ? 1 : 0;
  }
  noc.mean = static_cast<double>(sum) / static_cast<double>(results.size());
  return noc;
}

std::vector<double> mean_curve(std::span<const ObjectResult> results) {
  std::vector<double> curve(results.front().ious.size() + 1, 0.0);
  for (const ObjectResult& result : results)
    for (std::size_t i = 0; i < result.ious.size(); ++i) curve[i + 1] += result.ious[i];
  for (double& value : curve) value /= static_cast<double>(results.size());
  return curve;
}

}  // namespace

CurveFigures curve_figures(std::span<const ObjectResult> results, AucRule rule) {
  assert(!results.empty());
  const Noc noc85 = mean_noc(results, 0.85);
  const Noc noc90 = mean_noc(results, 0.90);
  CurveFigures figures{.objects = results.size(),
                       .noc85 = noc85.mean,
                       .noc90 = noc90.mean,
                       .at_limit85 = noc85.at_limit,
                       .at_limit90 = noc90.at_limit,
                       .curve = mean_curve(results)};
  const auto clicked = std::span(figures.curve).subspan(1);
  figures.initial = clicked.front();
  figures.final = clicked.back();
  figures.auc = area_under_curve(clicked, rule);
  figures.best = std::ranges::max(clicked);
  return figures;
}

std::vector<ObjectResult> worst_tenth(std::span<const ObjectResult> results) {
  std::vector<ObjectResult> worst(results.begin(), results.end());
  std::ranges::sort(worst, [](const ObjectResult& a, const ObjectResult& b) {
    return std::pair(a.ious.front(), a.object) < std::pair(b.ious.front(), b.object);
  });
  worst.resize(std::max<std::size_t>(1, results.size() / 10));
  return worst;
}

RunFigures run_figures(std::span<const ObjectResult> results, AucRule rule) {
  std::set<std::string> images;
  for (const ObjectResult& result : results) images.insert(result.image);
  return {.all = curve_figures(results, rule),
          .bottom10 = curve_figures(worst_tenth(results), rule),
          .images = images.size(),
          .costs = costs_of(results)};
}

}  // namespace gbrs
