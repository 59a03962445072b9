// SPDX-License-Identifier: Apache-2.0
// Good and hostile weights files: those of $GBRS_FIXTURES/checkpoints, or the copy in tests/data. expected.json says for
// each what its tensors are, or that it must be refused.
#include "models/tensor_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "support/oracle.hpp"
#include "support/refused.hpp"

namespace gbrs::test {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* const fixtures = std::getenv("GBRS_FIXTURES");
  const fs::path given = fixtures != nullptr ? fs::path(fixtures) / "checkpoints" : fs::path();
  return fs::exists(given / "expected.json") ? given : test_data() / "checkpoints";
}

struct Case {
  std::string file;
  nlohmann::json expected;
};

void PrintTo(const Case& value, std::ostream* stream) { *stream << value.file; }

std::vector<Case> cases() {
  std::ifstream stream(folder() / "expected.json");
  const auto document = nlohmann::json::parse(stream);
  std::vector<Case> result;
  for (const auto& [file, expected] : document.items()) result.push_back({file, expected});
  return result;
}

std::vector<double> first_values(const TensorFile& file, const TensorFile::Tensor& tensor, std::size_t count) {
  const auto bytes = file.values(tensor);
  // each as a file of one value, whose sum it is
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    TensorFile::Tensor one = tensor;
    std::size_t rest = i;
    for (std::size_t axis = tensor.shape.size(); axis-- > 0;) {
      const auto length = static_cast<std::size_t>(tensor.shape[axis]);
      one.begin += rest % length * static_cast<std::size_t>(tensor.strides[axis]) * size_of(tensor.type);
      rest /= length;
    }
    one.shape = {};
    one.strides = {};
    EXPECT_TRUE(std::ranges::equal(file.values(one),
                                   std::span(bytes).subspan(i * size_of(tensor.type), size_of(tensor.type))));
    values.push_back(file.sum(one));
  }
  return values;
}

void check_tensors(const TensorFile& file, const nlohmann::json& expected) {
  std::map<std::string, const TensorFile::Tensor*> found;
  for (const auto& tensor : file.tensors()) found.emplace(tensor.name, &tensor);
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [name, wanted] : expected.items()) {
    ASSERT_TRUE(found.contains(name)) << name;
    const TensorFile::Tensor& tensor = *found.at(name);
    EXPECT_EQ(torch_type_name(tensor.type), wanted.at("dtype").get<std::string>()) << name;
    EXPECT_EQ(tensor.shape, wanted.at("shape").get<std::vector<std::int64_t>>()) << name;
    const double sum = wanted.at("sum").get<double>();
    EXPECT_NEAR(file.sum(tensor), sum, 1e-9 * std::max(1.0, std::abs(sum))) << name;
    for (const char* const key : {"first", "first_values", "values"}) {
      if (!wanted.contains(key)) continue;
      const auto values = wanted.at(key).get<std::vector<double>>();
      const auto own = first_values(file, tensor, values.size());
      for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(own[i], values[i], 1e-12) << name << ' ' << i;
    }
  }
}

class CheckpointFile : public testing::TestWithParam<Case> {};

TEST_P(CheckpointFile, IsReadOrRefused) {
  const auto& [name, expected] = GetParam();
  const auto begin = std::chrono::steady_clock::now();
  const auto file = TensorFile::read(folder() / name);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  EXPECT_FALSE(fs::exists("pwned.txt"));
  if (expected.contains("error")) {
    ASSERT_FALSE(file) << expected;
  }
  if (!file) {
    EXPECT_FALSE(expected.contains("tensors")) << file.error().message << ' ' << file.error().detail;
    EXPECT_NE(file.error().message.find(name), std::string::npos) << file.error().message;
    EXPECT_TRUE(is_refusal(file.error().message, name)) << file.error().message;
    return;
  }
  if (expected.contains("tensors")) check_tensors(*file, expected.at("tensors"));
}

INSTANTIATE_TEST_SUITE_P(All, CheckpointFile, testing::ValuesIn(cases()));

TEST(TensorFile, NamesWhatWouldHaveToBeRun) {
  const auto file = TensorFile::read(folder() / "hostile_global.zip.pth");
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().message.find("posix.system"), std::string::npos) << file.error().message;
}

TEST(TensorFile, ReadsWhatStandsBesideSomethingForeign) {
  const auto file = TensorFile::read(folder() / "namespace.zip.pth");
  ASSERT_TRUE(file) << file.error().message;
  const auto plain = TensorFile::read(folder() / "plain.zip.pth");
  ASSERT_TRUE(plain);
  ASSERT_EQ(file->tensors().size(), plain->tensors().size());
  for (std::size_t i = 0; i < plain->tensors().size(); ++i) {
    EXPECT_EQ(file->values(file->tensors()[i]), plain->values(plain->tensors()[i]));
  }
}

TEST(TensorFile, BothContainersHoldTheSame) {
  for (const char* const name : {"plain", "views", "dtypes", "nested", "metadata"}) {
    const auto zip = TensorFile::read(folder() / (std::string(name) + ".zip.pth"));
    const auto old = TensorFile::read(folder() / (std::string(name) + ".old.pth"));
    ASSERT_TRUE(zip && old) << name;
    ASSERT_EQ(zip->tensors().size(), old->tensors().size());
    for (std::size_t i = 0; i < zip->tensors().size(); ++i) {
      EXPECT_EQ(zip->tensors()[i].name, old->tensors()[i].name);
      EXPECT_EQ(zip->values(zip->tensors()[i]), old->values(old->tensors()[i]));
    }
  }
}

TEST(TensorFile, ASafetensorsFileMayBeginLikeAPickle) {
  std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
  header.resize(0x80, ' ');
  std::string text{'\x80', '\0', '\0', '\0', '\0', '\0', '\0', '\0'};
  text += header + '\7';
  const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
  const auto file = TensorFile::parse({bytes, bytes + text.size()}, "a.safetensors");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->sum(file->tensors().at(0)), 7);
}

TEST(TensorFile, EveryCutOfAFileIsRefused) {
  for (const char* const name : {"plain.zip.pth", "plain.old.pth", "good.safetensors"}) {
    std::ifstream stream(folder() / name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    for (std::size_t size = 0; size < text.size(); ++size) {
      const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
      ASSERT_FALSE(TensorFile::parse({bytes, bytes + size}, name)) << name << ' ' << size;
    }
  }
}

}  // namespace
}  // namespace gbrs::test
