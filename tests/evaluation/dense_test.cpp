// SPDX-License-Identifier: Apache-2.0
// Evaluation of tasks with a value for every pixel: data sets, classes by name, scores, clicks, figures.

#include <gtest/gtest.h>

#include <cmath>
#include <format>
#include <map>

#include "evaluation/compared_runs.hpp"
#include "evaluation/dense_dataset.hpp"
#include "evaluation/dense_figures.hpp"
#include "evaluation/dense_report.hpp"
#include "evaluation/dense_truth.hpp"

namespace gbrs {
namespace {

using Names = std::vector<std::string>;

TEST(ClassMatch, IsByNameWhateverCaseAndUnderscores) {
  const auto match =
      match_classes(Names{"sky", "Night_stand", "cat"}, Names{"background", "night stand", "sky"}, Names{});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->data_of_model, (std::vector{kNoClass, 1, 0}));
  EXPECT_EQ(match->model_of_data, (std::vector<std::optional<int>>{2, 1, std::nullopt}));
  EXPECT_EQ(match->data_class(7), kNoClass);
}

TEST(ClassMatch, SeveralClassesMayBeOneOfTheData) {
  const auto match =
      match_classes(Names{"ground", "sky"}, Names{"sky", "pavement", "road"}, Names{"road=ground", "pavement=ground"});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->data_of_model, (std::vector{1, 0, 0}));
  EXPECT_EQ(match->model_of_data.front(), 1);  // the first one is what a click says
}

TEST(ClassMatch, AModelWithoutNamesHasTheClassesInTheirOrder) {
  const auto match = match_classes(Names{"a", "b"}, Names{}, Names{});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->data_of_model, (std::vector{0, 1}));
}

TEST(ClassMatch, SaysWhatIsWrong) {
  const Names data{"a"}, model{"b"};
  const auto message = [&](const char* assignment) {
    return match_classes(data, model, Names{assignment}).error().message;
  };
  EXPECT_NE(message("c=a").find("model has no class \"c\""), std::string::npos);
  EXPECT_NE(message("b=c").find("data have no class \"c\""), std::string::npos);
  EXPECT_NE(message("b").find("MODEL=DATA"), std::string::npos);
  EXPECT_NE(match_classes(data, model, Names{}).error().message.find("no class in common"), std::string::npos);
}

TEST(DenseDataset, FoldsIdsIntoClasses) {
  const auto dataset =
      parse_semantic_dataset(R"({"task": "semantic", "ignore": 9, "classes": ["a", "b"], "fold": [1, 0, 1]})");
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->files.images, "images");
  EXPECT_EQ(dataset->class_of(0), 1);
  EXPECT_EQ(dataset->class_of(1), 0);
  EXPECT_EQ(dataset->class_of(9), kNoClass);
  EXPECT_EQ(dataset->class_of(3), std::nullopt);
}

TEST(DenseDataset, DepthsHaveACropAndARange) {
  const auto dataset = parse_depth_dataset(
      R"({"task": "depth", "unit": "mm", "crop": {"top": 2, "left": 3, "bottom": 7, "right": 9}, "max": 80, "align": "none"})");
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->crop, (Rectangle{3, 2, 6, 5}));
  EXPECT_EQ(dataset->range.min, 1e-3);
  EXPECT_EQ(dataset->range.max, 80);
}

