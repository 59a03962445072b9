// SPDX-License-Identifier: Apache-2.0
#include "evaluation/compared_runs.hpp"

#include <algorithm>
#include <format>
#include <functional>
#include <limits>
#include <set>
#include <utility>

#include "evaluation/dense_figures.hpp"

namespace gbrs {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// The median over some rows of each one's seconds per click.
template <class Row>
double median_seconds(std::span<const Row> rows, std::span<const std::size_t> drawn) {
  std::vector<double> seconds;
  seconds.reserve(drawn.size());
  for (const std::size_t number : drawn) seconds.push_back(rows[number].spc_median);
  return median_of(seconds);
}

constexpr std::size_t kObjectClicks[] = {1, 3, 5, 10, 20};

std::vector<double> object_figures(std::span<const ObjectRow> rows, AucRule rule, std::span<const std::size_t> drawn) {
  double noc85 = 0, noc90 = 0;
  std::vector<double> curve(rows.front().ious.size());
  for (const std::size_t number : drawn) {
    noc85 += rows[number].noc85;
    noc90 += rows[number].noc90;
    std::ranges::transform(curve, rows[number].ious, curve.begin(), std::plus{});
  }
  const auto count = static_cast<double>(drawn.size());
  for (double& value : curve) value /= count;
  std::vector<double> figures{noc85 / count, noc90 / count};
  for (const std::size_t click : kObjectClicks) figures.push_back(click <= curve.size() ? curve[click - 1] : kNone);
  figures.insert(figures.end(), {area_under_curve(curve, rule), std::ranges::max(curve), median_seconds(rows, drawn)});
  return figures;
}

/// Numbers of clicks after which runs over images are compared: those of the paper's curves, and all there are.
std::set<std::size_t> image_clicks(std::span<const ComparedImages> runs) {
  std::set<std::size_t> lasts;
  for (const ComparedImages& run : runs) lasts.insert(run.rows.front().metrics.begin()->second.size() - 1);
  std::set<std::size_t> clicks = lasts;
  for (const std::size_t click : {0U, 1U, 5U, 10U, 20U})
    if (click <= *lasts.rbegin()) clicks.insert(click);
  return clicks;
}

std::vector<double> image_figures(const ComparedImages& run, std::span<const std::string> metrics,
                                  const std::set<std::size_t>& clicks, std::span<const std::size_t> drawn) {
  std::vector<double> figures;
  auto curves = metric_curves(run.rows, drawn);
  for (const std::string& metric : metrics) {
    const DenseCurve curve = curve_of(std::move(curves.at(metric)), metric, run.rule);
    for (const std::size_t click : clicks) figures.push_back(click < curve.curve.size() ? curve.curve[click] : kNone);
    const double gain = (curve.final - curve.initial) / curve.initial;
    figures.insert(figures.end(), {curve.auc, curve.best, is_error(metric) ? -gain : gain});
  }
  figures.push_back(median_seconds<ImageRow>(run.rows, drawn));
  return figures;
}

}  // namespace

Comparison compare_object_runs(std::span<const ComparedObjects> runs) {
  std::vector<std::string> names{"noc85", "noc90"};
  for (const std::size_t click : kObjectClicks) names.push_back(std::format("iou_{}", click));
  names.insert(names.end(), {"auc", "best", "spc_s"});
  std::vector<ComparedRun> compared;
  for (const ComparedObjects& run : runs) {
    auto& one = compared.emplace_back(ComparedRun{
        .name = run.name, .clicks = run.rows.front().ious.size(), .objects = {}, .figures = [&run](auto drawn) {
          return object_figures(run.rows, run.rule, drawn);
        }});
    for (const ObjectRow& row : run.rows) one.objects.push_back(row.object);
  }
  return compare_runs(compared, {std::move(names)}, "objects");
}

Comparison compare_image_runs(std::span<const ComparedImages> runs, std::span<const std::string> metrics) {
  const std::set<std::size_t> clicks = image_clicks(runs);
  FigureTables tables;
  for (const std::string& metric : metrics) {
    auto& names = tables.emplace_back();
    for (const std::size_t click : clicks) names.push_back(std::format("{}_{}", metric, click));
    for (const char* what : {"auc", "best", "gain"}) names.push_back(std::format("{}_{}", metric, what));
  }
  tables.push_back({"spc_s"});
  std::vector<ComparedRun> compared;
  for (const ComparedImages& run : runs) {
    auto& one = compared.emplace_back(
        ComparedRun{.name = run.name,
                    .clicks = run.rows.front().metrics.begin()->second.size() - 1,
                    .objects = {},
                    .figures = [&](auto drawn) { return image_figures(run, metrics, clicks, drawn); }});
    for (const ImageRow& row : run.rows) one.objects.push_back(row.image);
  }
  // a choice of images with classes adds up all their classes: a tenth of the resamples keeps 2000 images to minutes
  const bool has_classes = !runs.front().rows.front().totals.empty();
  return compare_runs(compared, std::move(tables), "images", has_classes ? kResamples / 10 : kResamples);
}

}  // namespace gbrs
