// SPDX-License-Identifier: Apache-2.0
#pragma once

// What G-BRS is compared with: BRS (Jang and Kim, CVPR 2019) and f-BRS (Sofiiuk et al., CVPR 2020) as the code of f-BRS
// computes them, on any network for object selection that the library has; and BRS with the loss of G-BRS, as the paper
// compares the two.
//
//   auto baseline = gbrs::Baseline::open(*model, {.method = gbrs::BaselineMethod::f_brs_b});
//   baseline->begin(image);
//   auto probability = baseline->add({.x = 120.5, .y = 80.5});
//
// For one thread. For people who click there is Session.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gbrs/click.hpp"
#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/image.hpp"
#include "gbrs/model.hpp"

namespace gbrs {

/// What L-BFGS-B changes: nothing, the network's input, its maps of the clicks, or scales and biases of the features at
/// the network's first, second or last site; what Adam changes by the loss of G-BRS (paper, eq. 8): input or maps.
enum class BaselineMethod { none, rgb_brs, distmap_brs, f_brs_a, f_brs_b, f_brs_c, rgb_brs_lc, distmap_brs_lc };

/// "network", "rgb-brs", "distmap-brs", "f-brs" (B), "f-brs-a", "f-brs-b", "f-brs-c", "rgb-brs-lc", "distmap-brs-lc".
/// Errors: invalid_argument.
GBRS_API Expected<BaselineMethod> parse_baseline_method(std::string_view name);
GBRS_API std::string_view baseline_method_name(BaselineMethod method);
/// Whether it has the loss of G-BRS, and so a learning rate.
constexpr bool has_consistency_loss(BaselineMethod method) {
  return method == BaselineMethod::rgb_brs_lc || method == BaselineMethod::distmap_brs_lc;
}

/// Defaults: those of the published evaluation.
struct BaselineOptions {
  BaselineMethod method = BaselineMethod::f_brs_b;
  int zoom_side = 400;  ///< longer side of the crop that the network sees from the second click on; 600 for DAVIS
  std::optional<int> longest_side = std::nullopt;  ///< what the network sees is shrunk to it; the published demo: 800
  // of the methods with the loss of G-BRS
  std::optional<double> rate = std::nullopt;  ///< Adam's learning rate; none: the manifest's of the layer type rgb
  double consistency = 100;                   ///< weight of L_c
  int iterations = 20;
};

class GBRS_API Baseline {
 public:
  /// Probabilities above it are the object.
  static constexpr float kThreshold = 0.49F;

  /// Loads the weights. Errors: those of loading a model; unsupported (another task, a network without maps of clicks,
  /// no learning rate).
  static Expected<Baseline> open(const Model& model, BaselineOptions options = {});
  Baseline(Baseline&&) noexcept;
  Baseline& operator=(Baseline&&) noexcept;
  ~Baseline();

  /// Begins anew; the picture is not used after the call. Errors: invalid_argument (size), out_of_memory.
  Expected<void> begin(ImageView image);
  /// The probability of the object after one more click, which includes (target > 0) or excludes. Its radius matters to
  /// the loss of G-BRS alone; without one it is chosen.
  /// Errors: invalid_argument (outside the picture, no picture), out_of_memory.
  Expected<Map> add(const Click& click);
  /// A sentence for people about how it runs; empty if there is none.
  [[nodiscard]] std::string notice() const;

 private:
  class Implementation;
  explicit Baseline(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gbrs
