// SPDX-License-Identifier: Apache-2.0
#include "eval_output.hpp"

#include <algorithm>
#include <map>

#include "eval_run.hpp"
#include "evaluation/drawing.hpp"
#include "evaluation/per_object.hpp"
#include "evaluation/plot.hpp"
#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

namespace fs = std::filesystem;

Expected<void> write_text(const fs::path& path, const std::string& text) {
  return write_file("result", path.string(), text);
}

Expected<void> write_picture_of(const fs::path& out, const EvalData& data, const ObjectResult& result,
                                const std::string& path) {
  const auto files = std::ranges::find(data.objects, result.object, &ObjectFiles::object);
  const auto loaded = load_object(data, *files);
  if (!loaded) return std::unexpected(loaded.error());
  const auto first = read_codes(first_prediction(out, result.object).string());
  if (!first) return std::unexpected(first.error());
  const auto last = read_codes(last_prediction(out, result.object).string());
  if (!last) return std::unexpected(last.error());
  if (first->codes.size() != loaded->truth.labels.size() || last->codes.size() != loaded->truth.labels.size())
    return failure(ErrorCode::damaged, "The kept predictions have other sizes than the images; --force begins anew.");
  const Drawing drawing = draw_object(loaded->picture.view(), loaded->truth, result.clicks, first->codes, last->codes);
  return write_picture(drawing.rgb, drawing.width, drawing.height, (out / path).string());
}

/// Paths of the pictures, relative to `out`, by object.
Expected<std::map<std::string, std::string>> write_pictures(const fs::path& out, const EvalData& data,
                                                            const ShownObjects& shown) {
  std::error_code error;
  fs::remove_all(out / "pictures", error);  // of an earlier run with fewer objects
  fs::create_directories(out / "pictures", error);
  if (error) return cannot_write("pictures", (out / "pictures").string(), error.message());
  std::map<std::string, std::string> paths;
  for (const auto* group : {&shown.best, &shown.median, &shown.worst})
    for (const ObjectResult* result : *group) {
      const std::string path = "pictures/" + result->object + ".jpg";
      if (auto done = write_picture_of(out, data, *result, path); !done) return std::unexpected(done.error());
      paths[result->object] = path;
    }
  return paths;
}

}  // namespace

Expected<void> write_output(const fs::path& out, const EvalData& data, const RunDescription& run,
                            const RunFigures& figures, std::span<const ObjectResult> results) {
  const ShownObjects shown = shown_objects(results);
  const auto pictures = write_pictures(out, data, shown);
  if (!pictures) return std::unexpected(pictures.error());
  const PlotLine lines[] = {{.name = "all objects", .values = figures.all.curve},
                            {.name = "worst tenth after the first click", .values = figures.bottom10.curve}};
  const std::pair<const char*, std::string> files[] = {
      {"per_object.csv", format_rows(object_rows(results))},
      {"curve.svg", click_plot(lines)},
      {"report.md", report_markdown(run, figures, shown, *pictures)},
      {"summary.json", summary_json(run, figures)},  // last: its presence says that the others are there
  };
  for (const auto& [name, text] : files)
    if (auto done = write_text(out / name, text); !done) return done;
  return {};
}

void remove_output(const fs::path& out) {
  std::error_code ignored;
  for (const char* name : {"summary.json", "report.md", "curve.svg", "per_object.csv", "pictures", "predictions"})
    fs::remove_all(out / name, ignored);
}

}  // namespace gbrs::cli
