// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/model_words.hpp"

#include <gtest/gtest.h>

#include <array>

namespace gbrs::plugin {
namespace {

ModelInfo model_of(const char* architecture) {
  ModelInfo model{};
  model.name = "rooms";
  model.architecture = architecture;
  return model;
}

const ModelInfo kNetwork = model_of("lednet-depth");
const ModelInfo kScript = model_of("script");

TEST(ModelWords, AScriptIsMarkedAsOne) {
  EXPECT_EQ(model_label(kNetwork), "rooms");
  EXPECT_EQ(model_label(kScript), "rooms (script)");
}

TEST(ModelWords, OnlyWhereThereIsAScriptItSaysThatItRuns) {
  const std::array networks{kNetwork, kNetwork};
  const std::array mixed{kNetwork, kScript};
  EXPECT_EQ(models_tooltip(networks).find("rights"), std::string::npos);
  EXPECT_NE(models_tooltip(mixed).find("rights"), std::string::npos);
}

}  // namespace
}  // namespace gbrs::plugin
