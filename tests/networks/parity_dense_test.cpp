// SPDX-License-Identifier: Apache-2.0
// The published networks for depth, matting and semantic segmentation (BTS, IndexNet, HMSA) with generated weights
// against stored runs of the published code: every folder bts_*, indexnet_*, hmsa_* with case.json and keys.tsv. What
// they compute, what comes of it with layers inserted, and the gradients of the layers' parameters.

#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <gtest/gtest.h>

#include "networks/indexnet.hpp"
#include "support/parity.hpp"

namespace gbrs::test {
namespace {

/// The part of a tensor that is stored.
Tensor sampled(Tensor tensor, const nlohmann::json& entry) {
  if (!entry.contains("sample") || entry.at("sample").is_null()) return tensor;
  const auto bound = [](const nlohmann::json& value) {
    return value.is_null() ? std::optional<std::int64_t>() : std::optional(value.get<std::int64_t>());
  };
  std::int64_t axis = 0;
  for (const auto& one : entry.at("sample"))
    tensor = tensor.slice(axis++, bound(one.at("start")), bound(one.at("stop")), one.at("step"));
  return tensor;
}

class Dense : public testing::TestWithParam<std::filesystem::path> {
 protected:
  Dense() : case_(GetParam()) {
    input_ = read_tensor(GetParam() / "input.npy");
    for (const auto& [name, point] : case_.settings.at("insertion_points").items()) points_.push_back(name);
    is_selected_ = case_.settings.contains("tcs");
  }

  void TearDown() override {
    if (network_ != nullptr) network_->set_watch({});
  }

  /// Everything in this type; `share` of the stated tolerances, which are those of float32.
  void prepare(at::ScalarType type = at::kFloat, double share = 1) {
    network_ = type == at::kFloat ? network_of(GetParam(), case_) : case_.make(type);
    input_ = input_.to(type);
    share_ = share;
  }

  std::unique_ptr<Conditioned> conditioned() {
    const at::NoGradGuard no_grad;
    return network_->condition(*network_->encode_input(input_), {});
  }

  /// The site of an insertion point: "norm5 (...)" or "index6_de (...)", or the point's own name.
  std::string site(const std::string& point) {
    const auto sites = network_->sites();
    if (std::ranges::find(sites, point) != sites.end()) return point;
    const std::string text = case_.settings.at("insertion_points").at(point).at("tensor");
    const std::string name = text.substr(0, text.find(' '));
    return name.ends_with("_de") ? name.substr(0, name.size() - 3) : name;
  }

  Insertions insertions() {
    std::vector<std::string> sites;
    for (const std::string& point : points_) sites.push_back(site(point));
    const int selected = is_selected_ ? case_.settings.at("insertion_points").at("p1").at("selected").get<int>() : 0;
    return Insertions({.type = LayerType::bmconv, .sites = sites, .top_channels = selected});
  }

  /// Compares the tensors of these groups; a name that is not among the features is a failure.
  void compare(const Features& features, const std::vector<std::string>& groups) {
    for (const auto& entry : case_.settings.at("tensors")) {
      if (std::ranges::find(groups, entry.at("group").get<std::string>()) == groups.end()) continue;
      const std::string name = entry.at("name");
      const Tensor* actual = features.find(name);
      ASSERT_NE(actual, nullptr) << "no feature " << name;
      const Tensor stored = read_tensor(GetParam() / entry.at("file").get<std::string>());
      EXPECT_EQ(actual->numel(), c10::multiply_integers(entry.at("full_shape").get<std::vector<std::int64_t>>()))
          << name;
      const Tensor part = sampled(actual->reshape(entry.at("full_shape").get<std::vector<std::int64_t>>()), entry);
      EXPECT_TRUE(is_near(part, stored, share_ * entry.at("tolerance_abs").get<double>())) << name;
    }
  }

  Tensor loss(const Tensor& answer) const;
  void check_gradients();

