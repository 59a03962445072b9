// SPDX-License-Identifier: Apache-2.0
#pragma once

// A pretrained network, cut where its costs are: encode once a frame, condition once a click, decode once an
// iteration.
//
//   auto features = network.encode(frame);                    // depends on the picture only
//   auto conditioned = network.condition(*features, prompt);  // depends on the clicks, too
//   Tensor answer = network.decode(*conditioned, insertions); // the tail behind the first insertion
//
// Where gradients are on, decode is differentiable with respect to the insertions' parameters; weights are frozen
// unless they ask for gradients themselves (training). Refinement calls encode and condition without.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layers/insertions.hpp"
#include "layers/tensor.hpp"

namespace gbrs {

/// A click as the network's input sees it, in pixels of the frame.
struct PromptClick {
  double u = 0;
  double v = 0;
  double target = 0;                            ///< > 0 includes, < 0 excludes
  std::optional<double> radius = std::nullopt;  ///< given by the user; none: the network does not know how far
};

struct Prompt {
  std::span<const PromptClick> clicks;
  Tensor previous;  ///< the answer before, [1,1,h,w] on any grid with the frame's corners; undefined: none
};

/// What depends on the frame alone.
class Encoded {
 public:
  virtual ~Encoded() = default;
};

/// What depends on frame and clicks, up to the first insertion, and the tail's share of it.
class Conditioned {
 public:
  virtual ~Conditioned() = default;
};

/// The sides that frames may have: step * m + rest, `least` or more.
struct FrameSides {
  std::int64_t step = 1;
  std::int64_t rest = 0;
  std::int64_t least = 1;
};

class Network {
 public:
  virtual ~Network() = default;

  /// Pixels R'G'B' [H,W,3] uint8 on the network's device; a matting network's have the trimap as fourth channel.
  [[nodiscard]] virtual std::unique_ptr<Encoded> encode(const Tensor& frame) const {
    return encode_input(normalised(frame));
  }
  /// encode in two parts: pixels to the network's input [1,C,H,W], and from there on. The second is differentiable with
  /// respect to the input where gradients are on. Throws std::logic_error where a network takes nothing but pixels, and
  /// std::invalid_argument for sizes that it cannot take.
  [[nodiscard]] virtual Tensor normalised(const Tensor& frame) const;
  [[nodiscard]] virtual std::unique_ptr<Encoded> encode_input(const Tensor& input) const;
  [[nodiscard]] virtual std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const = 0;
  /// The answer [1,C,h,w] on the network's own grid, whose corners lie on the frame's.
  [[nodiscard]] virtual Tensor decode(const Conditioned& conditioned, Insertions& insertions) const = 0;

  /// Features in which likeness shows [1,C,h,w], coarse and fine, corners on the frame's.
  [[nodiscard]] virtual std::vector<Tensor> likeness_levels(const Encoded& encoded,
                                                            const Conditioned& conditioned) const = 0;

  [[nodiscard]] virtual FrameSides frame_sides() const { return {}; }

  /// Names of the sites that decode passes through insertions, in order.
  [[nodiscard]] virtual std::vector<std::string> sites() const = 0;

  /// Told the features inside, by the names that the network's source lists, as they are computed; for tests that
  /// compare them with another implementation's. To be set before anything else is called.
  using Watch = std::function<void(std::string_view name, const Tensor& feature)>;
  void set_watch(Watch watch) { watch_ = std::move(watch); }

 protected:
  /// Shows the watch a feature and hands it on.
  const Tensor& seen(std::string_view name, const Tensor& feature) const {
    if (watch_) watch_(name, feature);
    return feature;
  }
  [[nodiscard]] bool is_watched() const { return static_cast<bool>(watch_); }

 private:
  Watch watch_;
};

/// Mean and deviation of the channels of pixels / 255 that most networks here were trained with (ImageNet).
inline constexpr double kImageNetMean[] = {0.485, 0.456, 0.406};
inline constexpr double kImageNetDeviation[] = {0.229, 0.224, 0.225};

/// Pixels [H,W,C] uint8 -> (pixel / 255 - mean) / deviation [1,C,H,W], channels last, in the type of `like`.
[[nodiscard]] Tensor standardised(const Tensor& pixels, std::span<const double> mean, std::span<const double> deviation,
                                  const Tensor& like);

/// Throws std::invalid_argument unless height and width of [1,C,H,W] are as they may be.
void check_sides(const Tensor& input, const FrameSides& sides);

}  // namespace gbrs
