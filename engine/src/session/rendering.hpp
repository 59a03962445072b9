// SPDX-License-Identifier: Apache-2.0
#pragma once

// From linear models on a frame's grid to values of the picture's pixels.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gbrs/answer.hpp"
#include "gbrs/task.hpp"
#include "imaging/guided_upsampling.hpp"
#include "imaging/picture.hpp"
#include "imaging/trimap.hpp"
#include "refine/backend.hpp"
#include "session/frame.hpp"

namespace gbrs {

/// See corrections.hpp.
struct Correction {
  double x = 0;  ///< centre of the click's pixel, image pixels
  double y = 0;
  double radius = 0;      ///< at most the distance to the nearest click that wants something else, where it is 0 thus
  double amount = 0;      ///< in the map's unit
  std::size_t model = 0;  ///< of Answer::Data::models
};

/// See close_up.hpp.
struct CloseUpModel {
  Frame frame;
  GuidedModel model;
  cv::Mat share;  ///< how much of it is seen, CV_32F, its corners on the frame's corner pixels
};

struct Answer::Data {
  std::shared_ptr<const Picture> picture;
  Frame frame;
  Task task = Task::segment;
  /// May be null. segment: shown as it is outside the frame and while there are no clicks; matte, depth: what the model
  /// is added to.
  std::shared_ptr<const Map> start;
  std::shared_ptr<const Trimap> trimap;  ///< matte: what is known is shown as it is
  std::vector<GuidedModel> models;  ///< one; semantic: one for each of `classes`; none: no answer yet
  std::vector<CloseUpModel> close_ups;  ///< segment: on top of the model, in this order
  /// matte: what the picture's own scale adds to the model within frame.box, CV_32F of its size; empty: nothing.
  cv::Mat detail;
  std::vector<int> classes;         ///< semantic: those found, by their numbers
  std::vector<Correction> corrections;
  std::vector<Step> history;
  std::vector<Click> clicks;  ///< all of the history's
  std::vector<ClickVerdict> verdicts;
  std::vector<StepReport> steps;
  bool is_final = true;
  std::string model_name;
  std::string device;
};

/// Answer::render. Throws std::bad_alloc.
Map render_map(const Answer::Data& data, Rectangle rectangle, double scale);

/// Answer::render_classes. Throws std::bad_alloc.
Map render_class_map(const Answer::Data& data, std::span<const int> wanted, Rectangle rectangle, double scale);

}  // namespace gbrs
