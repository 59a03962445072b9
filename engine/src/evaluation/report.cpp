// SPDX-License-Identifier: Apache-2.0
#include "evaluation/report.hpp"

#include <algorithm>
#include <format>

#include "evaluation/metrics.hpp"
#include "evaluation/report_parts.hpp"

namespace gbrs {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const CurveFigures& figures) {
  return {{"objects", figures.objects},
          {"noc85", figures.noc85},
          {"noc90", figures.noc90},
          {"noc85_at_limit", figures.at_limit85},
          {"noc90_at_limit", figures.at_limit90},
          {"initial", figures.initial},
          {"final", figures.final},
          {"auc", figures.auc},
          {"best", figures.best},
          {"curve", figures.curve}};
}

std::string figure_row(const std::string& name, const CurveFigures& figures) {
  return std::format("| {} | {} | {:.2f} | {:.2f} | {:.3f} | {:.3f} | {:.3f} | {:.3f} |\n", name, figures.objects,
                     figures.noc85, figures.noc90, figures.initial, figures.final, figures.auc, figures.best);
}

std::string figure_table(const RunFigures& figures) {
  return "| | objects | NoC@85 | NoC@90 | initial | final | AUC | best |\n| --- | --- | --- | --- | --- | --- | --- | "
         "--- |\n" +
         figure_row("all", figures.all) + figure_row("worst tenth", figures.bottom10);
}

std::string shown_section(const std::string& title, std::span<const ObjectResult* const> objects,
                          const std::map<std::string, std::string>& pictures) {
  std::string text = std::format("\n## {}\n", title);
  for (const ObjectResult* object : objects) {
    text += std::format("\n{}: IoU {:.3f} after the first click, {:.3f} after {}; mean {:.3f}.\n", object->object,
                        object->ious.front(), object->ious.back(), object->ious.size(), mean(object->ious));
    if (const auto picture = pictures.find(object->object); picture != pictures.end())
      text += std::format("\n![{}](<{}>)\n", object->object, picture->second);
  }
  return text;
}

}  // namespace

std::string summary_json(const RunDescription& run, const RunFigures& figures) {
  Json json{{"task", "segment"},
            {"model", run.model},
            {"layer", run.layer},
            {"images", figures.images},
            {"objects", figures.all.objects},
            {"clicks", run.clicks},
            {"radius", radius_json(run.radius)}};
  json.update(to_json(figures.all));
  json["bottom10"] = to_json(figures.bottom10);
  add_run(json, run, figures.costs);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

ShownObjects shown_objects(std::span<const ObjectResult> results) {
  std::vector<const ObjectResult*> ranked;
  for (const ObjectResult& result : results) ranked.push_back(&result);
  std::ranges::sort(ranked, [](const ObjectResult* a, const ObjectResult* b) {
    return std::pair(-mean(a->ious), a->object) < std::pair(-mean(b->ious), b->object);
  });
  const std::size_t share = std::min<std::size_t>(3, (ranked.size() + 2) / 3);
  const auto take = [&](std::size_t begin, std::size_t end) {
    return std::vector(ranked.begin() + static_cast<std::ptrdiff_t>(begin),
                       ranked.begin() + static_cast<std::ptrdiff_t>(end));
  };
  const std::size_t worst = std::max(share, ranked.size() - std::min(share, ranked.size()));
  const std::size_t middle = std::clamp((ranked.size() - std::min(share, ranked.size())) / 2, share, worst);
  return {.best = take(0, share),
          .median = take(middle, std::min(middle + share, worst)),
          .worst = take(worst, ranked.size())};
}

std::string report_markdown(const RunDescription& run, const RunFigures& figures, const ShownObjects& shown,
                            const std::map<std::string, std::string>& pictures) {
  std::string text = std::format("# Segmentation by simulated clicks: {}\n\n", run.data);
  text += std::format("Model {}, layer {}, {} objects of {} images, up to {} clicks, radius {}.\n\n", run.model,
                      run.layer, figures.all.objects, figures.images, run.clicks, run.radius);
  text += figure_table(figures);
  text += std::format(
      "\nSeconds per click: median {:.3f}, 95 % below {:.3f}; encoding an image: median {:.3f}. Clicks given: {}; not "
      "satisfied by the last answers: {}.\n\n![mean IoU over the number of clicks](curve.svg)\n",
      figures.costs.spc_median, figures.costs.spc_p95, figures.costs.encode_median, figures.costs.clicks,
      figures.costs.unsatisfied);
  text +=
      "\nPictures: left after the first click, right after the last. The selection keeps its colours; yellow: the "
      "object's outline; green and red: clicks on object and background with their radii.\n";
  text += shown_section("Best", shown.best, pictures);
  text += shown_section("Median", shown.median, pictures);
  text += shown_section("Worst", shown.worst, pictures);
  return text + skipped_section(run.skipped);
}

}  // namespace gbrs
