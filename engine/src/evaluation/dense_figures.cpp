// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dense_figures.hpp"

#include <algorithm>
#include <cassert>

namespace gbrs {
namespace {

std::vector<double> mean_curve(std::span<const DenseResult> results, const std::string& metric) {
  std::vector<double> curve(results.front().metrics.at(metric).size());
  for (const DenseResult& result : results)
    std::ranges::transform(curve, result.metrics.at(metric), curve.begin(), std::plus{});
  for (double& value : curve) value /= static_cast<double>(results.size());
  return curve;
}

void add_class_curves(std::span<const DenseResult> results, std::map<std::string, std::vector<double>>& curves) {
  std::vector<ConfusionMatrix> sums = results.front().confusion;
  for (const DenseResult& result : results.subspan(1))
    for (std::size_t click = 0; click < sums.size(); ++click) sums[click].add(result.confusion[click]);
  for (const char* name : {"miou", "pixel_accuracy", "mean_class_accuracy", "frequency_weighted_iou"})
    curves[name].clear();
  for (const ConfusionMatrix& sum : sums) {
    curves["miou"].push_back(sum.mean_iou().value_or(0));
    curves["pixel_accuracy"].push_back(sum.pixel_accuracy());
    curves["mean_class_accuracy"].push_back(sum.mean_class_accuracy());
    curves["frequency_weighted_iou"].push_back(sum.frequency_weighted_iou());
  }
}

DenseCurve curve_of(std::vector<double> values, std::size_t images, AucRule rule, bool is_best_low) {
  DenseCurve curve{.images = images, .curve = std::move(values)};
  curve.initial = curve.curve.front();
  curve.final = curve.curve.back();
  // the mean leaves out the answer before the clicks, which it would count like one after a click
  const auto clicked = std::span(curve.curve).subspan(rule == AucRule::mean ? 1 : 0);
  curve.auc = area_under_curve(clicked, rule);
  curve.best = is_best_low ? std::ranges::min(curve.curve) : std::ranges::max(curve.curve);
  return curve;
}

}  // namespace

std::map<std::string, std::vector<double>> metric_curves(std::span<const DenseResult> results) {
  assert(!results.empty());
  std::map<std::string, std::vector<double>> curves;
  for (const auto& [name, values] : results.front().metrics) curves[name] = mean_curve(results, name);
  if (results.front().confusion.empty()) return curves;
  curves["image_miou"] = curves.at("miou");
  add_class_curves(results, curves);
  return curves;
}

bool is_error(std::string_view metric) {
  constexpr std::string_view errors[] = {"mse", "sad", "grad", "conn", "abs_rel", "sq_rel", "rmse", "rmse_log", "silog", "log10"};
  return std::ranges::contains(errors, metric);
}

std::vector<DenseResult> worst_tenth(std::span<const DenseResult> results, const std::string& metric) {
  std::vector<DenseResult> worst(results.begin(), results.end());
  std::ranges::sort(worst, {},
                    [&, sign = is_error(metric) ? -1 : 1](const DenseResult& one) {
                      return std::pair(sign * one.metrics.at(metric).front(), one.image);
                    });
  worst.erase(worst.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, results.size() / 10)), worst.end());
  return worst;
}

DenseFigures dense_figures(std::span<const DenseResult> results, const std::string& metric, AucRule rule) {
  DenseFigures figures;
  figures.curves = metric_curves(results);
  figures.all = curve_of(std::move(figures.curves.at(metric)), results.size(), rule, is_error(metric));
  figures.curves.erase(metric);
  const auto worst = worst_tenth(results, metric);
  figures.bottom10 = curve_of(metric_curves(worst).at(metric), worst.size(), rule, is_error(metric));
  figures.costs = costs_of(results);
  return figures;
}

}  // namespace gbrs
