// SPDX-License-Identifier: Apache-2.0
// What no network can exceed: the truth itself, reduced to the network's grid and brought back as an answer is. In
// the frame of the whole picture, and in the one that is zoomed in on the truth.
// Usage: ceiling DIR... (folders as of `gbrs eval segment`)

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "eval_data.hpp"
#include "models/manifest.hpp"
#include "session/network_answer.hpp"
#include "session/resampling.hpp"
#include "session/zoom.hpp"

namespace gbrs {
namespace {

constexpr int kClicks = 20;  // NoC of what is never reached

/// The truth of `frame` on the grid of the network's answer, half as fine.
FrameMap ideal_answer(const Truth& truth, const Frame& frame) {
  cv::Mat coverage(truth.height, truth.width, CV_32F);
  std::ranges::transform(truth.labels, coverage.begin<float>(),
                         [](int label) { return label == kObjectLabel ? 1.0F : 0.0F; });
  cv::Mat small;
  cv::resize(coverage(cv::Rect(frame.box.x, frame.box.y, frame.box.width, frame.box.height)), small,
             {frame.width, frame.height}, 0, 0, frame.box.width > frame.width ? cv::INTER_AREA : cv::INTER_LINEAR);
  FrameMap map = resized_to_corners({frame.width, frame.height, {small.begin<float>(), small.end<float>()}},
                                    (frame.width + 1) / 2, (frame.height + 1) / 2);
  for (float& value : map.values) {
    const float p = std::clamp(value, 1 / (1 + std::exp(-kOutside)), 1 - 1 / (1 + std::exp(-kOutside)));
    value = std::log(p / (1 - p));
  }
  return map;
}

double iou_through(const Frame& frame, const std::shared_ptr<const Picture>& picture, const Truth& truth) {
  Answer::Data data;
  data.picture = picture;
  data.frame = frame;
  set_answer(data, ideal_answer(truth, frame), answer_guide(picture->resampled(frame.box, frame.width, frame.height)));
  const Map map = render_map(data, {0, 0, truth.width, truth.height}, 1);
  return intersection_over_union(predicted_pixels(map), truth);
}

Frame zoomed(const Truth& truth, const Frame& whole, const InputSettings& settings) {
  const FrameMap answer = ideal_answer(truth, whole);
  return zoomed_frame({.before = whole,
                       .answer = &answer,
                       .clicks = {},
                       .first_new = 0,
                       .keeps_all_clicks = false,
                       .image_width = truth.width,
                       .image_height = truth.height},
                      settings);
}

struct Sum {
  double iou = 0, noc85 = 0, noc90 = 0;
  void add(double value) {
    iou += value;
    noc85 += value >= 0.85 ? 1 : kClicks;
    noc90 += value >= 0.90 ? 1 : kClicks;
  }
};

Expected<void> measure(const std::string& folder, const InputSettings& settings) {
  const auto data = cli::find_data({.folder = folder, .images = {}, .object = {}, .ignore = {}, .objects = {}});
  if (!data) return std::unexpected(data.error());
  Sum whole, close;
  for (const ObjectFiles& files : data->objects) {
    const auto object = cli::load_object(*data, files);
    if (!object) return std::unexpected(object.error());
    const auto picture = Picture::copy(object->picture.view());
    if (!picture) return std::unexpected(picture.error());
    const Frame frame = Frame::whole(object->truth.width, object->truth.height, settings);
    whole.add(iou_through(frame, *picture, object->truth));
    close.add(iou_through(zoomed(object->truth, frame, settings), *picture, object->truth));
  }
  const auto n = static_cast<double>(data->objects.size());
  std::printf(
      "%s: %zu objects; whole picture: IoU %.3f, NoC@85 %.2f, @90 %.2f; zoomed: IoU %.3f, NoC@85 %.2f, @90 %.2f\n",
      data->folder.filename().c_str(), data->objects.size(), whole.iou / n, whole.noc85 / n, whole.noc90 / n,
      close.iou / n, close.noc85 / n, close.noc90 / n);
  return {};
}

int run(const std::vector<std::string>& folders) {
  const char* models = std::getenv("GBRS_MODELS");
  const auto manifest = read_manifest(std::filesystem::path(models != nullptr ? models : "models") / "segment-small");
  if (!manifest) return std::puts(manifest.error().message.c_str()), 1;
  for (const std::string& folder : folders)
    if (const auto done = measure(folder, manifest->input); !done) return std::puts(done.error().message.c_str()), 1;
  return 0;
}

}  // namespace
}  // namespace gbrs

int main(int argc, char** argv) {
  gbrs::cli::start_picture_libraries(argv[0]);
  return gbrs::run({argv + 1, argv + argc});
}
