// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dense_report.hpp"

#include <format>

#include "evaluation/csv.hpp"
#include "evaluation/report_parts.hpp"

namespace gbrs {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const DenseCurve& figures) {
  return {{"images", figures.images}, {"initial", figures.initial}, {"final", figures.final},
          {"auc", figures.auc},       {"best", figures.best},       {"curve", figures.curve}};
}

std::string figure_row(const std::string& name, const DenseCurve& figures) {
  return std::format("| {} | {} | {:.4f} | {:.4f} | {:.4f} | {:.4f} |\n", name, figures.images, figures.initial,
                     figures.final, figures.auc, figures.best);
}

}  // namespace

std::string summary_json(const DenseDescription& run, const DenseFigures& figures) {
  Json json{{"task", run.task},     {"model", run.model}, {"layer", run.layer},
            {"clicks", run.clicks}, {"mode", run.mode},   {"radius", radius_json(run.radius)},
            {"metric", run.metric}};
  json.update(to_json(figures.all));
  json["curves"] = figures.curves;
  json["bottom10"] = to_json(figures.bottom10);
  add_run(json, run, figures.costs);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string report_markdown(const DenseDescription& run, const DenseFigures& figures) {
  std::string text = std::format("# {} by simulated clicks: {}\n\n", run.task, run.data);
  text += std::format("Model {}, layer {}, {} images, up to {} clicks ({}), radius {}.\n\n", run.model, run.layer,
                      figures.all.images, run.clicks, run.mode, run.radius);
  text += std::format("| {} | images | initial | final | AUC | best |\n| --- | --- | --- | --- | --- | --- |\n",
                      run.metric);
  text += figure_row("all", figures.all) + figure_row("worst tenth", figures.bottom10);
  text += "\n| other metrics | initial | final |\n| --- | --- | --- |\n";
  for (const auto& [name, curve] : figures.curves)
    text += std::format("| {} | {:.4f} | {:.4f} |\n", name, curve.front(), curve.back());
  text += std::format(
      "\nSeconds per click: median {:.3f}, 95 % below {:.3f}. Clicks given: {}; not satisfied by the last answers: "
      "{}.\n\n![{} over the number of clicks](curve.svg)\n",
      figures.costs.spc_median, figures.costs.spc_p95, figures.costs.clicks, figures.costs.unsatisfied, run.metric);
  return text + skipped_section(run.skipped);
}

std::string per_image_csv(std::span<const DenseResult> results, const std::string& metric) {
  std::string text = "image";
  if (!results.empty())
    for (std::size_t i = 0; i < results.front().metrics.at(metric).size(); ++i)
      text += std::format(",{}_{}", metric, i);
  text += ",spc_median_s\n";
  for (const DenseResult& result : results) {
    text += csv_field(result.image);
    for (const double value : result.metrics.at(metric)) text += std::format(",{}", value);
    text += std::format(",{}\n", quantile(result.seconds, 0.5));
  }
  return text;
}

}  // namespace gbrs
