// SPDX-License-Identifier: Apache-2.0
#include "training/recipe.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace gbrs::test {
namespace {

std::string with(const std::string& members) {
  return R"({"architecture": "segment-mnv2", "samples": 100, "data": [{"folder": "a"}])" + members + "}";
}

std::string problem(const std::string& text) {
  const auto recipe = parse_recipe(text);
  return recipe ? "" : recipe.error().message;
}

TEST(Recipe, NeedsLittleAndHasDefaults) {
  const auto recipe = parse_recipe(with(""));
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->samples, 100);
  EXPECT_EQ(recipe->crops.size(), 1U);
  EXPECT_EQ(recipe->crops[0].height, 321);
  EXPECT_TRUE(recipe->is_bfloat16);
  EXPECT_EQ(recipe->data[0].folder, "a");
  EXPECT_FALSE(recipe->geometry.views.empty());
}

TEST(Recipe, ReadsWhatIsSaid) {
  const auto recipe = parse_recipe(with(R"(, "seed": 7, "type": "float32", "held_out": 20,
    "crops": [{"size": [65, 97], "batch": 3}, {"size": 33, "weight": 2}],
    "geometry": {"views": [{"box": [1.5, 3]}, {"weight": 0.5}]}, "clicks": {"counts": [1, 0, 2], "radius_factor": [1, 1]},
    "optimiser": {"factors": [{"prefix": "encoder.", "factor": 0.1}], "frozen": ["clicks."]})"));
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->seed, 7U);
  EXPECT_EQ(recipe->held_out, 20);
  EXPECT_FALSE(recipe->is_bfloat16);
  EXPECT_EQ(recipe->crops[0].height, 65);
  EXPECT_EQ(recipe->crops[0].width, 97);
  EXPECT_EQ(recipe->crops[1].width, 33);
  EXPECT_DOUBLE_EQ(recipe->geometry.views[0].box->high, 3);
  EXPECT_FALSE(recipe->geometry.views[1].box);
  EXPECT_EQ(recipe->clicks.counts, (std::vector<double>{1, 0, 2}));
  EXPECT_DOUBLE_EQ(recipe->optimiser.factors[0].factor, 0.1);
  EXPECT_EQ(recipe->optimiser.frozen, std::vector<std::string>{"clicks."});
}

std::string matte_with(const std::string& members) {
  return R"({"architecture": "matte-mnv2", "samples": 9, "data": [{"generated": "lace", "backgrounds": ["a"]}])" +
         members + "}";
}

TEST(Recipe, OfMattingReadsWhatIsSaid) {
  const auto recipe = parse_recipe(matte_with(R"(, "composites": {"scale": [0.5, 2], "pair": 0.125},
    "trimaps": {"width": [2, 30]}, "loss": {"pyramid": 3})"),
                                   Task::matte);
  ASSERT_TRUE(recipe) << recipe.error().message;
  EXPECT_EQ(recipe->task, Task::matte);
  EXPECT_EQ(recipe->data[0].generated, "lace");
  EXPECT_EQ(recipe->data[0].backgrounds, std::vector<std::string>{"a"});
  EXPECT_DOUBLE_EQ(recipe->composites.scale.high, 2);
  EXPECT_DOUBLE_EQ(recipe->composites.pair, 0.125);
  EXPECT_DOUBLE_EQ(recipe->trimaps.width.high, 30);
  EXPECT_DOUBLE_EQ(recipe->matte_loss.pyramid, 3);
  EXPECT_DOUBLE_EQ(recipe->matte_loss.composition, 1);
}

TEST(Recipe, OfMattingNamesTheKeyThatIsWrong) {
  const auto problem_of = [](const std::string& text, Task task = Task::matte) {
    const auto recipe = parse_recipe(text, task);
    return recipe ? "" : recipe.error().message;
  };
  const auto data = [](const std::string& entry) {
    return R"({"architecture": "matte-mnv2", "samples": 9, "data": [)" + entry + "]}";
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {matte_with(R"(, "clicks": {})"), "there is no key clicks"},
      {matte_with(R"(, "loss": {"overlap": 1})"), "there is no key loss.overlap"},
      {matte_with(R"(, "trimaps": {"width": [0.1, 3]})"), "trimaps.width is 0.1"},
      {data(R"({"folder": "a"})"), "data[0] needs either cutouts or generated"},
      {data(R"({"generated": "smoke", "backgrounds": ["a"]})"), "data[0].generated is none of hair"},
      {data(R"({"generated": "hair"})"), "data[0].backgrounds is missing"}};
  for (const auto& [text, expected] : cases)
    EXPECT_NE(problem_of(text).find(expected), std::string::npos) << problem_of(text);
  EXPECT_NE(problem_of(matte_with(""), Task::segment).find("data[0] needs either folder or cutouts"),
            std::string::npos);
  EXPECT_EQ(parse_recipe(matte_with(""), Task::depth).error().code, ErrorCode::unsupported);
}

TEST(Recipe, NamesTheKeyThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {with(R"(, "speed": 1)"), "there is no key speed"},
      {with(R"(, "optimiser": {"rates": 1})"), "there is no key optimiser.rates"},
      {with(R"(, "geometry": {"views": [{"size": 3}]})"), "there is no key geometry.views[0].size"},
      {with(R"(, "optimiser": {"rate": "high"})"), "optimiser.rate is not a number"},
      {with(R"(, "optimiser": {"rate": -1})"), "optimiser.rate is -1"},
      {with(R"(, "crops": [{"size": 320}])"), "crops[0].size"},
      {with(R"(, "crops": [{"batch": 0}])"), "crops[0].batch is 0"},
      {with(R"(, "crops": [{"weight": 0}])"), "crops has no entry"},
      {with(R"(, "type": "float16")"), "type"},
      {with(R"(, "clicks": {"radius_factor": [2, 1]})"), "clicks.radius_factor ends below"},
      {with(R"(, "clicks": {"radius": 0.8, "radius_at_times": 0.5})"), "more than 1 together"},
      {R"({"architecture": "a", "samples": 1, "data": [{}]})", "data[0] needs either folder or cutouts"},
      {R"({"architecture": "a", "samples": 1, "data": [{"cutouts": "c"}]})", "data[0].backgrounds is missing"},
      {R"({"architecture": "a", "samples": 1, "data": [{"folder": "f", "backgrounds": []}]})",
       "no key data[0].backgrounds"},
      {R"({"architecture": "a", "data": []})", "samples is missing"},
      {R"({"architecture": "a", "samples": 1.5, "data": []})", "samples is not a whole number"},
      {R"({"architecture": "a", "samples": 1, "data": []})", "data has no entry"},
      {"[]", "it is not an object"},
      {"{", "not valid JSON"}};
  for (const auto& [text, words] : cases) EXPECT_NE(problem(text).find(words), std::string::npos) << problem(text);
}

TEST(Recipe, TheShippedOnesAreRead) {
  for (const auto& [model, task] : {std::pair{"segment-small", Task::segment}, {"matte-small", Task::matte}}) {
    std::ifstream stream(std::string(std::getenv("GBRS_MODELS")) + "/" + model + "/recipe.json");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto recipe = parse_recipe(text, task);
    EXPECT_TRUE(recipe) << model << ": " << recipe.error().message;
  }
}

}  // namespace
}  // namespace gbrs::test
