// SPDX-License-Identifier: Apache-2.0
#include "evaluation/figures.hpp"

#include <gtest/gtest.h>

#include <format>
#include <limits>
#include <set>
#include <tuple>

#include "evaluation/bootstrap.hpp"
#include "evaluation/compared_runs.hpp"
#include "evaluation/report.hpp"

namespace gbrs {
namespace {

ObjectResult result(std::string object, std::vector<double> ious) {
  ObjectResult result;
  result.object = std::move(object);
  result.image = result.object + ".jpg";
  result.seconds.assign(ious.size(), 0.25);
  result.ious = std::move(ious);
  return result;
}

TEST(Metrics, AreaUnderCurve) {
  const std::vector<double> ious{0.2, 0.6, 1.0, 0.8};
  EXPECT_DOUBLE_EQ(area_under_curve(ious, AucRule::trapezoid), (0.1 + 0.6 + 1.0 + 0.4) / 3);
  EXPECT_DOUBLE_EQ(area_under_curve(ious, AucRule::mean), 0.65);
  EXPECT_DOUBLE_EQ(area_under_curve(std::vector{0.7}, AucRule::trapezoid), 0.7);
}

TEST(Metrics, QuantileIsLinearBetweenValues) {
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 0.5), 2);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 2, 3}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile({0, 10}, 0.95), 9.5);
  EXPECT_DOUBLE_EQ(quantile({5}, 0.95), 5);
}

TEST(Figures, CurveBeginsBeforeTheFirstClick) {
  const std::vector<ObjectResult> results{result("a", {0.5, 0.9, 0.8}), result("b", {0.7, 0.8, 0.86})};
  const RunFigures figures = run_figures(results, AucRule::trapezoid);
  ASSERT_EQ(figures.all.curve.size(), 4U);
  EXPECT_EQ(figures.all.curve[0], 0);
  EXPECT_DOUBLE_EQ(figures.all.initial, 0.6);
  EXPECT_DOUBLE_EQ(figures.all.final, 0.83);
  EXPECT_DOUBLE_EQ(figures.all.best, 0.85);
  EXPECT_DOUBLE_EQ(figures.all.noc85, 2.5);
  EXPECT_DOUBLE_EQ(figures.all.noc90, 2.5);  // 2, and 3 for the one that never gets there
  EXPECT_EQ(figures.all.at_limit85, 1U);
  EXPECT_EQ(figures.images, 2U);
  EXPECT_EQ(figures.costs.clicks, 6U);
  EXPECT_DOUBLE_EQ(figures.costs.spc_median, 0.25);
}

TEST(Figures, WorstTenthIsRankedByTheFirstClick) {
  std::vector<ObjectResult> results;
  for (int i = 0; i < 29; ++i) results.push_back(result(std::format("o{:02}", i), {0.9 - 0.01 * i, 0.95}));
  results.push_back(result("a_same_as_o28", {0.9 - 0.01 * 28, 0.1}));
  const auto worst = worst_tenth(results);
  ASSERT_EQ(worst.size(), 3U);
  EXPECT_EQ(worst[0].object, "a_same_as_o28");
  EXPECT_EQ(worst[1].object, "o28");
  EXPECT_EQ(worst[2].object, "o27");
  EXPECT_EQ(worst_tenth(std::span(results).first(4)).size(), 1U);
}

TEST(ObjectResult, LineReadsBackExactly) {
  ObjectResult before = result("cat \"1\",2", {1.0 / 3, 0.1, 1});
  before.clicks = {{.u = 3, .v = 4, .is_positive = false, .radius = 1.0 / 7}};
  before.encode_seconds = {0.1, 1.0 / 3};
  before.unsatisfied = 2;
  const std::string line = format_result(before);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(parse_result(line), before);
  EXPECT_FALSE(parse_result(line.substr(0, line.size() / 2)));
  EXPECT_FALSE(parse_result("{}"));
  EXPECT_FALSE(parse_result(R"({"object":1})"));
}

TEST(PerObject, TableReadsBackExactly) {
  const std::vector<ObjectResult> results{result("plain", {1.0 / 3, 0.86}), result("with, \"quotes\"", {0.91, 0.2})};
  const auto rows = object_rows(results);
  EXPECT_EQ(rows[0].noc85, 2);
  EXPECT_EQ(rows[1].noc90, 1);
  const std::string csv = format_rows(rows);
  EXPECT_EQ(csv.substr(0, csv.find('\n')), "object,noc85,noc90,iou_1,iou_2,spc_median_s");
  EXPECT_EQ(parse_rows(csv), rows);
  for (const char* bad : {"", "object,noc85\n", "object,noc85,noc90,iou_1,spc_median_s\na,1,1,x,1\n",
                          "object,noc85,noc90,iou_1,spc_median_s\na,1,1\n",
                          "object,noc85,noc90,iou_1,spc_median_s\na,1,1,0.5,1\n\"b,1,1,0.5,1\n"})
    EXPECT_FALSE(parse_rows(bad)) << bad;
}

