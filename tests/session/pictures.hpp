// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small pictures made for the session's tests, and the shipped model on small frames, so that a refinement
// takes milliseconds.

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "gbrs/gbrs.hpp"
#include "support/temporary_folder.hpp"

namespace gbrs::test {

/// An orange disc on a blue ground with some texture.
struct DiscPicture {
  int width;
  int height;
  double centre_x;
  double centre_y;
  double radius;
  std::vector<std::uint8_t> rgb;

  DiscPicture(int w, int h) : width(w), height(h), centre_x(0.4 * w), centre_y(0.5 * h), radius(0.28 * h) {
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        const int texture = (x * 7 + y * 13) % 17;
        const auto value = [&](int colour) { return static_cast<std::uint8_t>(colour + texture); };
        if (contains(x, y))
          rgb.insert(rgb.end(), {value(220), value(120), value(30)});
        else
          rgb.insert(rgb.end(), {value(40), value(70), value(130)});
      }
  }

  [[nodiscard]] bool contains(int x, int y) const {
    return std::hypot(x + 0.5 - centre_x, y + 0.5 - centre_y) <= radius;
  }
  [[nodiscard]] ImageView view() const {
    return {.pixels = rgb.data(), .width = width, .height = height, .stride_bytes = 3 * width};
  }
  [[nodiscard]] Click on_object() const { return {.x = centre_x, .y = centre_y, .radius = {}, .target = kInclude}; }
};

/// A shipped model with another manifest, in a folder of its own.
class ChangedModel {
 public:
  ChangedModel(const char* name, const std::function<void(nlohmann::json&)>& change) {
    const auto shipped = Model::open(name)->info().folder;
    auto manifest = nlohmann::json::parse(std::ifstream(shipped / "manifest.json"));
    change(manifest);
    std::ofstream(folder_.path() / "manifest.json") << manifest;
    std::filesystem::create_symlink(std::filesystem::absolute(shipped / "weights.safetensors"),
                                    folder_.path() / "weights.safetensors");
    model_ = *Model::open(folder_.path().string(), {.device = Device::cpu, .threads = 1});
  }
  [[nodiscard]] const Model& operator*() const { return *model_; }

 private:
  TemporaryFolder folder_;
  std::optional<Model> model_;
};

/// segment-small with frames of `long_side` instead of 449.
class SmallFrameModel : public ChangedModel {
 public:
  explicit SmallFrameModel(int long_side, const char* task = "segment")
      : ChangedModel("segment-small", [&](nlohmann::json& manifest) {
          manifest["input"]["long_side"] = long_side;
          manifest["task"] = task;
        }) {}
};

}  // namespace gbrs::test
