// SPDX-License-Identifier: Apache-2.0
// Layers against the oracle: outputs and every gradient, of the input too, in both precisions and memory
// formats; with top-k channel selection and with w as a sigmoid.

#include <gtest/gtest.h>

#include "layers/insertions.hpp"
#include "support/oracle.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

LayerType type_of(const std::string& name) {
  if (name == "sb") return LayerType::sb;
  if (name == "bmsb") return LayerType::bmsb;
  if (name == "bmsbm") return LayerType::bmsbm;
  if (name == "bmconv") return LayerType::bmconv;
  throw std::runtime_error("layer " + name);
}

class LayerOracle : public testing::TestWithParam<OracleCase> {
 protected:
  static void check(at::ScalarType type, at::MemoryFormat format) {
    const OracleCase& oracle = GetParam();
    const Tensor m = to_tensor(oracle.at("m"), type).contiguous(format).set_requires_grad(true);
    Insertions insertions(
        {.type = type_of(oracle.settings.at("layer")),
         .sites = {"site"},
         .is_scaled = false,
         .top_channels = oracle.settings.at("tcs"),
         .weight_mode = oracle.settings.at("w_mode") == "sigmoid" ? WeightMode::sigmoid : WeightMode::project});
    EXPECT_TRUE(is_equal(insertions.pass("site", m), m)) << "at the start values the layer is the identity";

    std::vector<SiteValues> values = insertions.values();
    for (auto& [name, value] : values[0].values) value = to_tensor(oracle.at("param." + std::string(name)), type);
    insertions.set_values(values);
    if (oracle.has("tcs_index")) {
      EXPECT_TRUE(is_near(values[0].channels, to_tensor(oracle.at("tcs_index")), 0));
    }

    const Tensor out = insertions.pass("site", m);
    EXPECT_TRUE(matches(out, oracle.at("out")));
    const Tensor sum = (to_tensor(oracle.at("cotangent"), type) * out).sum();
    EXPECT_TRUE(matches(sum, oracle.at("S")));
    sum.backward();
    EXPECT_TRUE(matches(m.grad(), oracle.at("grad.m"))) << "grad.m";
    const std::vector<Tensor> parameters = insertions.parameters();
    ASSERT_EQ(parameters.size(), values[0].values.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const std::string name = "grad." + std::string(values[0].values[i].name);
      EXPECT_TRUE(matches(parameters[i].grad(), oracle.at(name))) << name;
    }
  }
};

TEST_P(LayerOracle, OutputAndGradientsMatchInFloat64) { check(at::kDouble, at::MemoryFormat::Contiguous); }
TEST_P(LayerOracle, OutputAndGradientsMatchInFloat32) { check(at::kFloat, at::MemoryFormat::Contiguous); }
TEST_P(LayerOracle, OutputAndGradientsMatchInFloat64WithChannelsLast) {
  check(at::kDouble, at::MemoryFormat::ChannelsLast);
}
TEST_P(LayerOracle, OutputAndGradientsMatchInFloat32WithChannelsLast) {
  check(at::kFloat, at::MemoryFormat::ChannelsLast);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LayerOracle);  // a folder may lack the kind
INSTANTIATE_TEST_SUITE_P(Cases, LayerOracle, testing::ValuesIn(read_oracle("layers")), CaseName());

}  // namespace
}  // namespace gbrs::test
