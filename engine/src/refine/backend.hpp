// SPDX-License-Identifier: Apache-2.0
#pragma once

// The border between libgbrs (history, frames, rendering; no torch) and libgbrs-torch (networks, layers,
// objectives, refinement), which is loaded with dlopen when the first model is. Everything crosses it in
// frame coordinates: u, v are pixel indices of the frame, the first pixel's centre is (0, 0).
// Objects are immutable once they were handed over, and shared.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "gbrs/click.hpp"
#include "gbrs/error.hpp"
#include "gbrs/method.hpp"
#include "gbrs/model.hpp"
#include "models/manifest.hpp"

namespace gbrs {

/// The part of the picture that the network sees, at the size at which it sees it: interleaved R'G'B'.
struct FramePixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;          ///< [height, width, 3]
  std::vector<std::uint8_t> trimap = {};  ///< matte: [height, width] 0 not, 255 wholly the object, 128 unknown
};

struct FrameSize {
  int width = 0;
  int height = 0;
  auto operator<=>(const FrameSize&) const = default;
};

struct FramePlace {
  double u = 0;
  double v = 0;
};

struct FrameMap;

/// A Click in the frame's pixels.
struct FrameClick {
  double u = 0;
  double v = 0;
  std::optional<double> radius = std::nullopt;  ///< frame pixels; none: method.md, AUTORADIUS
  double target = 0;
  ClickMode mode = ClickMode::value;
  std::optional<FramePlace> same_as = std::nullopt;
  std::vector<FramePlace> path = {};
  /// semantic: how much of each of the frame's pixels is of the object that the click is about, 0 to 1; null: not
  /// known.
  std::shared_ptr<const FrameMap> object = nullptr;
};

/// An answer on the network's own grid, whose corner values lie on the frame's corner pixels:
/// value (i, j) is at u = i * (frame width - 1) / (width - 1), v likewise.
///
///   segment     logits, threshold 0
///   semantic    logits, one channel a class
///   matte       alpha, not clamped
///   depth       depth in the network's unit
///
/// Of a matte or depth step with a start map: what is to be added to the start (method.md, Start).
struct FrameMap {
  int width = 0;
  int height = 0;
  std::vector<float> values;  ///< [channels, height, width]
  int channels = 1;
};

/// How places of one frame are found in another: place there = scale * place here + shift, on axes that are -1 at
/// the centre of a frame's first pixel and 1 at that of its last.
struct FrameMotion {
  double scale_x = 1, shift_x = 0, scale_y = 1, shift_y = 0;
};

/// What depends on the frame alone (encoder features). Opaque here.
class Features {
 public:
  virtual ~Features() = default;
};

/// The auxiliary parameters after a step. Opaque here.
class Parameters {
 public:
  virtual ~Parameters() = default;
};

struct StepInput {
  std::shared_ptr<const Features> features;
  std::span<const FrameClick> clicks;                   ///< all of the history up to and with this step, oldest first
  std::size_t first_new = 0;                            ///< the step's own clicks are clicks[first_new..]
  std::shared_ptr<const Parameters> before;             ///< after the previous step; null: identity
  std::optional<FrameMotion> to_before = std::nullopt;  ///< from this frame to that of `before`; none: the same frame
  const FrameMap* answer_before = nullptr;              ///< the previous step's answer or, for segment, the start map
  const FrameMap* start = nullptr;                      ///< matte, depth: the map to go on from; NaN where unknown
  LayerType layer = LayerType::bmconv;
  int iterations = 20;
  MethodOptions method = {};
  double least_radius = 0;  ///< frame pixels
  bool is_refined = true;   ///< false: the first answer only
  /// Polled before every iteration and the mirror image; once asked for, the first answer is the result.
  std::stop_token stop;
  int publish_every = 0;    ///< 0: never
  /// Told every k-th answer that will be refined further, iteration 0 the first, and the one before the mirror image is
  /// looked at; never the final one.
  std::function<void(int iteration, const FrameMap& answer)> publish;
  /// Asked about the first answer; false ends the step there: it is wanted in another frame. Empty: every one will do.
  std::function<bool(const FrameMap& first)> suffices = {};
};

struct StepOutput {
  std::shared_ptr<const Parameters> parameters;
  FrameMap answer;
  std::vector<double> radii;    ///< of the step's own clicks, frame pixels
  std::vector<bool> satisfied;  ///< for each of StepInput::clicks, on the network's grid
  int iterations = 0;           ///< optimiser steps made
  bool is_refined = true;       ///< false: stopped
  double first_ms = 0;
  double refine_ms = 0;      ///< iterations
  double mirror_ms = 0;      ///< the mirror image, new in this frame or not
  double multiply_adds = 0;  ///< of the iterations: convolutions and the layer's matrix products
  std::string notice;        ///< one sentence for the user about this step; empty when all went well
};

/// A network with its weights on a device. One call at a time, unless something else is said.
class LoadedNetwork {
 public:
  virtual ~LoadedNetwork() = default;
  [[nodiscard]] virtual std::string device() const = 0;
  [[nodiscard]] virtual std::string notice() const = 0;
  virtual Expected<std::shared_ptr<const Features>> encode(const FramePixels& frame) = 0;
  virtual Expected<StepOutput> step(const StepInput& input) = 0;
  /// Gets ready for frames of these sizes and steps with `layer` in the background, the first size first: the first
  /// frame of a size takes several times as long as the next. At any time, from any thread.
  virtual void prepare(const std::vector<FrameSize>& sizes, LayerType layer) = 0;
  /// 1e9 multiply-adds and additions a second of a large matrix product on the device, the median of some.
  virtual Expected<double> matrix_gflops() = 0;
};

/// Virtual functions of LoadedNetwork.
inline constexpr std::size_t kNetworkCalls = 6;

/// Changes when what crosses the border does: a library of the same version, but of another day, is found out.
inline constexpr std::size_t kBorderSize =
    ((sizeof(StepInput) + sizeof(FrameClick)) * 4096 + sizeof(StepOutput)) * 16 + kNetworkCalls;

/// What libgbrs-torch exports as `gbrs_backend`. Both members are compared with libgbrs's own.
struct Backend {
  const char* version;
  std::size_t border_size = kBorderSize;
  Expected<std::shared_ptr<LoadedNetwork>> (*load)(const Manifest& manifest, const ModelOptions& options);
};
using BackendFunction = const Backend* (*)();

}  // namespace gbrs
