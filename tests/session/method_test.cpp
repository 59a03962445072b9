// SPDX-License-Identifier: Apache-2.0
#include "gbrs/method.hpp"

#include <gtest/gtest.h>

#include <format>

namespace gbrs {
namespace {

TEST(Method, EveryOptionOfTheHeaderIsSetByItsKey) {
  MethodOptions options;
  for (const char* assignment :
       {"adam=keep",           "ce_norm=valid",    "consistency=0",  "eps=0.25",
        "frame=reset",         "attention=label",  "close_up=off",   "consistency_to=probabilities",
        "insertions=2",        "iterate=best",     "iterations=7",   "loss_at=frame",
        "min_radius=2.5",      "mirror=on",        "objects=off",    "parameters=keep",
        "push_scale=on",       "rate=0.01",        "region=0.3",     "region_clicks=4",
        "region_likeness=0.8", "region_reach=1.5", "region_steps=7", "scaled=off",
        "stop=literal",        "w_mode=sigmoid",   "zoom=off"})
    EXPECT_TRUE(set_option(options, assignment)) << assignment;
  EXPECT_EQ(options, (MethodOptions{.keeps_adam = true,
                                    .attention = MethodOptions::Attention::label,
                                    .cross_entropy_norm = MethodOptions::CrossEntropyNorm::valid,
                                    .comes_close = false,
                                    .consistency = 0,
                                    .consistency_to = MethodOptions::ConsistencyTo::probabilities,
                                    .push = 0.25,
                                    .has_push_scale = true,
                                    .insertions = 2,
                                    .resamples_bias_map = false,
                                    .iterations = 7,
                                    .returns_best = true,
                                    .has_loss_at_frame = true,
                                    .min_radius = 2.5,
                                    .mirrors = true,
                                    .is_about_objects = false,
                                    .keeps_parameters = true,
                                    .rate = 0.01,
                                    .region = 0.3,
                                    .region_clicks = 4,
                                    .region_likeness = 0.8,
                                    .region_reach = 1.5,
                                    .region_steps = 7,
                                    .is_scaled = false,
                                    .stop = MethodOptions::Stop::literal,
                                    .has_sigmoid_weight = true,
                                    .zooms = false}));
}

TEST(Method, TheDefaultsWordsGiveTheDefaults) {
  MethodOptions options{.keeps_adam = true,
                        .cross_entropy_norm = MethodOptions::CrossEntropyNorm::valid,
                        .has_push_scale = true,
                        .resamples_bias_map = false,
                        .returns_best = true,
                        .has_loss_at_frame = true,
                        .stop = MethodOptions::Stop::none,
                        .has_sigmoid_weight = true,
                        .zooms = false};
  for (const char* assignment : {"adam=reset", "ce_norm=all", "frame=resample", "iterate=last", "loss_at=network",
                                 "push_scale=off", "stop=deficit", "w_mode=project", "zoom=on"})
    EXPECT_TRUE(set_option(options, assignment)) << assignment;
  EXPECT_EQ(options, MethodOptions{});
}

TEST(Method, WhatMakesNoSenseIsNamedAndChangesNothing) {
  const auto message = [](const char* assignment) {
    MethodOptions options;
    const auto set = set_option(options, assignment);
    EXPECT_EQ(options, MethodOptions{}) << assignment;
    return set ? std::string() : set.error().message;
  };
  EXPECT_EQ(message("adam"), "'adam' sets nothing: write KEY=VALUE.");
  EXPECT_EQ(message("adam=maybe"), "The option adam cannot be 'maybe': it takes reset or keep.");
  EXPECT_EQ(message("rate=0"), "The option rate cannot be '0': it takes a number above 0.");
  EXPECT_EQ(message("rate=1e999"), "The option rate cannot be '1e999': it takes a number above 0.");
  EXPECT_EQ(message("region=-1"), "The option region cannot be '-1': it takes a number of 0 or more.");
  EXPECT_EQ(message("region=nan"), "The option region cannot be 'nan': it takes a number of 0 or more.");
  EXPECT_EQ(message("region_steps=2.5"),
            "The option region_steps cannot be '2.5': it takes a whole number from 1 to 1000.");
  EXPECT_EQ(message("region_likeness=2"), "The option region_likeness cannot be '2': it takes a number from 0 to 1.");
  for (const char* bad : {"-1", "1001", "7x", "7.5"})
    EXPECT_EQ(message(std::format("iterations={}", bad).c_str()),
              std::format("The option iterations cannot be '{}': it takes a whole number from 0 to 1000.", bad));
  EXPECT_EQ(message("consistency="), "The option consistency cannot be '': it takes a number of 0 or more.");
  EXPECT_TRUE(message("colour=red").starts_with("There is no option colour; known: adam, attention, ce_norm, close_up, consistency,"));
  EXPECT_EQ(message("insertions=0"), "The option insertions cannot be '0': it takes a whole number of 1 or more.");
  EXPECT_EQ(message("scaled=yes"), "The option scaled cannot be 'yes': it takes on or off.");
}

}  // namespace
}  // namespace gbrs
