// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dense_figures.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace gbrs {

bool is_error(std::string_view metric) {
  constexpr std::string_view errors[] = {"mse",    "sad",  "grad",     "conn",  "abs_rel",
                                         "sq_rel", "rmse", "rmse_log", "silog", "log10"};
  return std::ranges::contains(errors, metric);
}

DenseCurve curve_of(std::vector<double> values, const std::string& metric, AucRule rule) {
  DenseCurve curve{.images = 0, .curve = std::move(values)};
  curve.initial = curve.curve.front();
  curve.final = curve.curve.back();
  // the mean leaves out the answer before the clicks, which it would count like one after a click
  const auto clicked = std::span(curve.curve).subspan(rule == AucRule::mean ? 1 : 0);
  curve.auc = area_under_curve(clicked, rule);
  curve.best = is_error(metric) ? std::ranges::min(curve.curve) : std::ranges::max(curve.curve);
  return curve;
}

std::vector<std::size_t> worst_tenth(std::span<const ImageRow> rows, const std::string& metric) {
  std::vector<std::size_t> worst(rows.size());
  std::iota(worst.begin(), worst.end(), std::size_t{0});
  std::ranges::sort(worst, {}, [&, sign = is_error(metric) ? -1 : 1](std::size_t number) {
    return std::pair(sign * rows[number].metrics.at(metric).front(), rows[number].image);
  });
  worst.resize(std::max<std::size_t>(1, rows.size() / 10));
  return worst;
}

DenseFigures dense_figures(std::span<const DenseResult> results, const std::string& metric, AucRule rule) {
  assert(!results.empty());
  std::vector<ImageRow> rows;
  for (const DenseResult& result : results) rows.push_back(image_row(result));
  std::vector<std::size_t> all(rows.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  DenseFigures figures;
  figures.curves = metric_curves(rows, all);
  figures.all = curve_of(std::move(figures.curves.at(metric)), metric, rule);
  figures.all.images = rows.size();
  figures.curves.erase(metric);
  const auto worst = worst_tenth(rows, metric);
  figures.bottom10 = curve_of(metric_curves(rows, worst).at(metric), metric, rule);
  figures.bottom10.images = worst.size();
  figures.costs = costs_of(results);
  return figures;
}

}  // namespace gbrs
