// SPDX-License-Identifier: Apache-2.0
#include "models/safetensors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>

#include "models/safetensors_writer.hpp"
#include "models/sha256.hpp"
#include "support/oracle.hpp"
#include "support/temporary_folder.hpp"

namespace gbrs::test {
namespace {

std::vector<std::byte> file_of(const std::string& header, std::size_t data_bytes) {
  std::vector<std::byte> bytes(8 + header.size() + data_bytes, std::byte{0});
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(header.size() >> (8 * i));
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

/// The cause that the refusal names; empty if the file is taken.
std::string cause(const std::string& header, std::size_t data_bytes) {
  const auto file = Safetensors::parse(file_of(header, data_bytes), "test.safetensors");
  if (file) return "";
  EXPECT_EQ(file.error().code, ErrorCode::damaged);
  const std::string& message = file.error().message;
  const std::string begin = "The file test.safetensors is not a complete safetensors file: ";
  EXPECT_TRUE(message.starts_with(begin) && message.ends_with('.')) << message;
  return message.substr(begin.size(), message.size() - begin.size() - 1);
}

TEST(Safetensors, ReadsAGoodFile) {
  const auto file = Safetensors::read(test_data() / "checkpoints/good.safetensors");
  ASSERT_TRUE(file) << file.error().message << file.error().detail;
  ASSERT_EQ(file->entries().size(), 2U);
  const TensorEntry& a = file->entries()[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.type, DataType::f32);
  EXPECT_EQ(a.shape, std::vector<std::int64_t>{2});
  float values[2];
  ASSERT_EQ(file->data(a).size(), sizeof values);
  std::memcpy(values, file->data(a).data(), sizeof values);
  EXPECT_EQ(values[0], 1.5F);
  EXPECT_EQ(values[1], -2.0F);
  EXPECT_EQ(file->entries()[1].name, "h");
  EXPECT_EQ(file->entries()[1].type, DataType::f16);
  EXPECT_EQ(file->entries()[1].shape, (std::vector<std::int64_t>{2, 1}));
}

TEST(Safetensors, RefusesEveryHostileFileAndNamesIt) {
  int refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test_data() / "checkpoints")) {
    if (entry.path().extension() != ".safetensors" || entry.path().stem() == "good") continue;
    const auto file = Safetensors::read(entry.path());
    ASSERT_FALSE(file) << entry.path();
    EXPECT_EQ(file.error().code, ErrorCode::damaged) << entry.path();
    EXPECT_NE(file.error().message.find(entry.path().filename().string()), std::string::npos);
    EXPECT_NE(file.error().message.find("safetensors file: "), std::string::npos) << file.error().message;
    ++refused;
  }
  EXPECT_EQ(refused, 10);
}

TEST(Safetensors, AFileCutAnywhereIsRefused) {
  const std::string header = R"({"a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}})";
  const std::vector<std::byte> whole = file_of(header, 12);
  EXPECT_TRUE(Safetensors::parse(whole, "x"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(Safetensors::parse({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}, "x"))
        << length;
  }
}

TEST(Safetensors, SaysWhatIsWrong) {
  EXPECT_EQ(cause(R"({})", 0), "");
  EXPECT_EQ(cause(R"({"__metadata__":{"a":"b"}}   )", 0), "");
  EXPECT_EQ(cause(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4), "") << "a single number";
  EXPECT_EQ(cause(R"({"a":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]}})", 0), "") << "an empty tensor";
  EXPECT_EQ(cause(R"({})", 3), "by its header bytes are left that belong to no tensor");
  EXPECT_EQ(cause(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8),
            "by its header there is a gap or overlap before tensor \"a\"");
  EXPECT_EQ(cause(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 8),
            "by its header there is a gap or overlap before tensor \"a\"");
  EXPECT_EQ(cause(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 8),
            "its header has a number where none belongs at tensor \"a\"");
  EXPECT_EQ(cause(R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", 4),
            "its header has a number that is not whole at tensor \"a\"");
  EXPECT_EQ(cause(R"({"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}})", 4),
            "its header has an unknown or repeated member at tensor \"a\"");
  EXPECT_EQ(cause(R"({"a":{"dtype":"F32","shape":[1]}})", 4),
            "its header has a tensor without dtype, shape or data_offsets at tensor \"a\"");
  EXPECT_EQ(cause(R"({"a":null})", 0), "its header has null at tensor \"a\"");
  EXPECT_EQ(cause(R"({"\u001b[2J\n":null})", 0), "its header has null at tensor \"?[2J?\"") << "nothing a terminal obeys";
  EXPECT_EQ(cause(R"([])", 0), "its header has a list where none belongs");
  EXPECT_EQ(cause("\xff", 0), "its header has no valid JSON");
  EXPECT_EQ(cause("{\"" + std::string(1001, 'a') + "\":{}}", 0), "its header has a name too long");
  EXPECT_EQ(cause(std::string(Safetensors::kMaxHeaderBytes + 1, ' '), 0), "its header is too long");
}