  GeneratedCase case_;
  std::shared_ptr<Network> network_;
  Tensor input_;
  std::vector<std::string> points_;
  bool is_selected_;
  double share_ = 1;
};

/// Squared errors at the clicks, summed or averaged, or mean cross entropy; as the case says.
Tensor Dense::loss(const Tensor& answer) const {
  const auto& gbrs = case_.settings.at("gbrs");
  const bool is_semantic = gbrs.contains("clicks_y_x_class");
  const auto& clicks = gbrs.at(is_semantic ? "clicks_y_x_class" : "clicks_y_x_target");
  Tensor sum;
  for (const auto& click : clicks) {
    const Tensor pixel = answer[0].select(2, click.at(1)).select(1, click.at(0));
    const Tensor one = is_semantic ? -pixel.log_softmax(0).select(0, click.at(2))
                                   : (pixel.select(0, 0) - click.at(2).get<double>()).square();
    sum = sum.defined() ? sum + one : one;
  }
  const bool is_sum = gbrs.at("loss").get<std::string>().starts_with("sum");
  return is_sum ? sum : sum / static_cast<double>(clicks.size());
}

TEST_P(Dense, EveryFeatureIsThatOfThePublishedCode) {
  prepare();
  Features features;
  features.record(*network_);
  Insertions none({});
  const Tensor answer = network_->decode(*conditioned(), none);
  compare(features, {"output", "activation", "insertion_point", "alternative_insertion_point"});
  if (is_selected_) compare(features, {"tcs"});
  if (!std::filesystem::exists(GetParam() / "alpha_final_f32.npy")) return;

  const Tensor frame = at::cat({read_tensor(GetParam() / "image.npy", at::kByte),
                                read_tensor(GetParam() / "trimap.npy", at::kByte).unsqueeze(-1)},
                               2);
  const Tensor alpha = pasted_alpha(answer, frame);
  double tolerance = 0;
  for (const auto& entry : case_.settings.at("tensors"))
    if (entry.at("name") == "pred") tolerance = 255 * 1.5 * entry.at("tolerance_abs").get<double>();
  EXPECT_TRUE(is_near(alpha, read_tensor(GetParam() / "alpha_final_f32.npy"), tolerance));
  EXPECT_TRUE(is_near(alpha.to(at::kByte), read_tensor(GetParam() / "alpha_final_u8.npy"), 1));
}

TEST_P(Dense, ThePictureBecomesTheStoredInput) {
  prepare();
  Tensor frame = read_tensor(GetParam() / "image.npy", at::kByte);
  if (std::filesystem::exists(GetParam() / "trimap.npy"))
    frame = at::cat({frame, read_tensor(GetParam() / "trimap.npy", at::kByte).unsqueeze(-1)}, 2);
  EXPECT_TRUE(is_near(network_->normalised(frame), input_, 1e-6));
}

TEST_P(Dense, InsertedLayersGiveTheAnswerOfThePublishedCode) {
  prepare();
  const auto frame = conditioned();
  const at::NoGradGuard no_grad;
  Insertions layers = insertions();
  network_->decode(*frame, layers);  // makes the layers
  auto values = layers.values();
  if (is_selected_) {
    const auto channels = case_.settings.at("tcs").at("channels").get<std::vector<std::int64_t>>();
    EXPECT_TRUE(values.at(0).channels.equal(at::tensor(channels, at::kLong)));
  }
  const WeightGenerator generator{.seed = case_.settings.at("gbrs").at("seed")};
  for (SiteValues& value : values) {
    const auto point = std::ranges::find(points_, value.site, [&](const std::string& name) { return site(name); });
    ASSERT_NE(point, points_.end()) << value.site;
    for (Parameter& parameter : value.values) {
      const bool is_bias = parameter.name == "bconv";
      const std::string key = "gbrs." + *point + "." + std::string(parameter.name) + (is_bias ? ".bias" : "");
      const Tensor random =
          generated(generator, key, parameter.value.sizes().vec(), parameter.value.scalar_type());
      if (parameter.name == "bm") parameter.value = random * 0.125;
      if (parameter.name == "wc" || is_bias) parameter.value = random;
      if (parameter.name == "wconv")
        parameter.value = at::eye(random.size(0), random.options()) + random * 0.125;
    }
  }
  layers.set_values(values);
  Features features;
  const Tensor answer = network_->decode(*frame, layers);
  features["pred_gbrs_perturbed"] = features["final_depth_gbrs_perturbed"] = answer;
  std::vector<nlohmann::json> others;
  for (const auto& entry : case_.settings.at("tensors"))
    if (entry.at("group") == "gbrs" && entry.at("name") == "gbrs_initial_loss") others.push_back(entry);
  for (const auto& entry : others)
    features[entry.at("name")] = read_tensor(GetParam() / entry.at("file").get<std::string>());
  compare(features, {"gbrs"});
}

void Dense::check_gradients() {
  const auto frame = conditioned();
  Insertions layers = insertions();
  const Tensor total = loss(network_->decode(*frame, layers));
  total.backward();
  Features features;
  for (const auto& entry : case_.settings.at("tensors")) {
    if (entry.at("name") != "gbrs_initial_loss") continue;
    EXPECT_NEAR(total.item<double>(), read_tensor(GetParam() / entry.at("file").get<std::string>()).item<double>(),
                share_ * entry.at("tolerance_abs").get<double>());
  }
  const auto parameters = layers.parameters();
  const auto values = layers.values();
  ASSERT_EQ(parameters.size(), 4 * values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto point = std::ranges::find(points_, values[i].site, [&](const std::string& name) { return site(name); });
    for (std::size_t j = 0; j < 4; ++j) {
      const std::string name = std::string(values[i].values[j].name);
      std::string of = *point;  // s1.0.p1 has its gradients under s1.0_p1
      if (const auto dot = of.rfind('.'); dot != std::string::npos) of[dot] = '_';
      features["grad_" + of + "_" + name] = parameters[4 * i + j].grad();
      if (name == "wc") {
        EXPECT_EQ(parameters[4 * i + j].grad().abs().max().item<double>(), 0) << *point;
      }
    }
  }
  compare(features, {"gbrs_gradient"});
}

TEST_P(Dense, GradientsOfIdentityLayersAreThoseOfThePublishedCode) {
  prepare();
  check_gradients();
}

// The sharper test: no unit turns on or off by rounding. Another implementation stays below 0.03 of the tolerances.
TEST_P(Dense, InFloat64FeaturesAndGradientsAgreeTenTimesCloser) {
  prepare(at::kDouble, 0.1);
  Features features;
  features.record(*network_);
  Insertions none({});
  const auto encoded = network_->encode_input(input_);
  const auto conditioned = network_->condition(*encoded, {});
  (void)network_->decode(*conditioned, none);
  compare(features, {"output", "activation", "insertion_point", "alternative_insertion_point"});
  network_->set_watch({});
  expect_likeness(*network_, *encoded, *conditioned);
  check_gradients();
}

TEST_P(Dense, TheGradientReachesTheInput) {
  const bool has_scales = case_.architecture() == "hmsa";  // the others take the options of the case
  const auto network = has_scales ? case_.make(at::kDouble, Settings({{"scales", "1.0"}})) : case_.make(at::kDouble);
  expect_input_gradient(*network, input_.slice(2, 0, 64).slice(3, 0, 64), {});
}

TEST_P(Dense, KeysThatDoNotBelongAreNamed) { expect_strict(case_.architecture(), case_.hollow()); }

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Dense);
INSTANTIATE_TEST_SUITE_P(Parity, Dense, testing::ValuesIn(parity_cases({"bts_", "indexnet_", "hmsa_"}, "keys.tsv")),
                         FolderName());

TEST(WeightGenerator, ItsNumbersAreThoseOfTheDescription) {
  const auto first = WeightGenerator{}.values("feature_extractor.backbone.conv1.weight", {64, 3, 7, 7});
  EXPECT_EQ(first[0], -0.11897361278533936F);
  EXPECT_EQ(first[1], -0.02614089474081993F);
  EXPECT_EQ(first.back(), 0.025003859773278236F);
  EXPECT_EQ(WeightGenerator{}.values("feature_extractor.backbone.bn1.weight", {64})[0], 1.116877794265747F);
  EXPECT_EQ(WeightGenerator{}.values("feature_extractor.backbone.bn1.running_var", {64})[1],
            1.0375103950500488F);
  EXPECT_EQ(WeightGenerator{.seed = 7}.values("head.1.bias", {1})[0], -0.0012337267398834229F);
  const WeightGenerator overridden{.seed = 7, .gain = 2, .overrides = {{"head.1.weight", 4.0}}};
  EXPECT_EQ(overridden.values("head.1.weight", {1, 256, 1, 1}).back(), -0.43984922766685486F);
  EXPECT_EQ(WeightGenerator{}.values("a.running_mean", {5})[4], 0.12288567423820496F);
}

}  // namespace
}  // namespace gbrs::test
