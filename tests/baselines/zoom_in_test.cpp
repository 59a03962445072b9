// SPDX-License-Identifier: Apache-2.0
// Zoom-in against the published transforms: sequences of clicks on an image for which a function of each pixel stands
// in for the network.

#include "baselines/zoom_in.hpp"

#include <ATen/ops/cat.h>
#include <gtest/gtest.h>

#include "baselines/brs_click.hpp"
#include "networks/convolution.hpp"
#include "support/baselines.hpp"

namespace gbrs::test {
namespace {

constexpr const char* kLimit = "longest_side_limit";

class Sequence {
 public:
  Sequence(std::filesystem::path folder, std::string name, const nlohmann::json& sequence, bool is_normalised)
      : folder_(std::move(folder)), name_(std::move(name)), sequence_(sequence) {
    const Tensor pixels = read_tensor(folder_ / "image_u8.npy", at::kByte);
    const Tensor like = at::zeros({1}, at::kFloat);
    image_ = is_normalised ? standardised(pixels, kImageNetMean, kImageNetDeviation, like)
                           : pixels.to(at::kFloat).permute({2, 0, 1}).unsqueeze(0) / 255;
  }

  void run() {
    ZoomIn zoom(options(), image_.size(2), image_.size(3));
    for (const auto& step : sequence_.at("steps")) {
      const std::string number = std::to_string(step.at("step").get<int>());
      SCOPED_TRACE(name_ + ", step " + number);
      const auto previous = folder_ / ("prev_prob_" + number + ".npy");
      if (std::filesystem::exists(previous)) zoom.remember(whole(previous));
      check(zoom, step, number);
    }
  }

 private:
  ZoomInOptions options() const {
    const auto& parameters = sequence_.at("parameters");
    ZoomInOptions options{.skipped_clicks = parameters.at("skip_clicks"), .least_side = parameters.at("min_crop_size")};
    const auto& target = parameters.at("target_size");
    if (target.is_array()) {
      options.size = {target[0].get<std::int64_t>(), target[1].get<std::int64_t>()};
    } else {
      options.longer_side = target;
    }
    return options;
  }

  static Tensor whole(const std::filesystem::path& path) {
    const Tensor map = read_tensor(path, at::kFloat);
    return map.view({1, 1, map.size(-2), map.size(-1)});
  }

  void check(ZoomIn& zoom, const nlohmann::json& step, const std::string& number) const {
    const auto clicks = recorded_clicks(step.at("clicks"));
    EXPECT_EQ(zoom.look(clicks), step.at("image_changed").get<bool>());
    const auto& box = step.at("box");
    ASSERT_EQ(zoom.box().has_value(), !box.is_null());
    if (zoom.box()) {
      EXPECT_EQ(*zoom.box(), (ZoomBox{.top = box[0], .bottom = box[1], .left = box[2], .right = box[3]}));
    }
    const Tensor crop = zoom.crop(image_);
    EXPECT_EQ(crop.size(2), step.at("network_size")[0].get<std::int64_t>());
    EXPECT_EQ(crop.size(3), step.at("network_size")[1].get<std::int64_t>());
    const auto placed = zoom.placed(clicks);
    for (std::size_t i = 0; i < clicks.size(); ++i) {
      EXPECT_NEAR(placed[i].v, step.at("clicks_first_item")[i][0].get<double>(), 1e-9);
      EXPECT_NEAR(placed[i].u, step.at("clicks_first_item")[i][1].get<double>(), 1e-9);
    }
    const auto stored_crop = folder_ / (name_ + "_" + number + "_crop.npy");
    if (std::filesystem::exists(stored_crop)) {
      EXPECT_TRUE(is_near(crop, read_tensor(stored_crop, at::kFloat).view(crop.sizes()), 5e-5));
    }
    const auto logits = [](const Tensor& x) { return x.slice(1, 0, 1) * 1.7 + x.slice(1, 1, 2) * 0.4 - 0.2; };
    const Tensor both = at::cat({logits(crop), logits(crop.flip({3}))}, 0);
    const Tensor probability = zoom.restored(flip_average(both).sigmoid());
    EXPECT_NEAR(probability.to(at::kDouble).mean().item<double>(), step.at("prob_mean").get<double>(), 1e-5);
    const auto stored = folder_ / (name_ + "_" + number + "_prob.npy");
    if (std::filesystem::exists(stored)) {
      EXPECT_TRUE(is_near(probability, whole(stored), 1e-5));
    }
  }

  std::filesystem::path folder_;
  std::string name_;
  const nlohmann::json& sequence_;
  Tensor image_;
};

TEST(ZoomIn, BoxesCropsClicksAndMapsAreThoseOfThePublishedCode) {
  const auto folder = baseline_data("zoom_transforms");
  int count = 0;
  for (const std::string file : {"steps_fbrs.json", "steps_ritm.json"}) {
    const auto sequences = read_json(folder / file);
    for (const auto& [name, sequence] : sequences.items()) {
      if (sequence.at("parameters").contains(kLimit)) continue;  // see the test below
      Sequence(folder, name, sequence, file == "steps_fbrs.json").run();
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

TEST(ZoomIn, ALimitOfTheLongestSide) {
  const auto sequences = read_json(baseline_data("zoom_transforms") / "steps_fbrs.json");
  for (const auto& [name, sequence] : sequences.items()) {
    if (sequence.at("parameters").contains(kLimit))
      GTEST_SKIP() << name << " is NOT run: the baselines have no limit of the longest side, as the published evaluation "
                      "has none; in the demo's, zoom puts the answer into a corner";
  }
}

}  // namespace
}  // namespace gbrs::test
