// SPDX-License-Identifier: Apache-2.0
#pragma once

// When the network looks closer, and where: the frame of a step, from the frame and the answer before it and the
// clicks. Zooming in on the object is that of f-BRS (doi:10.1109/CVPR42600.2020.00865, section 4); new are the
// radii, the click outside the frame and the reluctance to move.

#include <optional>
#include <span>

#include "gbrs/click.hpp"
#include "gbrs/step.hpp"
#include "session/frame.hpp"

namespace gbrs {

/// Pictures are enlarged at most this much; the network was trained with no larger pixels.
inline constexpr double kLargestScale = 3;

struct ZoomSettings {
  double margin = 1.4;  ///< sides of a new box, in sides of what is to be seen
  double slack = 1.5;   ///< the frame stays while its longer side is at most this times that of a new one
};

struct ZoomInput {
  Frame before;                           ///< of the step before; the whole picture at first
  const FrameMap* answer = nullptr;       ///< the answer before, in `before`; null: none
  std::span<const Click> clicks;          ///< all up to and with the step's own
  std::size_t first_new = 0;              ///< the step's own are clicks[first_new..]
  std::optional<Box> box = std::nullopt;  ///< the step's
  bool keeps_all_clicks = false;          ///< excluding clicks, too: something is shown outside the frame
  int image_width = 0;
  int image_height = 0;
};

/// The frame for the step. It holds the parts of the answer before that are large or clicked, every including
/// click, the step's own clicks with the radii the user gave them, its box. Until there is an object, a radius or a
/// box, the whole picture is seen.
Frame zoomed_frame(const ZoomInput& input, const InputSettings& settings, const ZoomSettings& zoom = {});

/// Twice as much of the picture, where `answer` [grid of `frame`] is cut off by a side of the frame behind which the
/// picture goes on: a click that reached too short. None: the frame shows enough.
std::optional<Frame> wider_frame(const FrameMap& answer, const Frame& frame, int image_width, int image_height,
                                 const InputSettings& settings);

/// The sizes of frames that a zoom chooses most often, whatever the picture: those that its sides do not cut.
std::vector<FrameSize> zoomed_frame_sizes(const InputSettings& settings);

}  // namespace gbrs