TEST(DenseDataset, NamesTheKeyThatIsWrong) {
  const auto semantic = [](const char* json) { return parse_semantic_dataset(json).error().message; };
  const auto depth = [](const char* json) { return parse_depth_dataset(json).error().message; };
  const auto has = [](const std::string& message, const char* word) {
    EXPECT_NE(message.find(word), std::string::npos) << message;
  };
  has(semantic(R"({"task": "depth"})"), "\"depth\"");
  has(semantic(R"({"task": "semantic"})"), "\"classes\"");
  has(semantic(R"({"task": "semantic", "classes": []})"), "\"classes\"");
  has(semantic(R"({"task": "semantic", "classes": [1]})"), "\"classes\"");
  has(semantic(R"({"task": "semantic", "classes": ["a"], "fold": [1]})"), "\"fold\"");
  has(semantic(R"({"task": "semantic", "classes": ["a"], "ignore": 256})"), "\"ignore\"");
  has(semantic(R"({"task": "semantic", "classes": ["a"], "unit": "mm"})"), "\"unit\"");
  has(semantic(R"({"task": "semantic", "classes": ["a"], "images": "/x"})"), "relative");
  has(depth(R"({"task": "depth"})"), "\"unit\"");
  has(depth(R"({"task": "depth", "unit": "index.tsv"})"), "millimetres");
  has(depth(R"({"task": "depth", "unit": "mm", "align": "scale in inverse depth"})"), "align");
  has(depth(R"({"task": "depth", "unit": "mm", "min": -1})"), "\"min\"");
  has(depth(R"({"task": "depth", "unit": "mm", "min": 3, "max": 2})"), "\"max\"");
  has(depth(R"({"task": "depth", "unit": "mm", "crop": {"top": 2}})"), "\"crop\"");
  has(depth(R"({"task": "depth", "unit": "mm", "crop": {"top": 2, "left": 3, "bottom": 2, "right": 9}})"), "\"crop\"");
}

/// Data: sky, ground, cat; the model has "other", ground and sky.
ClassMatch three_classes() { return {.data_of_model = {kNoClass, 1, 0}, .model_of_data = {2, 1, std::nullopt}}; }

TEST(SemanticTruth, CountsWhatTheModelCouldKnow) {
  // ground twice, sky, ignored, a cat
  const auto truth = semantic_truth({1, 1, 0, kNoClass, 2}, 5, 1, three_classes());
  ASSERT_TRUE(truth);
  const Score score = truth->measure({5, 1, {1, 0, 2, 1, 1}});  // one ground pixel is "other", none of the data's
  EXPECT_EQ(score.confusion->totals().pixels(), 3);
  EXPECT_EQ(score.confusion->count(1, 3), 1);
  EXPECT_EQ(score.confusion->totals().iou(0), 1);
  EXPECT_EQ(score.confusion->totals().iou(1), 0.5);
  EXPECT_EQ(score.confusion->totals().iou(2), std::nullopt);
  EXPECT_DOUBLE_EQ(score.metrics.at("miou"), 0.75);
  EXPECT_DOUBLE_EQ(score.metrics.at("pixel_accuracy"), 2.0 / 3);
  EXPECT_FALSE(semantic_truth({2, kNoClass}, 2, 1, three_classes()));
}

TEST(SemanticTruth, ClicksSayTheModelsNumber) {
  const auto truth = semantic_truth({1, 1, 1, 0, 2}, 5, 1, three_classes());
  Protocol protocol;
  protocol.border_counts = false;
  const auto click = truth->next_click({5, 1, {0, 0, 1, 2, 1}}, protocol);
  ASSERT_TRUE(click);
  EXPECT_EQ(click->target, 1);
  EXPECT_EQ(click->x, 0.5);  // two pixels from the first right one
  EXPECT_EQ(click->radius, 1);
  EXPECT_FALSE(truth->next_click({5, 1, {1, 1, 1, 2, 0}}, protocol));  // the cat is no error
  protocol.radius = {.kind = RadiusRule::Kind::fixed, .pixels = 7};
  EXPECT_EQ(truth->next_click({5, 1, {0, 0, 1, 2, 1}}, protocol)->radius, 7);
}

TEST(DepthTruth, MeasuresAndClicksWithinTheBox) {
  Map depths{9, 9, std::vector<float>(81, 2.0F)};
  Map answer = depths;
  answer.values[0] = 9;  // outside the box
  for (const int y : {3, 4, 5})
    for (const int x : {3, 4, 5}) answer.values[static_cast<std::size_t>(9 * y + x)] = 1.0F;
  depths.values[9 * 3 + 3] = 0;  // not measured
  const auto truth = depth_truth(depths, {}, {1, 1, 8, 8});
  ASSERT_TRUE(truth);
  const Score score = truth->measure(answer);
  EXPECT_DOUBLE_EQ(score.metrics.at("delta1"), 55.0 / 63);
  EXPECT_DOUBLE_EQ(score.metrics.at("abs_rel"), 8 * 0.5 / 63);
  Protocol protocol;
  const auto click = truth->next_click(answer, protocol);
  ASSERT_TRUE(click);
  EXPECT_EQ(click->x, 4.5);
  EXPECT_EQ(click->y, 4.5);
  EXPECT_EQ(click->target, 2);
  EXPECT_EQ(click->mode, ClickMode::value);
  protocol.mode = ClickMode::push;
  EXPECT_EQ(truth->next_click(answer, protocol)->target, kRaise);
  EXPECT_FALSE(depth_truth(depths, {.min = 3, .max = 4}, {0, 0, 9, 9}));
}

