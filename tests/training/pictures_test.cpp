// SPDX-License-Identifier: Apache-2.0
#include "training/pictures.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "support/temporary_folder.hpp"

namespace gbrs::test {
namespace {

TEST(HeldOut, FollowsThePublishedHash) {
  // the hash of "a" is af63dc4c8601ec8c, of "foobar" 85944171f73967e8 (Fowler, Noll, Vo: test vectors)
  EXPECT_TRUE(is_held_out("a", 4));
  EXPECT_FALSE(is_held_out("a", 8));
  EXPECT_TRUE(is_held_out("foobar", 8));
  EXPECT_FALSE(is_held_out("foobar", 16));
  EXPECT_FALSE(is_held_out("a", 0));
}

class TrainingFolderTest : public testing::Test {
 protected:
  static constexpr int kPictures = 300;

  TrainingFolderTest() {
    for (const char* kind : {"images", "masks"}) {
      std::filesystem::create_directories(folder_.path() / "set" / kind);
      for (int i = 0; i < kPictures; ++i)
        std::ofstream(folder_.path() / "set" / kind / ("picture" + std::to_string(i) + ".png"));
    }
  }
  [[nodiscard]] std::set<std::string> names(int held_out) const {
    const auto pairs = TrainingFolder{.root = folder_.path(), .held_out = held_out}.pairs("set/images", "set/masks");
    EXPECT_TRUE(pairs);
    std::set<std::string> all;
    for (const PictureFiles& files : *pairs) {
      EXPECT_EQ(files.picture.stem(), files.labels.stem());
      all.insert(files.picture.stem().string());
    }
    return all;
  }
  TemporaryFolder folder_;
};

TEST_F(TrainingFolderTest, KeepsAShareOfTheNamesBack) {
  EXPECT_EQ(names(0).size(), static_cast<std::size_t>(kPictures));
  const auto drawn = names(5);
  EXPECT_NEAR(static_cast<double>(drawn.size()), 0.8 * kPictures, 0.08 * kPictures);
  for (int i = 0; i < kPictures; ++i) {
    const std::string name = "picture" + std::to_string(i);
    EXPECT_NE(drawn.contains(name), is_held_out(name, 5)) << name;
  }
}

TEST_F(TrainingFolderTest, BackgroundsAreKeptBackToo) {
  const TrainingFolder folder{.root = folder_.path(), .held_out = 5};
  const auto pictures = folder.pictures("set");
  ASSERT_TRUE(pictures);
  EXPECT_EQ(pictures->size(), names(5).size());
}

TEST_F(TrainingFolderTest, SaysWhatIsMissing) {
  const TrainingFolder folder{.root = folder_.path(), .held_out = 1};  // of one name, one: nothing is left
  const auto pairs = folder.pairs("set/images", "set/masks");
  ASSERT_FALSE(pairs);
  EXPECT_EQ(pairs.error().code, ErrorCode::invalid_argument);
  const auto missing = folder.pictures("nowhere");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace gbrs::test
