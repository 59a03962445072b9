// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dataset.hpp"

#include <gtest/gtest.h>

#include "evaluation/protocol.hpp"

namespace gbrs {
namespace {

TEST(Dataset, KeysAreRead) {
  const auto dataset = parse_dataset(
      R"({"task": "segment", "images": "photos", "object": 255, "ignore": 128, "objects": "<image>_<k>"})");
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->images, "photos");
  EXPECT_EQ(dataset->codes.object, 255);
  EXPECT_EQ(dataset->codes.ignore, 128);
  EXPECT_TRUE(dataset->has_several_objects);
  const auto plain = parse_dataset(R"({"task": "segment", "object": 1})");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->images, "images");
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
      {R"({"task": "segment", "object": 255, "Ignore": 3})", "Ignore"},
  };
  for (const auto& [text, word] : cases) {
    const auto dataset = parse_dataset(text);
    ASSERT_FALSE(dataset) << text;
    EXPECT_NE(dataset.error().message.find(word), std::string::npos) << text << ": " << dataset.error().message;
  }
}

std::vector<std::string> names(const Pairing& pairing) {
  std::vector<std::string> names;
  for (const auto& one : pairing.objects) names.push_back(one.object + " " + one.image + " " + one.mask);
  return names;
}

TEST(Pairing, OneMaskAnImage) {
  const auto pairing =
      pair_files({"b.jpg", "a.png", "c.jpg", "d.jpg", "d.png"}, {"a.png", "b.png", "d.png", "e.png"}, false);
  EXPECT_EQ(names(pairing), (std::vector<std::string>{"a a.png a.png", "b b.jpg b.png"}));
  std::vector<std::string> skipped;
  for (const auto& one : pairing.skipped) skipped.push_back(one.name + ": " + one.reason);
  EXPECT_EQ(skipped, (std::vector<std::string>{"d.png: several images have its name", "e.png: the mask has no image",
                                               "c.jpg: the image has no mask"}));
}

TEST(Pairing, SeveralMasksAnImage) {
  const auto pairing =
      pair_files({"a_1.jpg", "b.jpg"}, {"a_1_2.png", "a_1_10.png", "b_1.png", "b.png", "b_x.png"}, true);
  EXPECT_EQ(names(pairing),
            (std::vector<std::string>{"a_1_10 a_1.jpg a_1_10.png", "a_1_2 a_1.jpg a_1_2.png", "b_1 b.jpg b_1.png"}));
  EXPECT_EQ(pairing.skipped.size(), 2U);
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
  for (const char* assignment : {"border_counts=no", "connectivity=4", "auc=mean", "no_error=click", "iterations=7"})
    EXPECT_EQ(protocol.set(assignment), true) << assignment;
  EXPECT_FALSE(protocol.border_counts);
  EXPECT_EQ(protocol.connectivity, 4);
  EXPECT_EQ(protocol.session.iterations, 7);
  EXPECT_EQ(protocol.auc, AucRule::mean);
  EXPECT_TRUE(protocol.clicks_without_error);
  EXPECT_EQ(protocol.set("consistency=0"), false);
  for (const char* assignment : {"connectivity", "=4", "connectivity=6", "auc=", "border_counts=maybe", "iterations=-1",
                                 "iterations=1001", "iterations=7x"}) {
    const auto done = protocol.set(assignment);
    ASSERT_FALSE(done) << assignment;
    EXPECT_EQ(done.error().code, ErrorCode::invalid_argument);
  }
}

}  // namespace
}  // namespace gbrs
