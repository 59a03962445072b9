// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dataset.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "evaluation/class_match.hpp"
#include "evaluation/dense_dataset.hpp"
#include "evaluation/protocol.hpp"
#include "evaluation/published_sets.hpp"

namespace gbrs {
namespace {

TEST(Dataset, KeysAreRead) {
  const auto dataset = parse_dataset(
      R"({"task": "segment", "images": "photos", "object": 255, "ignore": 128, "objects": "<image>_<k>"})");
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->files.images, "photos");
  EXPECT_EQ(dataset->codes.object, 255);
  EXPECT_EQ(dataset->codes.ignore, 128);
  EXPECT_TRUE(dataset->has_several_objects);
  const auto plain = parse_dataset(R"({"task": "segment", "object": 1})");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->files.images, "images");
  EXPECT_FALSE(plain->codes.ignore);
  EXPECT_FALSE(plain->has_several_objects);
}

TEST(Dataset, WhatMakesNoSenseIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"{", "not a JSON object"},
      {R"({"object": 255})", "task"},
      {R"({"task": "matte", "trimaps": ["a"]})", "matte"},
      {R"({"task": "segment"})", "object"},
      {R"({"task": "segment", "object": 256})", "object"},
      {R"({"task": "segment", "object": -1})", "object"},
      {R"({"task": "segment", "object": 1.5})", "object"},
      {R"({"task": "segment", "object": "255"})", "object"},
      {R"({"task": "segment", "object": 255, "ignore": null})", "ignore"},
      {R"({"task": "segment", "object": 255, "ignore": 255})", "255"},
      {R"({"task": "segment", "object": 255, "objects": "<image>-<k>"})", "objects"},
      {R"({"task": "segment", "object": 255, "images": 3})", "images"},
      {R"({"task": "segment", "object": 255, "images": "/etc"})", "relative"},
      {R"({"task": "segment", "object": 255, "fold": {}})", "fold"},
      {R"({"task": "segment", "object": 255, "object_from": 255})", "object_from"},
      {R"({"task": "segment", "object_from": 300})", "object_from"},
      {R"({"task": "segment", "object": 255, "objects": "<code>"})", "each"},
      {R"({"task": "segment", "object": 255, "list": "/etc/passwd"})", "list"},
      {R"({"task": "segment", "object": 255, "coloured": 1})", "coloured"},
      {R"({"task": "segment", "object": 255, "truths": "/etc"})", "truths"},
      {R"({"task": "segment", "object": 255, "image_name": "a.png"})", "a.png"},
      {R"({"task": "segment", "object": 255, "truth_name": "*/*/*.png"})", "*/*/*.png"},
      {R"({"task": "segment", "object": 255, "truth_name": "a/*.png"})", "a/*.png"},
      {R"({"task": "segment", "object": 255, "Ignore": 3})", "Ignore"},
  };
  for (const auto& [text, word] : cases) {
    const auto dataset = parse_dataset(text);
    ASSERT_FALSE(dataset) << text;
    EXPECT_NE(dataset.error().message.find(word), std::string::npos) << text << ": " << dataset.error().message;
  }
}

std::vector<std::string> names_of(const Pairing& pairing) {
  std::vector<std::string> names;
  for (const auto& one : pairing.objects) names.push_back(one.object + " " + one.image + " " + one.mask);
  return names;
}

TEST(Pairing, OneMaskAnImage) {
  const auto pairing =
      pair_files({"b.jpg", "a.png", "c.jpg", "d.jpg", "d.png"}, {"a.png", "b.png", "d.png", "e.png"}, {}, false);
  EXPECT_EQ(names_of(pairing), (std::vector<std::string>{"a a.png a.png", "b b.jpg b.png"}));
  std::vector<std::string> skipped;
  for (const auto& one : pairing.skipped) skipped.push_back(one.name + ": " + one.reason);
  EXPECT_EQ(skipped, (std::vector<std::string>{"d.png: several images have its name", "e.png: the mask has no image",
                                               "c.jpg: the image has no mask"}));
}

TEST(Pairing, SeveralMasksAnImage) {
  const auto pairing =
      pair_files({"a_1.jpg", "b.jpg"}, {"a_1_2.png", "a_1_10.png", "b_1.png", "b.png", "b_x.png"}, {}, true);
  EXPECT_EQ(names_of(pairing),
            (std::vector<std::string>{"a_1_10 a_1.jpg a_1_10.png", "a_1_2 a_1.jpg a_1_2.png", "b_1 b.jpg b_1.png"}));
  EXPECT_EQ(pairing.skipped.size(), 2U);
}

TEST(Pairing, NamesArePatterns) {
  EXPECT_EQ(name_in("*", "cat.jpg"), "cat");
  EXPECT_EQ(name_in("*.jpg", "cat.jpg"), "cat");
  EXPECT_EQ(name_in("rgb_*", "rgb_7.png"), "7");
  EXPECT_EQ(name_in("*/*_left.png", "ulm/ulm_1_left.png"), "ulm_1");
  for (const auto& [pattern, file] :
       std::initializer_list<std::pair<const char*, const char*>>{{"*.png", "cat.jpg"},
                                                                  {"rgb_*", "depth_7.png"},
                                                                  {"rgb_*", "rgb_.png"},
                                                                  {"*", "ulm/cat.jpg"},
                                                                  {"*/*", "cat.jpg"},
                                                                  {"*/*", "a/b/cat.jpg"},
                                                                  {"ab*b.png", "ab.png"}})
    EXPECT_FALSE(name_in(pattern, file)) << pattern << " " << file;
  const DatasetFiles names{.truths = "t", .image_name = "*/rgb_*.jpg", .truth_name = "*/depth_*.png"};
  const auto pairing = pair_files({"a/rgb_1.jpg", "b/rgb_2.jpg", "b/rgb_3.jpg", "a/rgb_3.jpg"},
                                  {"a/depth_1.png", "b/depth_2.png", "b/depth_3.png"}, names, false);
  EXPECT_EQ(names_of(pairing),
            (std::vector<std::string>{"1 a/rgb_1.jpg a/depth_1.png", "2 b/rgb_2.jpg b/depth_2.png"}));
  EXPECT_EQ(pairing.skipped.size(), 1U);
}

