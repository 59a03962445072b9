// SPDX-License-Identifier: Apache-2.0
#include "networks/script_network.hpp"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/relu.h>
#include <gtest/gtest.h>

#include <fstream>
#include <tuple>

#include "models/file_bytes.hpp"
#include "support/script_module.hpp"
#include "support/temporary_folder.hpp"
#include "support/tensors.hpp"

namespace gbrs::test {
namespace {

const std::map<std::string, std::string, std::less<>> kOne{{"features", "deep:8"}};
const std::map<std::string, std::string, std::less<>> kTwo{{"features", "deep:8,fine:8"}};

std::vector<std::byte> module(const std::string& methods, int answers = 2, int colours = 3) {
  const TemporaryFolder folder;
  write_script(folder.path() / "m.pt", methods, answers, colours);
  return *read_file_bytes(folder.path() / "m.pt");
}

ScriptNetwork network(const std::string& methods,
                      const std::map<std::string, std::string, std::less<>>& settings = kOne) {
  return ScriptNetwork(module(methods), Settings(settings), c10::kCPU);
}

/// R'G'B' [33,49,C].
Tensor picture(std::int64_t channels = 3) { return (wavy({33, 49, channels}) * 100 + 120).to(at::kByte); }

std::unique_ptr<Conditioned> conditioned(const Network& on) { return on.condition(*on.encode(picture()), {}); }

Tensor answer(const Network& on, const Conditioned& conditioned) {
  Insertions nothing({.type = LayerType::none, .sites = {}});
  return on.decode(conditioned, nothing);
}

Tensor plain_answer(const Tensor& feature) {
  return at::conv2d(at::relu(feature), script_weights(2, 8), {}, /*stride=*/1, /*padding=*/1);
}

Tensor plain_feature(const Tensor& input) { return at::conv2d(input, script_weights(8, 3), {}, 8, 1); }

TEST(ScriptNetwork, AnswersWhatItsMethodsSay) {
  const ScriptNetwork script = network(kTinyMethods);
  EXPECT_EQ(script.sites(), std::vector<std::string>{"deep"});
  const Tensor found = answer(script, *conditioned(script));
  const Tensor input = standardised(picture(), kImageNetMean, kImageNetDeviation, script_weights(1, 1)).contiguous();
  EXPECT_EQ(found.sizes(), at::IntArrayRef({1, 2, 5, 7}));
  EXPECT_TRUE(is_near(found, plain_answer(plain_feature(input)), 1e-5));
}

TEST(ScriptNetwork, ColoursAreScaledAsTheManifestSaysAndATrimapIsNot) {
  auto settings = kOne;
  settings.emplace("mean", "0,0.5,1");
  settings.emplace("deviation", "1,2,0.5");
  const ScriptNetwork script = network(kTinyMethods, settings);
  const Tensor frame = picture(4), input = script.normalised(frame);
  const auto plane = [&](std::int64_t channel) { return frame.select(2, channel).to(at::kFloat) / 255; };
  EXPECT_TRUE(is_near(input[0][0], plane(0), 1e-6));
  EXPECT_TRUE(is_near(input[0][1], (plane(1) - 0.5) / 2, 1e-6));
  EXPECT_TRUE(is_near(input[0][2], (plane(2) - 1) / 0.5, 1e-6));
  EXPECT_TRUE(is_near(input[0][3], plane(3), 1e-6));
}

/// What a layer's parameters get where the answer's sum is the loss.
std::vector<Tensor> gradients(const std::function<Tensor(Insertions&)>& decode, std::vector<std::string> sites) {
  Insertions insertions({.type = LayerType::bmconv, .sites = std::move(sites)});
  decode(insertions).square().sum().backward();
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : insertions.parameters()) gradients.push_back(parameter.grad());
  return gradients;
}

TEST(ScriptNetwork, GradientsAreThoseOfTheSameNetworkWithoutScript) {
  const ScriptNetwork script = network(kTinyMethods);
  const Tensor feature = plain_feature(script.normalised(picture()));
  const auto frame = conditioned(script);
  const auto found = gradients([&](Insertions& layers) { return script.decode(*frame, layers); }, {"deep"});
  const auto plain =
      gradients([&](Insertions& layers) { return plain_answer(layers.pass("deep", feature)); }, {"deep"});
  ASSERT_EQ(found.size(), 4U);
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_TRUE(found[i].defined()) << i;
    EXPECT_TRUE(is_near(found[i], plain[i], 1e-3 * (1 + plain[i].abs().max().item<double>()))) << i;
  }
}

