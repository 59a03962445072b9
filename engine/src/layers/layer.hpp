// SPDX-License-Identifier: Apache-2.0
#pragma once

// The auxiliary layers of G-BRS (paper, eq. 3-6): small functions with free parameters that are put into a
// frozen network and optimised for one picture, click by click.
//
//   class                    type    parameters (start)                                output for the feature m
//   ScaleBias                sb      s 1 [C], b 0 [C]                                  s*m + b
//   BiasMapScaleBias         bmsb    bm 0 [h,w], wc 1 [C], s 1 [C], b 0 [C]            s*(m + wc*bm) + b
//   BiasMapScaleBiasMerged   bmsbm   the same and w 0.5 [1]                            w*(s*m + b) + (1-w)*(m + wc*bm)
//   BiasMapConv              bmconv  bm 0, wc 1, wconv identity [out,in], bconv 0 [C]  wconv (m + 10*wc*bm) + bconv
//   AdditiveMap              rgb     delta 0 [1,C,h,w]                                 m + delta
//
// The last one is no layer of G-BRS but what it is compared with: put at a network's input, it makes the input the
// parameters (RGB-BRS, method.md, Input).
// With the start values every layer returns m bit for bit, so the network's own first answer is untouched.
// wc*bm is an outer product: element (c,y,x) is wc[c]*bm[y,x].
//
// Scaling: with sigma != 1 a layer works on m/sigma and multiplies its output by sigma. That is the same as
// giving the bias map and the biases units of sigma, and is done so: s, w, wc and wconv keep their meaning,
// the start stays exact. Without it one learning rate cannot suit features of different size.
//
// Works in float64 and float32, on contiguous and on channels-last features, on any device. Gradients come
// from torch's automatic differentiation.

#include <memory>
#include <string_view>
#include <vector>

#include "gbrs/model.hpp"
#include "layers/tensor.hpp"

namespace gbrs {

/// How the w of bmsbm stays within [0,1]: clamped after each step (starts at 0.5), or as sigmoid(a) with the
/// free a (starts at 0; the parameter named "w" is then a).
enum class WeightMode { project, sigmoid };

struct LayerOptions {
  double sigma = 1.0;  ///< size of the features, > 0
  WeightMode weight_mode = WeightMode::project;
};

/// A tensor with the name it has in the formulas. In a layer it is a leaf that asks for a gradient.
struct Parameter {
  std::string_view name;
  Tensor value;

  /// Whether it belongs to places, [...,h,w], instead of to channels.
  [[nodiscard]] bool is_map() const { return name == "bm" || name == "delta"; }
};

class Layer {
 public:
  virtual ~Layer() = default;

  /// m [1,C,h,w] -> [1,C,h,w].
  [[nodiscard]] virtual Tensor apply(const Tensor& m) const = 0;

  /// Brings the parameters back into their domain; called after each optimiser step.
  virtual void project() {}

  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }

  /// Copies of the parameters, detached, in their order.
  [[nodiscard]] std::vector<Parameter> values() const;
  /// Sets the parameters to values taken from a layer of the same type and shape.
  void set_values(const std::vector<Parameter>& values);

 protected:
  explicit Layer(LayerOptions options) : options_(options) {}
  /// Adds a parameter that starts at `start`.
  void add(std::string_view name, const Tensor& start);
  [[nodiscard]] const Tensor& value(std::size_t index) const { return parameters_[index].value; }

  LayerOptions options_;

 private:
  std::vector<Parameter> parameters_;
};

/// A layer for features like `m` [1,C,h,w] (its shape, type and device count, its values do not), at the
/// identity. `type` must not be LayerType::none.
[[nodiscard]] std::unique_ptr<Layer> make_layer(LayerType type, const Tensor& m, LayerOptions options = {});

}  // namespace gbrs
