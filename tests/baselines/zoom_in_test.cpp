// SPDX-License-Identifier: Apache-2.0
// Zoom-in and the limit of the longest side against the published transforms: sequences of clicks on an image for which
// a function of each pixel stands in for the network.

#include "baselines/zoom_in.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/nonzero.h>
#include <gtest/gtest.h>

#include "baselines/brs_predictor.hpp"
#include "networks/convolution.hpp"
#include "support/baselines.hpp"

namespace gbrs::test {
namespace {

constexpr const char* kLimit = "longest_side_limit";

MapSize size_of(const Tensor& map) { return {.height = map.size(2), .width = map.size(3)}; }

Tensor resized_to(const Tensor& map, const MapSize& size) { return upsample(map, size.height, size.width); }

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

  [[nodiscard]] std::optional<std::int64_t> limit() const {
    const auto& parameters = sequence_.at("parameters");
    if (!parameters.contains(kLimit)) return std::nullopt;
    return parameters.at(kLimit).get<std::int64_t>();
  }

  /// What the published limit makes of an answer of the part, and ours does not: the corner of a map of the size of the
  /// first answer.
  Tensor in_the_corner(const Tensor& answer) {
    if (!first_size_) first_size_ = size_of(answer);
    Tensor map = at::zeros({1, 1, first_size_->height, first_size_->width}, answer.options());
    map.slice(2, 0, answer.size(2)).slice(3, 0, answer.size(3)).copy_(answer);
    return map;
  }

  void check(ZoomIn& zoom, const nlohmann::json& step, const std::string& number) {
    const auto clicks = recorded_clicks(step.at("clicks"));
    const bool has_moved = zoom.look(clicks);
    const MapSize looked_at = zoom.size(), seen = limited(looked_at, limit());
    EXPECT_EQ(has_moved || seen != looked_at, step.at("image_changed").get<bool>());
    const auto& box = step.at("box");
    ASSERT_EQ(zoom.box().has_value(), !box.is_null());
    if (zoom.box()) {
      EXPECT_EQ(*zoom.box(), (ZoomBox{.top = box[0], .bottom = box[1], .left = box[2], .right = box[3]}));
    }
    const Tensor crop = resized_to(zoom.crop(image_), seen);
    EXPECT_EQ(crop.size(2), step.at("network_size")[0].get<std::int64_t>());
    EXPECT_EQ(crop.size(3), step.at("network_size")[1].get<std::int64_t>());
    const auto placed = scaled(zoom.placed(clicks), looked_at, seen);
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
    const Tensor answer = resized_to(flip_average(both).sigmoid(), looked_at);
    const Tensor probability = zoom.restored(limit() ? in_the_corner(answer) : answer);
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
  std::optional<MapSize> first_size_;
};

TEST(ZoomIn, BoxesCropsClicksAndMapsAreThoseOfThePublishedCode) {
  const auto folder = baseline_data("zoom_transforms");
  int count = 0;
  for (const std::string file : {"steps_fbrs.json", "steps_ritm.json"}) {
    const auto sequences = read_json(folder / file);
    for (const auto& [name, sequence] : sequences.items()) {
      Sequence(folder, name, sequence, file == "steps_fbrs.json").run();
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

TEST(SideLimit, ShrinksWhatIsLongerAndNothingElse) {
  EXPECT_EQ(limited({.height = 75, .width = 120}, 90), (MapSize{.height = 56, .width = 90}));  // 56.25
  EXPECT_EQ(limited({.height = 101, .width = 2}, 50), (MapSize{.height = 50, .width = 1}));
  EXPECT_EQ(limited({.height = 90, .width = 40}, 90), (MapSize{.height = 90, .width = 40}));
  EXPECT_EQ(limited({.height = 300, .width = 40}, std::nullopt), (MapSize{.height = 300, .width = 40}));
  const auto clicks = scaled({{.u = 60, .v = 30, .target = 1, .radius = 8.0}}, {.height = 60, .width = 120},
                             {.height = 30, .width = 30});
  EXPECT_EQ(clicks[0].u, 15);
  EXPECT_EQ(clicks[0].v, 15);
  EXPECT_NEAR(*clicks[0].radius, 8 * std::sqrt(0.5 * 0.25), 1e-12);
}

/// The predictor with a limit: what the network sees, and where its answer comes back to.
class PredictorWithLimit : public testing::Test {
 protected:
  struct Run {
    std::vector<MapSize> seen;
    std::vector<Tensor> answers;
  };
  Run run(std::optional<std::int64_t> limit, std::optional<ZoomInOptions> zoom) {
    Run run;
    network_->set_watch([&](std::string_view name, const Tensor& feature) {
      if (name == "dist_maps") run.seen.push_back(size_of(feature));
    });
    BrsPredictor predictor(*network_, {.kind = BrsKind::none, .zoom = zoom, .longest_side = limit});
    predictor.begin(pixels_);
    for (const PromptClick& click : clicks_) run.answers.push_back(predictor.add(click).clone());
    return run;
  }

  std::unique_ptr<Network> network_ = GeneratedCase(baseline_data("fbrs_deeplab_r34")).make();
  Tensor pixels_ = (wavy({60, 120, 3}, 3) * 127 + 128).to(at::kByte);
  std::vector<PromptClick> clicks_{{.u = 60, .v = 30, .target = 1}, {.u = 100, .v = 50, .target = -1}};
};

TEST_F(PredictorWithLimit, TheNetworkSeesASmallerPicture) {
  const Run free = run(std::nullopt, std::nullopt), high = run(120, std::nullopt), low = run(80, std::nullopt);
  EXPECT_EQ(free.seen, std::vector(4, MapSize{.height = 60, .width = 120}));
  EXPECT_EQ(low.seen, std::vector(4, MapSize{.height = 40, .width = 80}));
  for (std::size_t i = 0; i < clicks_.size(); ++i) {
    EXPECT_TRUE(is_equal(high.answers[i], free.answers[i])) << "not above the limit";
    EXPECT_EQ(low.answers[i].sizes(), free.answers[i].sizes());
    EXPECT_FALSE(is_equal(low.answers[i], free.answers[i]));
  }
}

/// The part's answer fills the part's box, not a corner of it.
TEST_F(PredictorWithLimit, ThePartIsShrunkAndItsAnswerComesBackToItsBox) {
  const ZoomInOptions options{.longer_side = 120, .least_side = 40, .expansion = 1};
  const Run low = run(80, options);
  ZoomIn zoom(options, pixels_.size(0), pixels_.size(1));
  zoom.remember(low.answers[0].view({1, 1, pixels_.size(0), pixels_.size(1)}));
  ASSERT_TRUE(zoom.look(clicks_));
  ASSERT_EQ(low.seen.size(), 4U);
  EXPECT_EQ(low.seen[3], limited(zoom.size(), 80));
  const Tensor inside = low.answers[1].gt(0);
  const Tensor rows = at::nonzero(inside.any(1)), columns = at::nonzero(inside.any(0));
  EXPECT_EQ((ZoomBox{.top = rows.min().item<std::int64_t>(),
                     .bottom = rows.max().item<std::int64_t>(),
                     .left = columns.min().item<std::int64_t>(),
                     .right = columns.max().item<std::int64_t>()}),
            *zoom.box());
}

}  // namespace
}  // namespace gbrs::test
