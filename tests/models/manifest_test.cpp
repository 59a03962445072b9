// SPDX-License-Identifier: Apache-2.0
#include "models/manifest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "support/temporary_folder.hpp"

namespace gbrs {
namespace {

constexpr const char* kGood = R"({"format": 1, "name": "a", "task": "segment", "architecture": "n", "license": "l",
  "sources": ["s"], "weights": {"sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
  "input": {"long_side": 449, "multiple": 16},
  "refinement": {"insertion": "i", "scaled": true, "top_channels": 0, "rates": {"bmconv": 0.0015625}}})";

Expected<Manifest> read(const test::TemporaryFolder& folder, const std::string& text) {
  std::ofstream(folder.path() / "manifest.json") << text;
  return read_manifest(folder.path());
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return text.replace(place, from.size(), to);
}

TEST(Manifest, GoodOneIsRead) {
  const test::TemporaryFolder folder;
  const auto manifest = read(folder, kGood);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->info.name, "a");
  EXPECT_EQ(manifest->input.long_side, 449);
  EXPECT_FALSE(manifest->input.close_ups);
  EXPECT_EQ(manifest->task, Task::segment);
  EXPECT_EQ(manifest->refinement.insertions, std::vector<std::string>{"i"});
  EXPECT_EQ(manifest->refinement.rates.at(LayerType::bmconv), 0.0015625);
  EXPECT_EQ(manifest->weights_path(), folder.path() / "weights.safetensors");
}

TEST(Manifest, CloseUpsAreOffUnlessTheyAreAskedFor) {
  const test::TemporaryFolder folder;
  const auto manifest = read(folder, with(kGood, "\"multiple\": 16", "\"multiple\": 16, \"close_ups\": true"));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_TRUE(manifest->input.close_ups);
  EXPECT_FALSE(read(folder, with(kGood, "\"multiple\": 16", "\"multiple\": 16, \"close_ups\": 1")));
}

TEST(Manifest, SeveralInsertionsAreAListAndATaskOfTheFutureIsNone) {
  const test::TemporaryFolder folder;
  const auto manifest = read(folder, with(with(kGood, "\"i\"", "[\"deep\", \"fine\"]"), "\"segment\"", "\"normals\""));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->refinement.insertions, (std::vector<std::string>{"deep", "fine"}));
  EXPECT_FALSE(manifest->task.has_value());
  for (const char* bad : {"[]", "[1]", "{}", "[[\"i\"]]"}) EXPECT_FALSE(read(folder, with(kGood, "\"i\"", bad))) << bad;
}

constexpr std::string_view kRegion =
    R"("region": {"weight": 0.3, "likeness": 0.8, "reach": 0.7, "steps": 6, "clicks": 2}, )";

TEST(Manifest, TheRegionLossIsOffUnlessItIsThere) {
  const test::TemporaryFolder folder;
  const auto without = read(folder, kGood);
  const auto manifest = read(folder, with(kGood, "\"rates\"", std::string(kRegion) + "\"rates\""));
  ASSERT_TRUE(without && manifest);
  EXPECT_EQ(without->refinement.region.weight, 0);
  const RegionSettings& region = manifest->refinement.region;
  EXPECT_EQ(region.weight, 0.3);
  EXPECT_EQ(region.likeness, 0.8);
  EXPECT_EQ(region.reach, 0.7);
  EXPECT_EQ(region.steps, 6);
  EXPECT_EQ(region.clicks, 2);
}

TEST(Manifest, ParametersAreKeptAndMirrorImagesLeftOutUnlessItSaysOtherwise) {
  const test::TemporaryFolder folder;
  const auto usual = read(folder, kGood);
  EXPECT_TRUE(usual->refinement.keeps_parameters);
  EXPECT_FALSE(usual->refinement.mirrors);
  const auto manifest =
      read(folder, with(kGood, "\"rates\"", "\"keeps_parameters\": false, \"mirrors\": true, \"rates\""));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_FALSE(manifest->refinement.keeps_parameters);
  EXPECT_TRUE(manifest->refinement.mirrors);
  EXPECT_FALSE(read(folder, with(kGood, "\"rates\"", "\"mirrors\": \"yes\", \"rates\"")));
}

TEST(Manifest, NamesAModelOfObjectsOrNone) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read(folder, kGood)->refinement.objects, "");
  EXPECT_EQ(read(folder, with(kGood, "\"rates\"", "\"objects\": \"mine\", \"rates\""))->refinement.objects, "mine");
}

std::string with_consistency(std::string_view members) {
  return with(kGood, "\"rates\"", "\"consistency\": {" + std::string(members) + "}, \"rates\"");
}

TEST(Manifest, ConsistencyIsThePapersUnlessItSaysOtherwise) {
  const test::TemporaryFolder folder;
  const auto without = read(folder, kGood);
  EXPECT_FALSE(without->refinement.consistency.weight);
  EXPECT_EQ(without->refinement.consistency.to, MethodOptions::ConsistencyTo::labels);
  EXPECT_EQ(without->refinement.consistency.attention, MethodOptions::Attention::disc);
  const auto manifest = read(folder, with_consistency(R"("weight": 30, "to": "probabilities", "attention": "label")"));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->refinement.consistency.weight, 30);
  EXPECT_EQ(manifest->refinement.consistency.to, MethodOptions::ConsistencyTo::probabilities);
  EXPECT_EQ(manifest->refinement.consistency.attention, MethodOptions::Attention::label);
}

