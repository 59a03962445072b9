// SPDX-License-Identifier: Apache-2.0
#include "evaluation/per_image.hpp"

#include <algorithm>
#include <cassert>
#include <format>
#include <functional>
#include <ranges>
#include <utility>

#include "evaluation/csv.hpp"
#include "evaluation/metrics.hpp"

namespace gbrs {
namespace {

using Curves = std::map<std::string, std::vector<double>>;

/// Means over the rows, which have the same metrics and so go through theirs in step.
Curves mean_curves(std::span<const ImageRow> rows, std::span<const std::size_t> drawn) {
  Curves curves;
  for (const auto& [name, values] : rows[drawn.front()].metrics) curves[name].resize(values.size());
  for (const std::size_t number : drawn) {
    auto curve = curves.begin();
    for (const auto& [name, values] : rows[number].metrics) {
      std::ranges::transform(curve->second, values, curve->second.begin(), std::plus{});
      ++curve;
    }
  }
  for (auto& [name, curve] : curves)
    for (double& value : curve) value /= static_cast<double>(drawn.size());
  return curves;
}

/// Of all pixels of the drawn images together.
constexpr std::pair<const char*, double (*)(const ClassTotals&)> kClassMetrics[] = {
    {"miou", [](const ClassTotals& sum) { return sum.mean_iou().value_or(0); }},
    {"pixel_accuracy", [](const ClassTotals& sum) { return sum.pixel_accuracy(); }},
    {"mean_class_accuracy", [](const ClassTotals& sum) { return sum.mean_class_accuracy(); }},
    {"frequency_weighted_iou", [](const ClassTotals& sum) { return sum.frequency_weighted_iou(); }},
};

void add_class_curves(std::span<const ImageRow> rows, std::span<const std::size_t> drawn, Curves& curves) {
  curves["image_miou"] = curves.at("miou");
  std::vector<ClassTotals> sums(rows[drawn.front()].totals.size());
  for (const std::size_t number : drawn)
    for (std::size_t click = 0; click < sums.size(); ++click) sums[click].add(rows[number].totals[click]);
  for (const auto& [name, metric] : kClassMetrics) {
    auto& curve = curves[name];
    curve.resize(sums.size());
    std::ranges::transform(sums, curve.begin(), metric);
  }
}

/// Whether all metrics are there after as many clicks, at least one.
bool is_whole(const ImageRow& row) {
  if (row.metrics.empty()) return false;
  const std::size_t points = row.metrics.begin()->second.size();
  return points > 1 && (row.totals.empty() || row.totals.size() == points) &&
         std::ranges::all_of(row.metrics, [&](const auto& metric) { return metric.second.size() == points; });
}

bool has_same_form(const ImageRow& one, const ImageRow& other) {
  const auto classes = [](const ClassTotals& totals) { return totals.truth.size(); };
  return std::ranges::equal(one.metrics | std::views::keys, other.metrics | std::views::keys) &&
         one.metrics.begin()->second.size() == other.metrics.begin()->second.size() &&
         std::ranges::equal(one.totals, other.totals, {}, classes, classes);
}

}  // namespace

ImageRow image_row(const DenseResult& result) {
  ImageRow row{
      .image = result.image, .metrics = result.metrics, .totals = {}, .spc_median = quantile(result.seconds, 0.5)};
  for (const ConfusionMatrix& matrix : result.confusion) row.totals.push_back(matrix.totals());
  return row;
}

Expected<std::vector<ImageRow>> rows_of_table(std::string_view csv, std::map<std::string, ImageRow> kept) {
  const auto damaged = [](const std::string& detail) {
    return failure(ErrorCode::damaged, "The results of the images cannot be read.", detail);
  };
  const auto records = csv_records(csv);
  if (records.size() < 2 || records.front().front() != "image") return damaged("header or lines are missing");
  std::vector<ImageRow> rows;
  for (const auto& record : std::span(records).subspan(1)) {
    const auto row = kept.find(record.front());
    if (row == kept.end()) return damaged(std::format("nothing is kept of {}", record.front()));
    rows.push_back(std::move(row->second));
    kept.erase(row);
    if (!is_whole(rows.back()) || !has_same_form(rows.back(), rows.front()))
      return damaged(std::format("{} has other metrics than {}", rows.back().image, rows.front().image));
  }
  return rows;
}

Curves metric_curves(std::span<const ImageRow> rows, std::span<const std::size_t> drawn) {
  assert(!drawn.empty());
  Curves curves = mean_curves(rows, drawn);
  if (!rows[drawn.front()].totals.empty()) add_class_curves(rows, drawn, curves);
  return curves;
}

}  // namespace gbrs
