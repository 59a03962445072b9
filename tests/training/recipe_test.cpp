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

TEST(Recipe, TheShippedOneIsRead) {
  std::ifstream stream(std::string(std::getenv("GBRS_MODELS")) + "/segment-small/recipe.json");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(problem(text), "");
}

}  // namespace
}  // namespace gbrs::test