DenseResult semantic_result(std::string image, std::vector<ConfusionMatrix> confusion) {
  DenseResult result;
  result.image = std::move(image);
  result.file = result.image + ".png";
  for (const auto& matrix : confusion) result.metrics["miou"].push_back(*matrix.totals().mean_iou());
  result.confusion = std::move(confusion);
  result.clicks = {{.u = 3, .v = 4, .target = 0.1, .radius = 2.5}};
  result.seconds = {0.25};
  return result;
}

ConfusionMatrix matrix(int right0, int wrong0, int right1, int unknown1) {
  ConfusionMatrix matrix(2);
  matrix.add(0, 0, right0);
  matrix.add(0, 1, wrong0);
  matrix.add(1, 1, right1);
  matrix.add(1, 2, unknown1);
  return matrix;
}

TEST(DenseResult, IsReadBackAsItWas) {
  const DenseResult result = semantic_result("a", {matrix(1, 2, 3, 4), matrix(0, 0, 5, 0)});
  EXPECT_EQ(parse_dense_result(format_result(result)), result);
  for (const char* line : {"{}", "", R"({"image": 1})"}) EXPECT_FALSE(parse_dense_result(line));
  std::string broken = format_result(result);
  broken.replace(broken.find("[2,["), 4, "[0,[");  // more classes than there are
  EXPECT_FALSE(parse_dense_result(broken));
}

TEST(DenseFigures, ClassesAreOfOneMatrixOverAllImages) {
  const std::vector<DenseResult> results{semantic_result("a", {matrix(10, 0, 0, 10), matrix(10, 0, 10, 0)}),
                                         semantic_result("b", {matrix(20, 10, 5, 5), matrix(30, 0, 5, 5)})};
  const DenseFigures figures = dense_figures(results, "miou", AucRule::trapezoid);
  const double before = (30.0 / 40 + 5.0 / 30) / 2, after = (1.0 + 15.0 / 20) / 2;
  EXPECT_DOUBLE_EQ(figures.all.initial, before);
  EXPECT_DOUBLE_EQ(figures.all.final, after);
  EXPECT_DOUBLE_EQ(figures.all.auc, (before + after) / 2);
  EXPECT_DOUBLE_EQ(figures.all.best, after);
  EXPECT_DOUBLE_EQ(figures.curves.at("image_miou").front(), (0.5 + (20.0 / 30 + 5.0 / 20) / 2) / 2);
  EXPECT_DOUBLE_EQ(figures.curves.at("pixel_accuracy").front(), 35.0 / 60);
  EXPECT_FALSE(figures.curves.contains("miou"));
  EXPECT_EQ(figures.bottom10.images, 1U);
  EXPECT_DOUBLE_EQ(figures.bottom10.initial, (20.0 / 30 + 5.0 / 20) / 2);
}

TEST(DenseFigures, OtherMetricsAreMeansOverImages) {
  DenseResult a, b;
  a.image = "a, with a comma";
  a.metrics["delta1"] = {0.2, 0.6, 1.0};
  b.image = "b";
  b.metrics["delta1"] = {0.4, 0.6, 0.6};
  const std::vector<DenseResult> results{a, b};
  const DenseFigures figures = dense_figures(results, "delta1", AucRule::trapezoid);
  EXPECT_DOUBLE_EQ(figures.all.curve[0], 0.3);
  EXPECT_DOUBLE_EQ(figures.all.final, 0.8);
  EXPECT_DOUBLE_EQ(figures.all.auc, (0.15 + 0.6 + 0.4) / 2);
  EXPECT_DOUBLE_EQ(dense_figures(results, "delta1", AucRule::mean).all.auc, (0.6 + 0.8) / 2);
  EXPECT_DOUBLE_EQ(figures.bottom10.final, 1);
  EXPECT_EQ(per_image_csv(results, "delta1"),
            "image,delta1_0,delta1_1,delta1_2,spc_median_s\n\"a, with a comma\",0.2,0.6,1,0\nb,0.4,0.6,0.6,0\n");
}