TEST(PublishedSets, AreDescribedAsADatasetJsonIs) {
  for (const PublishedSet& set : published_sets()) {
    const auto problem = [&](const auto& dataset) { return dataset ? std::string() : dataset.error().message; };
    const std::string& text = set.description;
    EXPECT_EQ(set.task == Task::segment    ? problem(parse_dataset(text))
              : set.task == Task::semantic ? problem(parse_semantic_dataset(text))
              : set.task == Task::matte    ? problem(parse_matte_dataset(text))
                                           : problem(parse_depth_dataset(text)),
              "")
        << set.name;
  }
  EXPECT_EQ(published_names(Task::semantic), "Cityscapes, Mapillary Vistas");
}

const std::string& description(std::string_view name) {
  return std::ranges::find(published_sets(), name, &PublishedSet::name)->description;
}

TEST(PublishedSets, CountWhatTheirEvaluationsCount) {
  const auto cityscapes = parse_semantic_dataset(description("Cityscapes"));
  ASSERT_TRUE(cityscapes);
  EXPECT_EQ(cityscapes->classes.size(), 19U);
  for (const auto& [id, name] : std::initializer_list<std::pair<int, const char*>>{
           {7, "road"}, {11, "building"}, {17, "pole"}, {24, "person"}, {28, "bus"}, {31, "train"}, {33, "bicycle"}})
    EXPECT_EQ(cityscapes->classes.at(static_cast<std::size_t>(cityscapes->class_of(id).value())), name);
  for (const int id : {0, 6, 9, 16, 18, 29, 30, 255}) EXPECT_EQ(cityscapes->class_of(id), kNoClass) << id;
  EXPECT_FALSE(cityscapes->class_of(34));
  const auto mapillary = parse_semantic_dataset(description("Mapillary Vistas"));
  ASSERT_TRUE(mapillary);
  EXPECT_EQ(mapillary->classes.size(), 65U);
  EXPECT_EQ(mapillary->classes.back(), "ego vehicle");
  EXPECT_EQ(mapillary->class_of(65), kNoClass);
  const auto nyu = parse_depth_dataset(description("NYU-Depth-V2"));
  ASSERT_TRUE(nyu);
  EXPECT_EQ(nyu->crop->width * nyu->crop->height, 560 * 426);
  const auto grabcut = parse_dataset(description("GrabCut")), davis = parse_dataset(description("DAVIS"));
  ASSERT_TRUE(grabcut && davis);
  const std::uint8_t codes[] = {0, 1, 127, 128, 129, 255};
  EXPECT_EQ(truth_from_codes(codes, 6, 1, grabcut->codes).labels, (std::vector<int>{0, 0, 0, -1, 1, 1}));
  EXPECT_EQ(truth_from_codes(codes, 6, 1, davis->codes).labels, (std::vector<int>{0, 1, 1, 1, 1, 1}));
}

TEST(Truth, CodesAreLabels) {
  const std::uint8_t codes[] = {0, 128, 255, 7};
  EXPECT_EQ(truth_from_codes(codes, 2, 2, {.object = 255, .ignore = 128}).labels, (std::vector<int>{0, -1, 1, 0}));
  EXPECT_EQ(truth_from_codes(codes, 2, 2, {.object = 7, .ignore = {}}).labels, (std::vector<int>{0, 0, 0, 1}));
  EXPECT_FALSE(truth_from_codes(codes, 2, 2, {.object = 9, .ignore = {}}).has_object());
}

TEST(Truth, PredictionIsAboveOneHalf) {
  EXPECT_EQ(predicted_pixels({.width = 3, .height = 1, .values = {0.5F, 0.50001F, 0.F}}),
            (std::vector<std::uint8_t>{0, 1, 0}));
}

TEST(Radius, IsReadAndWritten) {
  EXPECT_EQ(RadiusRule::parse("paper")->kind, RadiusRule::Kind::paper);
  EXPECT_EQ(RadiusRule::parse("auto")->kind, RadiusRule::Kind::automatic);
  EXPECT_EQ(RadiusRule::parse("12.5")->pixels, 12.5);
  for (const char* text : {"paper", "auto", "12.5", "0"}) EXPECT_EQ(RadiusRule::parse(text)->text(), text);
  for (const char* text : {"", "-1", "nan", "inf", "12px", "Paper"}) EXPECT_FALSE(RadiusRule::parse(text)) << text;
}

TEST(Protocol, OwnSettings) {
  Protocol protocol;
  for (const char* assignment : {"border_counts=no", "connectivity=4", "auc=mean", "no_error=click"})
    EXPECT_EQ(protocol.set(assignment), true) << assignment;
  EXPECT_FALSE(protocol.border_counts);
  EXPECT_EQ(protocol.connectivity, 4);
  EXPECT_EQ(protocol.auc, AucRule::mean);
  EXPECT_TRUE(protocol.clicks_without_error);
  EXPECT_EQ(protocol.set("consistency=0"), false);
  for (const char* assignment : {"connectivity", "=4", "connectivity=6", "auc=", "border_counts=maybe"}) {
    const auto done = protocol.set(assignment);
    ASSERT_FALSE(done) << assignment;
    EXPECT_EQ(done.error().code, ErrorCode::invalid_argument);
  }
}

}  // namespace
}  // namespace gbrs
