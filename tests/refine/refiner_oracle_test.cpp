// SPDX-License-Identifier: Apache-2.0
// Whole runs against the oracle: three clicks on a tiny network through the engine's own Refiner, with every
// evaluation of the loss, the number of steps, the parameters and the answer after each click.
//
// Families run: "is" with layers (stop deficit and literal, with and without L_c). Left for the issues that
// bring their objectives: semantic, stroke, matting, depth, push; and the input refinement rgb and distmap.

#include <gtest/gtest.h>

#include <set>

#include "objectives/segment.hpp"
#include "refine/oracle_net.hpp"
#include "refine/refiner.hpp"
#include "support/oracle.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

const std::set<std::string> kFamilies{"is"};
const std::map<std::string, LayerType> kLayers{
    {"sb", LayerType::sb}, {"bmsb", LayerType::bmsb}, {"bmsbm", LayerType::bmsbm}, {"bmconv", LayerType::bmconv}};

/// 20 Adam steps amplify a difference in the last place; the oracle allows this much in float64.
constexpr double kRunRelative = 1e-6;

std::vector<OracleCase> runs() {
  std::vector<OracleCase> cases = read_oracle("runs");
  std::erase_if(cases, [](const OracleCase& oracle) {
    return oracle.settings.at("kind") != "run" || !kFamilies.contains(oracle.settings.at("family")) ||
           !kLayers.contains(oracle.settings.at("config").at("layer"));
  });
  return cases;
}

OracleCase network_of(const OracleCase& run) {
  const std::string name = "net_" + run.settings.at("family").get<std::string>();
  for (OracleCase& oracle : read_oracle("runs")) {
    if (oracle.name == name) return std::move(oracle);
  }
  throw std::runtime_error("no " + name);
}

StopRule stop_rule(const std::string& name) {
  if (name == "deficit") return StopRule::deficit;
  if (name == "literal") return StopRule::literal;
  return StopRule::none;
}

class RunOracle : public testing::TestWithParam<OracleCase> {
 protected:
  static void check(at::ScalarType type) {
    const OracleCase& oracle = GetParam();
    const auto& config = oracle.settings.at("config");
    const OracleNet network(network_of(oracle), type);
    Insertions insertions(
        {.type = kLayers.at(config.at("layer")),
         .sites = config.at("insert"),
         .is_scaled = false,
         .top_channels = config.at("tcs"),
         .weight_mode = config.at("w_mode") == "sigmoid" ? WeightMode::sigmoid : WeightMode::project});
    const SegmentObjective objective(
        {.lambda = config.at("use_lc").get<bool>() ? 100.0 : 0.0, .stop = stop_rule(config.at("stop"))});
    Refiner refiner({.rate = config.at("lr"),
                     .iterations = config.at("iters"),
                     .has_early_stop = config.at("stop") != "none",
                     .stop_at = config.at("stop_at"),
                     .keeps_adam = config.at("adam") == "keep",
                     .returns_best = config.at("iterate") == "best"});

    ClickList list;
    const std::vector<double>& rows = oracle.at("clicks_uvrl").values;
    for (std::size_t click = 0; oracle.has("click" + std::to_string(click) + ".out"); ++click) {
      const std::string prefix = "click" + std::to_string(click) + ".";
      SCOPED_TRACE(prefix);
      list.clicks.push_back({rows[4 * click], rows[4 * click + 1], rows[4 * click + 2], rows[4 * click + 3]});
      list.first_new = click;
      const Tensor x = to_tensor(oracle.at(prefix + "x"), type);
      const RefinerResult result =
          refiner.run([&](Insertions& layers) { return network.decode(x, layers); }, insertions,
                      [&](const Tensor& first) { return objective.begin(first, list); });

      EXPECT_TRUE(matches(result.first, oracle.at(prefix + "f_prev"), kRunRelative));
      EXPECT_EQ(result.steps, oracle.at(prefix + "steps").values[0]);
      EXPECT_EQ(result.best, oracle.at(prefix + "best").values[0]);
      EXPECT_FALSE(result.is_stopped || result.is_diverged);
      std::vector<double> trace;
      for (const TraceRow& row : result.trace) trace.insert(trace.end(), {row.refine, row.keep, row.total, row.stop});
      EXPECT_TRUE(matches(at::tensor(trace, at::kDouble).to(type), oracle.at(prefix + "trace"), kRunRelative));
      for (const SiteValues& site : insertions.values()) {
        for (const auto& [name, value] : site.values) {
          const std::string key = prefix + "param." + site.site + "." + std::string(name);
          EXPECT_TRUE(matches(value, oracle.at(key), kRunRelative)) << key;
        }
      }
      EXPECT_TRUE(matches(result.answer, oracle.at(prefix + "out"), kRunRelative));
    }
    EXPECT_EQ(list.clicks.size() * 4, rows.size());
  }
};

TEST_P(RunOracle, EveryEvaluationAndParameterMatchesInFloat64) { check(at::kDouble); }
TEST_P(RunOracle, EveryEvaluationAndParameterMatchesInFloat32) { check(at::kFloat); }

INSTANTIATE_TEST_SUITE_P(Cases, RunOracle, testing::ValuesIn(runs()), CaseName());

TEST(RunOracleNetwork, AnswersAsStoredWithoutAnyLayer) {
  for (const OracleCase& oracle : read_oracle("runs")) {
    if (oracle.settings.at("kind") != "net" || !kFamilies.contains(oracle.settings.at("family"))) continue;
    for (const at::ScalarType type : {at::kDouble, at::kFloat}) {
      Insertions none({.type = LayerType::none, .sites = {}});
      // f0 belongs to empty interaction maps
      Tensor x = to_tensor(oracle.at("x"), type);
      x.narrow(1, 3, x.size(1) - 3).zero_();
      EXPECT_TRUE(matches(OracleNet(oracle, type).decode(x, none), oracle.at("f0"))) << oracle.name;
    }
  }
}

}  // namespace
}  // namespace gbrs::test
