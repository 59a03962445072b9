// SPDX-License-Identifier: Apache-2.0
// From a TorchScript module to a model: what is refused, from where a script is run, and that it is then a network like
// any other.

#include <gtest/gtest.h>

#include <algorithm>

#include "gbrs/session.hpp"
#include "gbrs/weights_file.hpp"
#include "models/file_bytes.hpp"
#include "models/sha256.hpp"
#include "session/pictures.hpp"
#include "support/script_home.hpp"

namespace gbrs::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const DiscPicture& picture() {
  static const DiscPicture instance(96, 64);
  return instance;
}

Json with_classes(Json manifest) {
  manifest["classes"] = {"ground", "disc", "other"};
  return manifest;
}

Session open(SessionOptions options = {}) {
  const auto model = Model::open("tiny", {.device = Device::cpu, .threads = 1});
  EXPECT_TRUE(model) << model.error().message;
  auto session = Session::create(*model, picture().view(), std::move(options));
  EXPECT_TRUE(session) << session.error().message;
  return std::move(*session);
}

// ---- adding ----

TEST(ScriptModel, IsAModelOfTheUsersOwn) {
  const ScriptHome home;
  const auto info = home.add(script_manifest("depth"));
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->name, "tiny");
  EXPECT_TRUE(is_script(*info));
  EXPECT_EQ(info->folder, home.models() / "tiny");
  EXPECT_EQ(info->weights_sha256.size(), 64U);
  const auto model = Model::open("tiny");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_TRUE(model->load()) << model->load().error().message << model->load().error().detail;
  const auto all = list_models();
  EXPECT_TRUE(std::ranges::any_of(all, [](const ModelInfo& one) { return one.name == "tiny" && is_script(one); }));
  const auto again = home.add(script_manifest("depth"));
  EXPECT_EQ(again.error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(remove_model("tiny"));
  EXPECT_FALSE(Model::open("tiny"));
}

TEST(ScriptModel, WhatDoesNotFitIsNamedAndNothingIsWritten) {
  const auto changed = [](const char* pointer, const Json& value, const char* task = "depth") {
    Json manifest = script_manifest(task);
    manifest[Json::json_pointer(pointer)] = value;
    return manifest;
  };
  const auto two_features = [&](const Json& insertion) {
    Json manifest = changed("/settings/features", "deep:8,fine:8");
    manifest["refinement"]["insertion"] = insertion;
    return manifest;
  };
  const std::string random_methods = R"(
def encode(self, image):
    return torch.conv2d(image, self.enter, None, [8, 8], [1, 1])

def decode(self, feature):
    return torch.conv2d(torch.dropout(feature, 0.5, True), self.leave, None, [1, 1], [1, 1])
)";
  const std::string fixed_methods = R"(
def encode(self, image):
    deep = torch.conv2d(image, self.enter, None, [8, 8], [1, 1])
    return deep, torch.relu(deep)

def decode(self, deep, fine):
    return torch.conv2d(fine, self.leave, None, [1, 1], [1, 1])
)";
  const struct {
    Json manifest;
    const char* hint;
    int answers = 1;
    std::string methods = kTinyMethods;
  } cases[] = {
      {Json::array(), "JSON object"},
      {changed("/task", "normals"), "normals"},
      {changed("/architecture", "meter"), "architecture"},
      {changed("/weights", {{"sha256", std::string(64, 'a')}}), "SHA-256"},
      {changed("/weights", "none"), "sha256"},
      {changed("/input/long_side", 64), "long_side"},
      {changed("/settings/features", "deep:16"), "16"},
      {changed("/settings/features", "shallow:8"), "deep"},
      {changed("/refinement/insertion", "shallow"), "shallow"},
      {script_manifest("depth"), "2 channels", 2},
      {with_classes(script_manifest("semantic")), "3 classes", 2},
      {script_manifest("semantic"), "1 channel,"},
      {script_manifest("matte"), "its encode fails"},  // takes colours only, not a trimap
      {script_manifest("depth"), "another answer each time", 1, random_methods},
      {two_features("deep"), "no gradient", 1, fixed_methods},
      {two_features({"deep", "fine"}), "does not depend", 1, fixed_methods},
  };
  for (const auto& [manifest, hint, answers, methods] : cases) {
    const ScriptHome home;
    const auto info = home.add(manifest, answers, methods);
    ASSERT_FALSE(info) << hint;
    EXPECT_NE(info.error().message.find(hint), std::string::npos) << info.error().message;
    EXPECT_EQ(info.error().message.find('\n'), std::string::npos) << info.error().message;
    EXPECT_FALSE(fs::exists(home.models())) << hint;
  }
}

