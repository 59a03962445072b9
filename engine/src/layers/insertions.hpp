// SPDX-License-Identifier: Apache-2.0
#pragma once

// The layers put into one network: where they sit, and how a network passes its features through them.
//
//   Insertions insertions({.type = LayerType::bmconv, .sites = {"eighth"}, .is_scaled = true});
//   m = insertions.pass("eighth", m);   // in the network's decode, once for each site it offers
//
// A layer is made when a feature first passes its site. That pass is made with identity layers in front, so
// sigma and the channel selection are taken at identity parameters, as the method wants it (method.md, TCS2);
// both are kept with the parameters from then on.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "layers/layer.hpp"

namespace gbrs {

struct InsertionOptions {
  LayerType type = LayerType::bmconv;
  std::vector<std::string> sites;
  bool is_scaled = false;  ///< sigma = standard deviation of the first feature, one number per site; else 1
  int top_channels = 0;    ///< top-k channel selection; 0: all channels
  /// These channels only, for example those of an input that are colours; empty: all, or the top ones.
  std::vector<std::int64_t> channels = {};
  WeightMode weight_mode = WeightMode::project;
};

/// The values of one site's layer, detached copies.
struct SiteValues {
  std::string site;
  double sigma = 1.0;
  Tensor channels;                  ///< selected channels [K], int64; undefined: all
  std::vector<std::int64_t> shape;  ///< of the feature [1,C,h,w]
  std::vector<Parameter> values;
};

class Insertions {
 public:
  explicit Insertions(InsertionOptions options);

  /// What the network goes on with: m itself where nothing is inserted.
  [[nodiscard]] Tensor pass(std::string_view site, const Tensor& m);

  /// Every parameter of every site, in order of the sites; empty before the first pass.
  [[nodiscard]] std::vector<Tensor> parameters() const;
  void project();

  [[nodiscard]] std::vector<SiteValues> values() const;
  /// Continues from kept values. The type of layer must be the one they came from; a feature of another
  /// shape than theirs is a programming error found by pass().
  void set_values(const std::vector<SiteValues>& values);

 private:
  struct Site {
    std::string name;
    double sigma = 1.0;
    Tensor channels;
    std::vector<std::int64_t> shape;
    std::unique_ptr<Layer> layer;
  };
  void make(Site& site, const Tensor& m) const;

  InsertionOptions options_;
  std::vector<Site> sites_;
};

/// Where a place of one feature's grid lies on another's: other = scale * place + shift, on axes from -1 (centre of the
/// first pixel) to 1 (of the last).
struct GridMotion {
  double scale_x = 1, shift_x = 0, scale_y = 1, shift_y = 0;
};

/// A site's values for features that look at another part of the picture (method.md, FRAME): maps are resampled, zero
/// where the old one does not reach; what belongs to channels stays. `motion`: from the new grid to the old;
/// `height`, `width` of the new feature.
[[nodiscard]] SiteValues moved(SiteValues site, const GridMotion& motion, std::int64_t height, std::int64_t width);

/// Top-k channel selection: the numbers [min(k,C)] of the channels of m [1,C,h,w] with the largest signed
/// mean, ordered by falling mean, equal means by number.
[[nodiscard]] Tensor top_channels(const Tensor& m, int k);

}  // namespace gbrs