TEST(Safetensors, SizesThatOverflowAreRefused) {
  EXPECT_NE(cause(R"({"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0), "");
  EXPECT_NE(cause(R"({"a":{"dtype":"F64","shape":[0,9223372036854775807,9],"data_offsets":[0,8]}})", 8), "");
  EXPECT_NE(cause(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,18446744073709551615]}})", 1), "");
}

TEST(Safetensors, DeepNestingAndLongListsCostNothing) {
  EXPECT_EQ(cause(std::string(1'000'000, '['), 0), "its header has a list where none belongs");
  std::string dimensions = "1";
  for (int i = 0; i < 500'000; ++i) dimensions += ",1";
  EXPECT_NE(cause(R"({"a":{"dtype":"U8","shape":[)" + dimensions + R"(],"data_offsets":[0,1]}})", 1), "");
}

TEST(Safetensors, AMissingFileAndAFolderAreNamed) {
  const TemporaryFolder folder;
  const auto missing = Safetensors::read(folder.path() / "none.safetensors");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  const auto directory = Safetensors::read(folder.path());
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, ErrorCode::io);
}

TEST(Sha256, IsThatOfTheStandard) {
  // FIPS 180-4, examples
  EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string abc = "abc";
  EXPECT_EQ(sha256_hex(std::as_bytes(std::span(abc))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SafetensorsWriter, WritesWhatTheReaderReads) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "written.safetensors";
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  const std::vector<std::uint8_t> bytes{7, 8, 9};
  const std::vector<TensorBytes> tensors{
      {.name = "b", .type = DataType::f32, .shape = {2, 3}, .bytes = std::as_bytes(std::span(values))},
      {.name = "a", .type = DataType::u8, .shape = {3}, .bytes = std::as_bytes(std::span(bytes))},
      {.name = "empty", .type = DataType::f16, .shape = {0}, .bytes = {}}};
  ASSERT_TRUE(write_safetensors(path, tensors, {{"kind", "a \"text\"\n"}}));
  const auto file = Safetensors::read(path);
  ASSERT_TRUE(file) << file.error().message << file.error().detail;
  EXPECT_EQ(file->metadata(), (std::map<std::string, std::string>{{"kind", "a \"text\"\n"}}));
  ASSERT_EQ(file->entries().size(), 3U);
  for (const TensorEntry& entry : file->entries()) {
    const auto written = std::ranges::find(tensors, entry.name, &TensorBytes::name);
    ASSERT_NE(written, tensors.end());
    EXPECT_EQ(entry.type, written->type);
    EXPECT_EQ(entry.shape, written->shape);
    EXPECT_TRUE(std::ranges::equal(file->data(entry), written->bytes));
  }
  EXPECT_EQ((file->bytes().size() - 24 - 3) % 8, 0U);  // the values begin at a multiple of 8
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(SafetensorsWriter, SaysWhyItCannotWrite) {
  const auto written = write_safetensors("/nowhere/at/all.safetensors", {});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::io);
  EXPECT_NE(written.error().message.find("/nowhere/at/all.safetensors"), std::string::npos);
}

}  // namespace
}  // namespace gbrs::test
