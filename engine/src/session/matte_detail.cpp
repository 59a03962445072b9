// SPDX-License-Identifier: Apache-2.0
// A matte finer than its frame. Refinement works on the picture reduced to a frame; with the parameters that it leaves,
// the network then looks at tiles of the picture in its own scale. A tile sees little around it, so only what is finer
// than the frame is taken from there: with R the way from the frame's grid to the picture,
//
//   answer = R(frame) + T - R(T reduced to the frame)        T: the tiles, overlapping, joined
#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "session/corrections.hpp"
#include "session/implementation.hpp"
#include "session/network_answer.hpp"
#include "session/resampling.hpp"

namespace gbrs {
namespace {

/// Pixels that neighbouring tiles of `length` share.
int overlap(int length) {
  constexpr int kMost = 64;
  return std::min(kMost, length / 4);
}

/// Places of tiles of `length` that cover [start, start + size), at equal distances.
std::vector<int> tile_places(int start, int size, int length) {
  const int step = length - overlap(length);
  const int count = 1 + (std::max(0, size - length) + step - 1) / step;
  std::vector<int> places;
  for (int i = 0; i < count; ++i) places.push_back(start + (count > 1 ? i * (size - length) / (count - 1) : 0));
  return places;
}

bool has_unknown(const Trimap& trimap, const Rectangle& box) {
  for (int y = box.y; y < box.y + box.height; ++y) {
    const std::uint8_t* const row = row_of(trimap, y) + box.x;
    if (std::find(row, row + box.width, Trimap::kUnknown) != row + box.width) return true;
  }
  return false;
}

/// Tiles of the frame's size in image pixels.
std::vector<Frame> tiles_of(const Frame& frame, const Trimap& trimap) {
  std::vector<Frame> tiles;
  for (const int y : tile_places(frame.box.y, frame.box.height, frame.height))
    for (const int x : tile_places(frame.box.x, frame.box.width, frame.width)) {
      const Rectangle box{x, y, frame.width, frame.height};
      if (has_unknown(trimap, box)) tiles.push_back({.box = box, .width = frame.width, .height = frame.height});
    }
  return tiles;
}

/// 1 in the middle, falling to its edges.
cv::Mat tile_weights(int width, int height) {
  const auto ramp = [](int i, int size) {
    const int most = overlap(size);
    return static_cast<float>(std::min({i + 1, size - i, most})) / static_cast<float>(most);
  };
  cv::Mat weights(height, width, CV_32F);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) weights.at<float>(y, x) = ramp(x, width) * ramp(y, height);
  return weights;
}

}  // namespace

Expected<cv::Mat> Session::Implementation::own_scale_answer(const StepOutput& step,
                                                            const std::function<void(double)>& progress,
                                                            const std::stop_token& stop) const {
  const std::vector<Frame> tiles = tiles_of(first_frame_, *options_.trimap);
  const cv::Mat weights = tile_weights(first_frame_.width, first_frame_.height);
  cv::Mat sum = cv::Mat::zeros(first_frame_.box.height, first_frame_.box.width, CV_32F), sum_of_weights = sum.clone();
  FrameViews views(picture_, options_.trimap);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    if (stop.stop_requested()) return cv::Mat();
    const Frame& tile = tiles[i];
    const std::lock_guard model_lock(model_->calls);
    const auto view = views.find_or_encode(tile, *model_->network);
    if (!view) return std::unexpected(view.error());
    StepInput input = question(**view);
    input.is_refined = false;
    input.before = step.parameters;
    if (step.parameters != nullptr) {
      input.to_before = motion(tile, first_frame_);
    } else {
      input.layer = LayerType::none;
    }
    const auto output = model_->network->step(input);
    if (!output) return std::unexpected(output.error());
    FrameMap map = resized_to_corners(output->answer, tile.width, tile.height);
    const cv::Mat alpha(tile.height, tile.width, CV_32F, map.values.data());
    const cv::Rect place(tile.box.x - first_frame_.box.x, tile.box.y - first_frame_.box.y, tile.width, tile.height);
    sum(place) += cv::min(cv::max(alpha, 0), 1).mul(weights);
    sum_of_weights(place) += weights;
    if (progress) progress(static_cast<double>(i + 1) / static_cast<double>(tiles.size()));
  }
  cv::Mat joined = sum / cv::max(sum_of_weights, 1e-6);
  for (int y = 0; y < joined.rows; ++y)
    for (int x = 0; x < joined.cols; ++x)
      if (const auto known = known_alpha(*options_.trimap, first_frame_.box.x + x, first_frame_.box.y + y))
        joined.at<float>(y, x) = *known;
  return joined;
}

Expected<Answer> Session::Implementation::detailed(const std::function<void(double)>& progress,
                                                   const std::stop_token& stop) {
  auto answer = wait();
  const bool is_reduced = options_.trimap && first_frame_.scale_x() < 1 && first_frame_.scale_y() < 1;
  if (!answer || !is_reduced || options_.start || !options_.method.zooms) return answer;
  const auto records = inspect([](const History& history) { return records_to(history.tip()); });
  const std::shared_ptr<const StepResult> result = records.empty() ? unasked_ : records.back().result;
  if (!result) return answer;  // the history has changed meanwhile
  const auto own = own_scale_answer(result->output, progress, stop);
  if (!own) return std::unexpected(own.error());
  if (own->empty()) return answer;

  // the worker's view of the frame is the worker's own
  const GuidedFilter guide =
      answer_guide(picture_->resampled(first_frame_.box, first_frame_.width, first_frame_.height));
  Answer::Data coarse;
  coarse.picture = picture_;
  coarse.frame = first_frame_;
  coarse.task = task();
  coarse.trimap = options_.trimap;
  cv::Mat reduced;
  cv::resize(*own, reduced, guide.size(), 0, 0, cv::INTER_AREA);
  set_answer(coarse, {reduced.cols, reduced.rows, {reduced.begin<float>(), reduced.end<float>()}}, guide);
  Map back = render_map(coarse, first_frame_.box, 1);

  auto data = answer_data(records, first_frame_);
  set_answer(*data, result->output.answer, guide, result->obeyed);
  data->detail = *own - cv::Mat(back.height, back.width, CV_32F, back.values.data());
  data->corrections.clear();
  add_corrections(*data, result->obeyed);
  return Answer(std::move(data));
}

}  // namespace gbrs