TEST(Bootstrap, IntervalHoldsTheValueAndRepeats) {
  const FiguresOf figures = [](std::span<const std::size_t> drawn) {
    double sum = 0;
    for (const std::size_t number : drawn) sum += static_cast<double>(number % 10);
    return std::vector{sum / static_cast<double>(drawn.size()), std::numeric_limits<double>::quiet_NaN()};
  };
  const auto intervals = bootstrap(100, figures);
  ASSERT_EQ(intervals.size(), 2U);
  EXPECT_DOUBLE_EQ(intervals[0]->value, 4.5);
  // the mean's standard error is 2.872 / 10
  EXPECT_NEAR(intervals[0]->low, 4.5 - 1.96 * 0.2872, 0.05);
  EXPECT_NEAR(intervals[0]->high, 4.5 + 1.96 * 0.2872, 0.05);
  EXPECT_FALSE(intervals[1]);
  EXPECT_EQ(intervals, bootstrap(100, figures));
  EXPECT_EQ(bootstrap(1, figures)[0], (Interval{0, 0, 0}));
}

TEST(Bootstrap, Median) {
  std::vector<double> odd{3, 1, 2};
  std::vector<double> even{4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(median_of(odd), 2);
  EXPECT_DOUBLE_EQ(median_of(even), 2.5);
}

std::vector<ObjectRow> rows(double shift, int first, int last) {
  std::vector<ObjectRow> rows;
  for (int i = first; i < last; ++i)
    rows.push_back({.object = std::to_string(i),
                    .noc85 = 2.0 + i % 3 - shift,
                    .noc90 = 5,
                    .ious = {0.3 + 0.02 * i + shift, 0.5, 0.6},
                    .spc_median = 0.1});
  return rows;
}

/// The place of a figure in the order of the tables.
std::size_t place(const Comparison& comparison, const std::string& name) {
  std::size_t place = 0;
  for (const auto& names : comparison.tables)
    for (const auto& one : names) {
      if (one == name) return place;
      ++place;
    }
  ADD_FAILURE() << "no figure " << name;
  return 0;
}

TEST(Comparison, PairedDifferenceIsSharperThanTheIntervals) {
  const std::vector<ComparedObjects> runs{{.name = "a", .rows = rows(0, 0, 20)}, {.name = "b", .rows = rows(0.01, 5, 25)}};
  const Comparison compared = compare_object_runs(runs);
  const auto& [a, b] = std::tie(compared.runs[0], compared.runs[1]);
  EXPECT_EQ(b.common, 15U);
  EXPECT_FALSE(a.differences[0]);
  const auto iou_1 = place(compared, "iou_1");
  ASSERT_TRUE(b.differences[iou_1]);
  EXPECT_NEAR(b.differences[iou_1]->low, 0.01, 1e-12);
  EXPECT_NEAR(b.differences[iou_1]->high, 0.01, 1e-12);
  EXPECT_GT(a.figures[iou_1]->high - a.figures[iou_1]->low, 0.05);
  EXPECT_FALSE(a.figures[place(compared, "iou_5")]);  // of three clicks
  EXPECT_NEAR(a.figures[place(compared, "auc")]->value, (0.49 / 2 + 0.5 + 0.6 / 2) / 2, 1e-12);
  EXPECT_NEAR(a.figures[place(compared, "best")]->value, 0.6, 1e-12);
  EXPECT_DOUBLE_EQ(a.figures[place(compared, "spc_s")]->value, 0.1);
  const std::string text = comparison_text(compared);
  EXPECT_NE(text.find("minus a"), std::string::npos);
  EXPECT_NE(text.find("15 objects in common"), std::string::npos);
  EXPECT_NE(comparison_json(compared).find("\"iou_3\""), std::string::npos);
}

TEST(Report, ShowsEachObjectOnce) {
  for (std::size_t count = 1; count <= 30; ++count) {
    std::vector<ObjectResult> results;
    for (std::size_t i = 0; i < count; ++i)
      results.push_back(result(std::format("{:02}", i), {static_cast<double>(i) / 30}));
    const ShownObjects shown = shown_objects(results);
    std::set<const ObjectResult*> all;
    for (const auto* group : {&shown.best, &shown.median, &shown.worst}) all.insert(group->begin(), group->end());
    EXPECT_EQ(all.size(), shown.best.size() + shown.median.size() + shown.worst.size()) << count;
    EXPECT_EQ(shown.best.front(), &results.back()) << count;
    EXPECT_EQ(shown.worst.empty() ? shown.best.back() : shown.worst.back(), &results.front()) << count;
    EXPECT_EQ(all.size() == 9, count >= 9) << count;
  }
}

}  // namespace
}  // namespace gbrs