constexpr const char* kListMethods = R"(
def encode(self, image):
    deep = torch.conv2d(image, self.enter, None, [8, 8], [1, 1])
    return [deep, torch.relu(deep)]

def decode(self, features: List[Tensor]):
    return torch.conv2d(features[0] + features[1], self.leave, None, [1, 1], [1, 1])
)";
constexpr const char* kTupleMethods = R"(
def encode(self, image):
    deep = torch.conv2d(image, self.enter, None, [8, 8], [1, 1])
    return deep, torch.relu(deep)

def decode(self, deep, fine):
    return torch.conv2d(deep + fine, self.leave, None, [1, 1], [1, 1])
)";

TEST(ScriptNetwork, SeveralFeaturesComeAsAListOrOneByOne) {
  const ScriptNetwork list = network(kListMethods, kTwo), each = network(kTupleMethods, kTwo);
  EXPECT_EQ(list.sites(), (std::vector<std::string>{"deep", "fine"}));
  EXPECT_TRUE(at::equal(answer(list, *conditioned(list)), answer(each, *conditioned(each))));
  const auto frame = conditioned(list);
  for (const Tensor& gradient :
       gradients([&](Insertions& layers) { return list.decode(*frame, layers); }, {"deep", "fine"}))
    EXPECT_TRUE(gradient.defined());
}

TEST(ScriptNetwork, GivesTheSameBytesHoweverOftenItIsAsked) {
  const ScriptNetwork script = network(kTinyMethods);
  const auto frame = conditioned(script);
  const Tensor first = answer(script, *frame);
  for (int i = 0; i < 5; ++i) {
    const at::AutoGradMode mode(i % 2 == 0);
    Insertions layers({.type = LayerType::bmconv, .sites = {"deep"}});
    EXPECT_TRUE(at::equal(script.decode(*frame, layers).detach(), answer(script, *conditioned(script)))) << i;
    EXPECT_TRUE(at::equal(answer(script, *frame), first)) << i;
  }
}

TEST(ScriptNetwork, WhatWritesIntoItsFeaturesLeavesThoseThatAreKept) {
  const ScriptNetwork script = network(R"(
def encode(self, image):
    return torch.conv2d(image, self.enter, None, [8, 8], [1, 1])

def decode(self, feature):
    return torch.conv2d(feature.mul_(2), self.leave, None, [1, 1], [1, 1])
)");
  const auto frame = conditioned(script);
  const Tensor first = answer(script, *frame);
  EXPECT_TRUE(at::equal(answer(script, *frame), first));
}