TEST(Manifest, IterationsAreTwentyUnlessItSaysOtherwise) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read(folder, kGood)->refinement.iterations, 20);
  const auto manifest = read(folder, with(kGood, "\"rates\"", "\"iterations\": 8, \"rates\""));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->refinement.iterations, 8);
}

TEST(Manifest, MissingFileIsNotFound) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read_manifest(folder.path()).error().code, ErrorCode::not_found);
}

TEST(Manifest, OneThatIsNoFileIsNotFound) {
  const test::TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/zero", folder.path() / "manifest.json");
  EXPECT_EQ(read_manifest(folder.path()).error().code, ErrorCode::not_found);
}

TEST(Manifest, WrongOnesSayWhatIsWrong) {
  const std::string region = with(kGood, "\"rates\"", std::string(kRegion) + "\"rates\"");
  const struct {
    std::string text;
    const char* hint;
  } cases[] = {
      {"{", "JSON"},
      {"[]", "object"},
      {with(kGood, "\"format\": 1", "\"format\": 2"), "format"},
      {with(kGood, "\"name\": \"a\",", ""), "name"},
      {with(kGood, "\"name\": \"a\"", "\"name\": 3"), "name"},
      {with(kGood, "0123456789abcdef", "X"), "sha256"},
      {with(kGood, "449", "450"), "long_side"},
      {with(kGood, "449", "449.0"), "long_side"},
      {with(kGood, "449", "1e300"), "long_side"},
      {with(kGood, "449", "4294967745"), "long_side"},
      {with(kGood, "449", "18446744073709552065"), "long_side"},
      {with(kGood, "\"format\": 1", "\"format\": true"), "format"},
      {with(kGood, "449", "1000001"), "long_side"},
      {with(kGood, "449", "-15"), "long_side"},
      {with(kGood, "\"multiple\": 16", "\"multiple\": 0"), "multiple"},
      {with(kGood, "bmconv", "unheard"), "layer type"},
      {with(kGood, "0.0015625", "-1"), "rates"},
      {with(kGood, "0.0015625", "\"x\""), "rates"},
      {with(kGood, "\"top_channels\": 0", "\"top_channels\": -1"), "top_channels"},
      {with(kGood, "\"rates\"", "\"keeps_parameters\": 1, \"rates\""), "keeps_parameters"},
      {with(kGood, "\"rates\"", "\"objects\": true, \"rates\""), "objects"},
      {with(kGood, "\"rates\"", "\"objects\": \"a/folder\", \"rates\""), "objects"},
      {with(kGood, "\"rates\"", "\"objects\": \"..\", \"rates\""), "objects"},
      {with(kGood, "\"rates\"", "\"iterations\": 0, \"rates\""), "iterations"},
      {with(kGood, "\"rates\"", "\"iterations\": 1001, \"rates\""), "iterations"},
      {with(kGood, "\"rates\"", "\"iterations\": 8.5, \"rates\""), "iterations"},
      {with_consistency(R"("weight": -1)"), "consistency"},
      {with_consistency(R"("to": "logits")"), "consistency"},
      {with_consistency(R"("attention": 1)"), "attention"},
      {with_consistency(R"("attention": "ring")"), "consistency"},
      {with(region, "\"weight\": 0.3", "\"weight\": -1"), "region"},
      {with(region, "0.8", "1.5"), "likeness"},
      {with(region, "0.8", "true"), "likeness"},
      {with(region, "\"steps\": 6", "\"steps\": 0"), "steps"},
      {with(region, "\"clicks\": 2", "\"clicks\": -1"), "clicks"},
      {with(region, ", \"clicks\": 2", ""), "clicks"},
      {std::string((64 << 10) + 1, ' '), "larger"},
  };
  for (const auto& [text, hint] : cases) {
    const test::TemporaryFolder folder;
    const auto manifest = read(folder, text);
    ASSERT_FALSE(manifest) << hint;
    EXPECT_EQ(manifest.error().code, ErrorCode::damaged);
    EXPECT_NE(manifest.error().message.find(hint), std::string::npos) << manifest.error().message;
  }
}

TEST(Model, UnknownNameTellsWhereItWasLookedFor) {
  const auto model = Model::open("no-such-model");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::not_found);
  EXPECT_NE(model.error().message.find(std::getenv("GBRS_MODELS")), std::string::npos);
}

TEST(Model, ShippedModelIsFoundByNameAndListed) {
  const auto model = Model::open("segment-small");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->info().task, "segment");
  const auto all = list_models();
  EXPECT_TRUE(std::ranges::any_of(all, [](const ModelInfo& info) { return info.name == "segment-small"; }));
}

TEST(Model, NamesOfLayersAndDevicesGoBothWays) {
  for (const char* name : {"none", "sb", "bmsb", "bmsb-m", "bmconv"})
    EXPECT_EQ(layer_type_name(*parse_layer_type(name)), name);
  for (const char* name : {"auto", "cpu", "cuda"}) EXPECT_EQ(device_name(*parse_device(name)), name);
  EXPECT_NE(parse_layer_type("conv").error().message.find("bmconv"), std::string::npos);
}

}  // namespace
}  // namespace gbrs