TEST(ScriptModel, FilesThatAreNoneAreNamed) {
  const ScriptHome home;
  std::ofstream(home.path() / "m.json") << script_manifest("depth");
  std::ofstream(home.path() / "text.pt") << "no module";
  write_script(home.path() / "cut.pt", kTinyMethods, 1);
  fs::resize_file(home.path() / "cut.pt", fs::file_size(home.path() / "cut.pt") / 2);
  fs::create_directory(home.path() / "folder.pt");
  for (const char* name : {"text.pt", "cut.pt", "folder.pt", "missing.pt"}) {
    const auto info = add_script(home.path() / name, home.path() / "m.json");
    ASSERT_FALSE(info) << name;
    EXPECT_NE(info.error().message.find(name), std::string::npos) << info.error().message;
  }
  write_script(home.path() / "good.pt", kTinyMethods, 1);
  const auto info = add_script(home.path() / "good.pt", home.path() / "missing.json");
  ASSERT_FALSE(info);
  EXPECT_NE(info.error().message.find("missing.json"), std::string::npos) << info.error().message;
  std::ofstream(home.path() / "deep.json") << std::string(60'000, '[');
  EXPECT_EQ(add_script(home.path() / "good.pt", home.path() / "deep.json").error().code, ErrorCode::damaged);
  EXPECT_EQ(add_script(home.path() / "good.pt", home.path() / "m.json", "../up").error().code,
            ErrorCode::invalid_argument);
  EXPECT_FALSE(fs::exists(home.models()));
}

// ---- where from ----

/// The working folder, and afterwards the one before again.
class WorkingFolder {
 public:
  explicit WorkingFolder(const fs::path& path) : before_(fs::current_path()) { fs::current_path(path); }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;
  ~WorkingFolder() { fs::current_path(before_); }

 private:
  fs::path before_;
};

TEST(ScriptModel, IsRunFromTheUsersOwnModelsOnly) {
  const ScriptHome home;
  ASSERT_TRUE(home.add(script_manifest("depth")));
  const TemporaryFolder elsewhere;
  fs::copy(home.models() / "tiny", elsewhere.path() / "stray");
  fs::create_directory_symlink(elsewhere.path() / "stray", home.models() / "link");
  const WorkingFolder working(elsewhere.path());
  const auto refused = [](const std::string& name) {
    const auto model = Model::open(name);
    EXPECT_FALSE(model) << name;
    return model ? ErrorCode::internal : model.error().code;
  };
  EXPECT_EQ(refused("stray"), ErrorCode::not_found);
  for (const std::string& name : {std::string("./stray"), std::string("stray/"), (elsewhere.path() / "stray").string(),
                                  std::string("link"), (home.models() / "link").string()})
    EXPECT_EQ(refused(name), ErrorCode::unsupported) << name;
  const std::string models = std::getenv("GBRS_MODELS");
  for (const std::string& place : {std::string("."), elsewhere.path().string()}) {
    setenv("GBRS_MODELS", place.c_str(), 1);
    EXPECT_EQ(refused("stray"), ErrorCode::unsupported) << place;
    EXPECT_FALSE(
        std::ranges::any_of(list_models(), [](const ModelInfo& one) { return one.folder.filename() == "stray"; }));
  }
  setenv("GBRS_MODELS", models.c_str(), 1);
  EXPECT_TRUE(Model::open("tiny"));
  EXPECT_TRUE(Model::open((home.models() / "tiny").string()));
}

TEST(ScriptModel, TheUsersOwnModelsAreNeverInTheWorkingFolder) {
  const ScriptHome home;
  ASSERT_TRUE(home.add(script_manifest("depth")));
  const WorkingFolder working(home.path());
  setenv("XDG_DATA_HOME", ".", 1);
  EXPECT_FALSE(Model::open("tiny"));
  EXPECT_EQ(Model::open("gbrs/models/tiny").error().code, ErrorCode::unsupported);
}

TEST(ScriptModel, AFolderThatWasUnpackedThereIsNotRun) {
  const ScriptHome home;
  const auto info = home.add(script_manifest("depth"));
  ASSERT_TRUE(info);
  const fs::path unpacked = home.models() / "unpacked";
  fs::copy(home.models() / "tiny", unpacked);
  EXPECT_TRUE(Model::open("unpacked")) << "the user has agreed to this module";
  write_script(unpacked / "script.pt", kTinyMethods + "# another\n", 1);
  Json manifest = Json::parse(std::ifstream(unpacked / "manifest.json"));
  manifest["weights"]["sha256"] = sha256_hex(*read_file_bytes(unpacked / "script.pt"));
  std::ofstream(unpacked / "manifest.json") << manifest;
  EXPECT_EQ(Model::open("unpacked").error().code, ErrorCode::unsupported);
  const auto all = list_models();
  EXPECT_FALSE(std::ranges::any_of(all, [](const ModelInfo& one) { return one.folder.filename() == "unpacked"; }));
}

TEST(ScriptModel, AChangedFileIsNotRun) {
  const ScriptHome home;
  const auto info = home.add(script_manifest("depth"));
  ASSERT_TRUE(info);
  write_script(script_path(*info), kTinyMethods + "# changed\n", 1);
  const auto loaded = Model::open("tiny")->load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::damaged);
  EXPECT_NE(loaded.error().message.find("script.pt"), std::string::npos) << loaded.error().message;
  fs::remove(script_path(*info));
  EXPECT_EQ(Model::open("tiny")->load().error().code, ErrorCode::not_found);
}

// ---- in use ----

/// Undo, redo and a replay in another session, after these clicks.
void expect_history(const std::vector<Click>& clicks, const SessionOptions& options = {}) {
  Session session = open(options);
  std::vector<Map> answers{*session.wait()->render()};
  for (const Click& click : clicks) {
    ASSERT_TRUE(session.add(click));
    const auto answer = session.wait();
    ASSERT_TRUE(answer) << answer.error().message << answer.error().detail;
    EXPECT_EQ(answer->unsatisfied(), 0U);
    answers.push_back(*answer->render());
    EXPECT_NE(answers.back(), answers[answers.size() - 2]);
  }
  Session again = open(options);
  ASSERT_TRUE(again.restore(session.history()));
  EXPECT_EQ(*again.wait()->render(), answers.back());
  for (std::size_t i = clicks.size(); i-- > 0;) {
    ASSERT_TRUE(session.undo());
    EXPECT_EQ(*session.wait()->render(), answers[i]) << i;
  }
  while (session.redo()) {
  }
  EXPECT_EQ(*session.wait()->render(), answers.back());
}

TEST(ScriptModel, ItsDepthsAreRefinedUndoneAndReplayed) {
  const ScriptHome home;
  // what is nearer than the camera is nowhere
  const auto info = home.add(script_manifest("depth"), 1, R"(
def encode(self, image):
    return torch.conv2d(image, self.enter, None, [8, 8], [1, 1])

def decode(self, feature):
    return torch.softplus(torch.conv2d(torch.relu(feature), self.leave, None, [1, 1], [1, 1])) + 1
)");
  ASSERT_TRUE(info) << info.error().message;
  const std::vector<Click> clicks{{.x = 30.5, .y = 30.5, .target = 3}, {.x = 80.5, .y = 20.5, .target = 2}};
  for (const LayerType layer : {LayerType::bmconv, LayerType::sb, LayerType::rgb})
    expect_history(clicks, {.layer = layer});
  Session session = open();
  ASSERT_TRUE(session.add(clicks[0]));
  const auto answer = session.wait();
  EXPECT_NEAR(answer->render()->at(30, 30), 3, 0.01);
  EXPECT_GT(answer->steps()[0].iterations, 0) << "it was refined, not only bent at the click";
}

TEST(ScriptModel, ItsClassesAreRefinedUndoneAndReplayed) {
  const ScriptHome home;
  const auto info = home.add(with_classes(script_manifest("semantic")), 3);
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->class_name(1), "disc");
  Session session = open();
  const auto first = session.wait();
  ASSERT_TRUE(first) << first.error().message;
  const Map labels = *first->render();
  const float other = labels.at(38, 32) == 1 ? 2 : 1;
  expect_history({{.x = 38.5, .y = 32.5, .target = other}, {.x = 90.5, .y = 5.5, .target = 3 - other}});
  ASSERT_TRUE(session.add({.x = 38.5, .y = 32.5, .target = other}));
  EXPECT_EQ(session.wait()->render()->at(38, 32), other);
}

TEST(ScriptModel, ItsMattesKeepWhatIsKnown) {
  const ScriptHome home;
  const auto info = home.add(script_manifest("matte"), 1, kTinyMethods, /*colours=*/4);
  ASSERT_TRUE(info) << info.error().message;
  Trimap known{96, 64, std::vector<std::uint8_t>(96 * 64, Trimap::kUnknown)};
  std::fill_n(known.codes.begin(), 96 * 8, Trimap::kBackground);
  known.codes.back() = Trimap::kForeground;
  const auto trimap = std::make_shared<const Trimap>(known);
  Session session = open({.trimap = trimap});
  const auto alpha = session.wait();
  ASSERT_TRUE(alpha) << alpha.error().message << alpha.error().detail;
  EXPECT_EQ(alpha->render()->at(50, 3), 0);
  EXPECT_EQ(alpha->render()->at(95, 63), 1);
  expect_history({{.x = 38.5, .y = 32.5, .target = 0.75}}, {.trimap = trimap});
}

}  // namespace
}  // namespace gbrs::test