TEST(DenseFigures, OfAnErrorTheLeastIsBest) {
  DenseResult a, b;
  a.image = "a";
  a.metrics["mse"] = {0.02, 0.005, 0.01};
  b.image = "b";
  b.metrics["mse"] = {0.04, 0.03, 0.03};
  const std::vector<DenseResult> results{a, b};
  const DenseFigures figures = dense_figures(results, "mse", AucRule::trapezoid);
  EXPECT_DOUBLE_EQ(figures.all.best, 0.0175);
  EXPECT_DOUBLE_EQ(figures.bottom10.initial, 0.04);
}

ImageRow depth_row(std::string image, std::vector<double> rmse) {
  ImageRow row;
  row.image = std::move(image);
  row.metrics["rmse"] = std::move(rmse);
  row.spc_median = 0.5;
  return row;
}

/// The figures of a run by their names.
std::map<std::string, std::optional<Interval>> named(const Comparison& comparison,
                                                     const std::vector<std::optional<Interval>>& figures) {
  std::map<std::string, std::optional<Interval>> result;
  std::size_t place = 0;
  for (const auto& names : comparison.tables)
    for (const auto& name : names) result[name] = figures.at(place++);
  return result;
}

TEST(Comparison, OfImagesHasATableForEachMetric) {
  std::vector<ImageRow> ours, theirs;
  for (int i = 0; i < 40; ++i) {
    const double start = 0.5 + 0.01 * i;
    ours.push_back(depth_row(std::to_string(i), {start, start - 0.2, start - 0.25}));
    if (i >= 10) theirs.push_back(depth_row(std::to_string(i), {start, start - 0.1}));
  }
  const std::vector<ComparedImages> runs{{.name = "ours", .rows = ours}, {.name = "theirs", .rows = theirs}};
  const std::string metrics[] = {"rmse"};
  const Comparison compared = compare_image_runs(runs, metrics);
  EXPECT_EQ(compared.tables,
            (FigureTables{{"rmse_0", "rmse_1", "rmse_2", "rmse_auc", "rmse_best", "rmse_gain"}, {"spc_s"}}));
  const auto first = named(compared, compared.runs[0].figures), second = named(compared, compared.runs[1].figures);
  EXPECT_NEAR(first.at("rmse_2")->value, 0.695 - 0.25, 1e-12);
  EXPECT_NEAR(first.at("rmse_best")->value, 0.695 - 0.25, 1e-12);
  EXPECT_NEAR(first.at("rmse_gain")->value, 0.25 / 0.695, 1e-12);  // less is better
  EXPECT_LT(first.at("rmse_0")->low, 0.66);
  EXPECT_FALSE(second.at("rmse_2"));
  EXPECT_EQ(compared.runs[1].common, 30U);
  const auto difference = named(compared, compared.runs[1].differences);
  EXPECT_NEAR(difference.at("rmse_0")->high, 0, 1e-12);  // the images that both have
  EXPECT_NEAR(difference.at("rmse_1")->low, 0.1, 1e-12);
  const std::string text = comparison_text(compared);
  EXPECT_NE(text.find("30 images in common with ours"), std::string::npos) << text;
  EXPECT_NE(text.find("1 clicks instead of 2"), std::string::npos) << text;
}

TEST(Comparison, OfClassesAddsUpThePixelsOfTheImagesDrawn) {
  ComparedImages run{.name = "run", .rows = {}};
  run.rows.push_back(image_row(semantic_result("a", {matrix(10, 0, 0, 10), matrix(10, 0, 10, 0)})));
  run.rows.push_back(image_row(semantic_result("b", {matrix(20, 10, 5, 5), matrix(30, 0, 5, 5)})));
  const std::string metrics[] = {"miou"};
  const Comparison compared = compare_image_runs({&run, 1}, metrics);
  const auto figures = named(compared, compared.runs[0].figures);
  EXPECT_DOUBLE_EQ(figures.at("miou_0")->value, (30.0 / 40 + 5.0 / 30) / 2);
  EXPECT_DOUBLE_EQ(figures.at("miou_1")->low, (1.0 + 5.0 / 10) / 2);  // b alone
  EXPECT_DOUBLE_EQ(figures.at("miou_1")->high, 1);                    // a alone
}

