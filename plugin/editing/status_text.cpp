// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/status_text.hpp"

#include <algorithm>

#include "base/translation.hpp"
#include "editing/marks.hpp"

namespace gbrs::plugin {
namespace {

// Beyond these the line would not fit; their markers show the others.
constexpr std::size_t kNamedClicks = 3;

std::string unsatisfied_text(const Answer& answer) {
  std::string text;
  std::size_t named = 0;
  const auto verdicts = mark_verdicts(answer);
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const ClickVerdict& verdict = verdicts[i];
    if (verdict.is_satisfied) continue;
    if (++named > kNamedClicks) continue;
    text += ' ';
    text += verdict.contradicts
                ? formatted(_("Click %zu is not obeyed: click %zu says the opposite of the same pixel."), i + 1,
                            *verdict.contradicts + 1)
                : formatted(_("Click %zu is not obeyed yet: another click beside it may help."), i + 1);
  }
  if (named > kNamedClicks) {
    const std::size_t others = named - kNamedClicks;
    text += ' ';
    text += formatted(ngettext("%zu more is not obeyed.", "%zu more are not obeyed.", others), others);
  }
  return text;
}

}  // namespace

std::string progress_text(const Progress& progress, const char* looking) {
  switch (progress.phase) {
    case Progress::Phase::idle:
      return {};
    case Progress::Phase::loading:
      return _("Loading the network…");
    case Progress::Phase::encoding:
      return _("Looking at the picture…");
    case Progress::Phase::first_answer:
      return looking;
    case Progress::Phase::refining:
      return formatted(_("Refining: iteration %d of at most %d"), progress.iteration, progress.iterations);
  }
  return {};
}

std::optional<double> progress_fraction(const Progress& progress) {
  // the phases before the iterations take about as long as these together (measured on the shipped model)
  constexpr double kBefore = 0.5;
  switch (progress.phase) {
    case Progress::Phase::idle:
      return std::nullopt;
    case Progress::Phase::loading:
      return kBefore * 0.2;
    case Progress::Phase::encoding:
      return kBefore * 0.5;
    case Progress::Phase::first_answer:
      return kBefore * 0.8;
    case Progress::Phase::refining:
      return kBefore + (1 - kBefore) * progress.iteration / std::max(progress.iterations, 1);
  }
  return std::nullopt;
}

std::string answer_text(const Answer& answer, const char* what_to_do) {
  const std::size_t marks = marks_of(answer.history()).size();
  if (marks == 0) return what_to_do;
  const StepReport& last = answer.steps().back();
  constexpr double kMillisecondsPerSecond = 1000.0;
  const double milliseconds = last.encode_ms + last.first_ms + last.refine_ms + last.mirror_ms + last.close_ms;
  const double seconds = milliseconds / kMillisecondsPerSecond;
  const bool has_shapes = std::ranges::any_of(answer.history(), [](const Step& step) {
    return step.box || step.is_stroke || std::ranges::any_of(step.clicks, [](const Click& click) { return !click.path.empty(); });
  });
  std::string text = has_shapes ? formatted(ngettext("%zu mark.", "%zu marks.", marks), marks)
                                : formatted(ngettext("%zu click.", "%zu clicks.", marks), marks);
  text += ' ';
  text += last.is_refined ? formatted(_("The last one took %.2f s."), seconds)
                          : std::string{_("The last one was not refined, because it was stopped.")};
  return text + unsatisfied_text(answer);
}

std::string painted_text(std::size_t strokes) {
  if (strokes == 0) return {};
  return formatted(ngettext("%zu painted stroke, seen in the view Trimap (R).",
                            "%zu painted strokes, seen in the view Trimap (R).", strokes),
                   strokes);
}

std::string verdict_text(const ClickVerdict& verdict) {
  if (verdict.is_satisfied) return _("yes");
  if (verdict.contradicts) {
    return formatted(_("no: click %zu says the opposite of the same pixel"), *verdict.contradicts + 1);
  }
  return _("not yet: another click beside it may help");
}

}  // namespace gbrs::plugin