TEST(ScriptNetwork, WhatIsNotAsTheManifestSaysIsNamed) {
  const std::string encode = "def encode(self, image):\n    return ";
  const std::string good_encode = encode + "torch.conv2d(image, self.enter, None, [8, 8], [1, 1])\n";
  const std::string decode = "def decode(self, feature):\n    return ";
  const struct {
    std::string methods;
    std::map<std::string, std::string, std::less<>> settings;
    const char* hint;
  } cases[] = {
      {good_encode, kOne, "no method decode"},
      {"def forward(self, x):\n    return x\n", kOne, "no method encode"},
      {"def encode(self, image, clicks):\n    return image\n" + decode + "feature\n", kOne, "one image"},
      {encode + "3\n" + decode + "feature\n", kOne, "something else than tensors"},
      {encode + "image, 3\n" + decode + "feature\n", kOne, "something else than tensors"},
      {good_encode + decode + "feature\n", {{"features", "deep:16"}}, "instead of [1,16,h,w]"},
      {encode + "image[0]\n" + decode + "feature\n", kOne, "feature deep"},
      {encode + "image.double()\n" + decode + "feature\n", {{"features", "deep:3"}}, "Double"},
      {kListMethods, kOne, "2 features, the manifest names 1"},
      {kTupleMethods, kOne, "decode takes neither"},
      {kTupleMethods, {{"features", "a:8,b:8,c:8"}}, "decode takes neither"},
      {good_encode + decode + "feature.mean()\n", kOne, "instead of an answer"},
      {good_encode + decode + "feature.size(0)\n", kOne, "instead of an answer"},
      {good_encode + decode + "torch.conv2d(feature, self.enter)\n", kOne, "its decode fails"},
      {good_encode + "def decode(self, feature):\n    assert False, 'no luck today'\n    return feature\n", kOne,
       "no luck today"},
  };
  for (const auto& [methods, settings, hint] : cases) {
    try {
      const ScriptNetwork script = network(methods, settings);
      answer(script, *conditioned(script));
      ADD_FAILURE() << hint;
    } catch (const ScriptError& error) {
      EXPECT_NE(std::string(error.what()).find(hint), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
}

TEST(ScriptNetwork, AnAnswerWithoutGradientIsNamed) {
  const ScriptNetwork script = network(R"(
def encode(self, image):
    return torch.conv2d(image, self.enter, None, [8, 8], [1, 1])

def decode(self, feature):
    return torch.conv2d(feature.detach(), self.leave, None, [1, 1], [1, 1])
)");
  const auto frame = conditioned(script);
  Insertions layers({.type = LayerType::sb, .sites = {"deep"}});
  EXPECT_THROW(std::ignore = script.decode(*frame, layers), ScriptError);
}

TEST(ScriptNetwork, SettingsThatMakeNoSenseAreRefused) {
  const auto script = module(kTinyMethods);
  for (const auto& settings : std::initializer_list<std::map<std::string, std::string, std::less<>>>{
           {},
           {{"features", ""}},
           {{"features", "deep"}},
           {{"features", ":8"}},
           {{"features", "deep:0"}},
           {{"features", "deep:8.5"}},
           {{"features", "deep:8,deep:8"}},
           {{"features", "deep:8,,"}},
           {{"features", "deep:8"}, {"mean", "1,2"}},
           {{"features", "deep:8"}, {"mean", "1,2,x"}},
           {{"features", "deep:8"}, {"deviation", "1,0,1"}},
       })
    EXPECT_THROW(ScriptNetwork(script, Settings(settings), c10::kCPU), std::invalid_argument);
}

TEST(ScriptNetwork, WhatIsNoWholeModuleIsNamed) {
  auto bytes = module(kTinyMethods);
  for (const double part : {0.0, 0.1, 0.5, 0.99}) {
    const auto size = static_cast<std::size_t>(part * static_cast<double>(bytes.size()));
    EXPECT_THROW(ScriptNetwork(std::span(bytes).first(size), Settings(kOne), c10::kCPU), ScriptError) << part;
  }
  for (const char* name : {"plain.zip.pth", "plain.old.pth", "hostile_global.zip.pth"}) {
    const auto checkpoint =
        read_file_bytes(std::filesystem::path(std::getenv("GBRS_TEST_DATA")) / "checkpoints" / name);
    ASSERT_TRUE(checkpoint) << name;
    EXPECT_THROW(ScriptNetwork(*checkpoint, Settings(kOne), c10::kCPU), ScriptError) << name;
  }
}

}  // namespace
}  // namespace gbrs::test