TEST(ImageRows, AreThoseOfTheTable) {
  std::map<std::string, ImageRow> kept;
  for (const char* name : {"a", "b, with a comma", "c"}) kept[name] = depth_row(name, {1, 0.5});
  const auto rows = rows_of_table("image,rmse_0\n\"b, with a comma\",1\na,1\n", kept);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 2U);
  EXPECT_EQ(rows->front().image, "b, with a comma");
  EXPECT_FALSE(rows_of_table("image,rmse_0\nd,1\n", kept));
  EXPECT_FALSE(rows_of_table("image,rmse_0\n", kept));
  EXPECT_FALSE(rows_of_table("", kept));
  kept["a"].metrics["rmse"].push_back(0.4);
  EXPECT_FALSE(rows_of_table("image,rmse_0\na,1\nc,1\n", kept));
}

TEST(DenseDataset, MattesHaveTrimaps) {
  const auto fault = [](const char* json) {
    const auto dataset = parse_matte_dataset(json);
    return dataset ? "" : dataset.error().message;
  };
  EXPECT_EQ(parse_matte_dataset(R"({"task": "matte"})")->trimaps, Names{"trimaps"});
  EXPECT_EQ(parse_matte_dataset(R"({"task": "matte", "trimaps": ["a", "b"]})")->trimaps, (Names{"a", "b"}));
  for (const char* trimaps : {"3", "[]", "[3]", R"([""])", R"(["a/b"])", R"([".."])", R"("a")"})
    EXPECT_NE(fault(std::format(R"({{"task": "matte", "trimaps": {}}})", trimaps).c_str()).find("\"trimaps\""),
              std::string::npos)
        << trimaps;
  EXPECT_NE(fault(R"({"task": "depth"})").find("\"depth\""), std::string::npos);
  EXPECT_NE(fault(R"({"task": "matte", "unit": "mm"})").find("\"unit\""), std::string::npos);
}

TEST(MatteTruth, CountsWhereTheTrimapIsUnknown) {
  // background, three unknown, foreground
  const auto truth = matte_truth({0, 51, 102, 255, 255}, {0, 128, 128, 128, 255}, 5, 1);
  ASSERT_TRUE(truth);
  const Score score = truth->measure({5, 1, {1, 0.2F, 0.9F, 1, 0}});
  EXPECT_NEAR(score.metrics.at("mse"), std::pow((230 - 102) / 255.0, 2) / 3, 1e-12);
  EXPECT_NEAR(score.metrics.at("sad"), (230 - 102) / 255.0 / 1000, 1e-12);
  EXPECT_FALSE(matte_truth({0, 255}, {0, 255}, 2, 1)) << "nothing is unknown";
}

TEST(MatteTruth, TellsTheSessionWhatIsKnown) {
  SessionOptions options;
  matte_truth({0, 51, 255}, {0, 128, 255}, 3, 1)->tell(options);
  ASSERT_TRUE(options.trimap);
  EXPECT_EQ(*options.trimap, (Trimap{3, 1, {0, 128, 255}}));
}

TEST(MatteTruth, ClicksSayTheAlphaOrItsDirection) {
  const auto truth = matte_truth({0, 51, 102, 255, 255}, {0, 128, 128, 128, 255}, 5, 1);
  const Map answer{5, 1, {1, 0.2F, 0.9F, 1, 0}};  // wrong also where all is known, which does not count
  Protocol protocol;
  const auto click = truth->next_click(answer, protocol);
  ASSERT_TRUE(click);
  EXPECT_EQ(click->x, 2.5);
  EXPECT_DOUBLE_EQ(click->target, 0.4);
  protocol.mode = ClickMode::push;
  const auto push = truth->next_click(answer, protocol);
  ASSERT_TRUE(push);
  EXPECT_EQ(push->target, kLower);
  EXPECT_EQ(push->mode, ClickMode::push);
}

}  // namespace
}  // namespace gbrs
