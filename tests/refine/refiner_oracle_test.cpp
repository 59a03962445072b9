// SPDX-License-Identifier: Apache-2.0
// Whole runs against the oracle: three clicks, stroke updates or pushes on a tiny network through the engine's own
// Refiner, with every evaluation of the loss, the number of steps, the parameters and the answer after each.

#include <gtest/gtest.h>

#include <map>

#include "objectives/task_objective.hpp"
#include "refine/oracle_net.hpp"
#include "refine/refiner.hpp"
#include "support/oracle.hpp"
#include "support/oracle_clicks.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

/// 20 Adam steps amplify a difference in the last place; the oracle allows this much in float64.
constexpr double kRunRelative = 1e-6;

std::vector<OracleCase> cases_of(const std::string& kind) {
  std::vector<OracleCase> cases = read_oracle("runs");
  std::erase_if(cases, [&](const OracleCase& oracle) { return oracle.settings.at("kind") != kind; });
  return cases;
}

const OracleCase& network_of(const OracleCase& run) {
  static const std::vector<OracleCase> networks = cases_of("net");
  for (const OracleCase& oracle : networks) {
    if (oracle.settings.at("family") == run.settings.at("family")) return oracle;
  }
  throw std::runtime_error(run.name + ": no network");
}

MethodOptions::Stop stop_rule(const std::string& name) {
  if (name == "deficit") return MethodOptions::Stop::deficit;
  if (name == "literal") return MethodOptions::Stop::literal;
  return MethodOptions::Stop::none;
}

/// The layers of a run; `channels` of the network's input.
InsertionOptions insertion_options(const nlohmann::json& config, std::int64_t channels) {
  const std::map<std::string, LayerType> layers{
      {"sb", LayerType::sb}, {"bmsb", LayerType::bmsb}, {"bmsbm", LayerType::bmsbm}, {"bmconv", LayerType::bmconv}};
  const std::string name = config.at("layer");
  if (layers.contains(name))
    return {.type = layers.at(name),
            .sites = config.at("insert"),
            .is_scaled = false,
            .top_channels = config.at("tcs"),
            .channels = {},
            .weight_mode = config.at("w_mode") == "sigmoid" ? WeightMode::sigmoid : WeightMode::project};
  if (name != "rgb" && name != "distmap") throw std::runtime_error("layer " + name);
  InsertionOptions options{.type = LayerType::rgb, .sites = {"x"}, .is_scaled = false};
  const bool is_rgb = name == "rgb";
  for (std::int64_t c = is_rgb ? 0 : 3; c < (is_rgb ? 3 : channels); ++c) options.channels.push_back(c);
  return options;
}

class RunOracle : public testing::TestWithParam<OracleCase> {
 protected:
  static void check(at::ScalarType type) {
    const OracleCase& oracle = GetParam();
    const auto& config = oracle.settings.at("config");
    const std::string family = oracle.settings.at("family");
    const std::string task = config.at("task");
    const OracleCase& stored = network_of(oracle);
    const OracleNet network(stored, type);
    Insertions insertions(insertion_options(config, stored.at("x").shape.at(1)));
    MethodOptions method = oracle_method(config);
    method.stop = stop_rule(config.at("stop"));
    const auto objective = task_objective(oracle_task(task, family), method);
    Refiner refiner({.rate = config.at("lr"),
                     .iterations = task == "push" ? 20 : config.at("iters").get<int>(),  // a push makes one anyway
                     .has_early_stop = config.at("stop") != "none",
                     .stop_at = config.at("stop_at"),
                     .keeps_adam = config.at("adam") == "keep",
                     .returns_best = config.at("iterate") == "best"});

    ClickList list;
    for (std::size_t click = 0; oracle.has("click" + std::to_string(click) + ".out"); ++click) {
      const std::string prefix = "click" + std::to_string(click) + ".";
      SCOPED_TRACE(prefix);
      if (task == "stroke") {
        list.strokes = oracle_strokes(oracle.at(prefix + "stroke"), stored.at("b4").shape.at(0));
      } else {
        list.clicks.push_back(oracle_click(oracle.at("clicks_uvrl"), click, task));
        list.first_new = click;
      }
      const Tensor x = to_tensor(oracle.has(prefix + "x") ? oracle.at(prefix + "x") : stored.at("x"), type);
      const RefinerResult result =
          refiner.run([&](Insertions& layers) { return network.decode(x, layers); }, insertions,
                      [&](const Tensor& first) { return objective->begin(first, list); });

      EXPECT_TRUE(matches(result.first, oracle.at(prefix + "f_prev"), kRunRelative));
      EXPECT_EQ(result.steps, oracle.at(prefix + "steps").values[0]);
      EXPECT_EQ(result.best, oracle.at(prefix + "best").values[0]);
      EXPECT_FALSE(result.is_stopped || result.is_diverged);
      std::vector<double> trace;
      for (const TraceRow& row : result.trace) trace.insert(trace.end(), {row.refine, row.keep, row.total, row.stop});
      EXPECT_TRUE(matches(at::tensor(trace, at::kDouble).to(type), oracle.at(prefix + "trace"), kRunRelative));
      for (const SiteValues& site : insertions.values()) {
        if (oracle.has("tcs_index." + site.site)) {
          EXPECT_TRUE(is_near(site.channels, to_tensor(oracle.at("tcs_index." + site.site)), 0));
        }
        for (const auto& [name, value] : site.values) {
          const std::string key = prefix + "param." + site.site + "." + std::string(name);
          EXPECT_TRUE(matches(value, oracle.at(key), kRunRelative)) << key;
        }
      }
      EXPECT_TRUE(matches(result.answer, oracle.at(prefix + "out"), kRunRelative));
    }
    if (oracle.has("clicks_uvrl")) {
      EXPECT_EQ(list.clicks.size() * 4, oracle.at("clicks_uvrl").values.size());
    }
  }
};

TEST_P(RunOracle, EveryEvaluationAndParameterMatchesInFloat64) { check(at::kDouble); }
TEST_P(RunOracle, EveryEvaluationAndParameterMatchesInFloat32) { check(at::kFloat); }

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(RunOracle);  // a folder may lack the kind
INSTANTIATE_TEST_SUITE_P(Cases, RunOracle, testing::ValuesIn(cases_of("run")), CaseName());

class NetworkOracle : public testing::TestWithParam<OracleCase> {};

TEST_P(NetworkOracle, AnswersAsStoredWithoutAnyLayer) {
  const OracleCase& oracle = GetParam();
  for (const at::ScalarType type : {at::kDouble, at::kFloat}) {
    Insertions none({.type = LayerType::none, .sites = {}});
    Tensor x = to_tensor(oracle.at("x"), type);
    if (oracle.settings.at("family") == "is") x.narrow(1, 3, x.size(1) - 3).zero_();  // f0: empty interaction maps
    EXPECT_TRUE(matches(OracleNet(oracle, type).decode(x, none), oracle.at("f0")));
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(NetworkOracle);  // a folder may lack the kind
INSTANTIATE_TEST_SUITE_P(Cases, NetworkOracle, testing::ValuesIn(cases_of("net")), CaseName());

}  // namespace
}  // namespace gbrs::test
