// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network that its user brings along: a TorchScript module, cut in two by its author (docs/scripts.md).
//
//   encode(image [1,C,H,W])  -> the features of the sites, each [1,c,h,w]: a tensor, a list or a tuple
//   decode(features)         -> the answer [1,C,h,w]; takes a list, or an argument for each
//
// A module is a program and may do whatever this process may: who makes a ScriptNetwork knows that its user wants it.
// What it computes is checked against its settings each time. Settings: features, the sites' names and numbers of
// channels in their order ("deep:256,fine:24"); mean and deviation of the colours / 255, three numbers each
// (ImageNet's); a matting network has the trimap as fourth channel, 0 to 1.

#include <c10/core/Device.h>

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>

#include "networks/network.hpp"
#include "networks/settings.hpp"

namespace gbrs {

/// The module fails, or is not as its settings say; what() goes on after "The script cannot be used: ".
class ScriptError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ScriptNetwork final : public Network {
 public:
  static constexpr std::string_view kName = "script";

  /// `bytes`: of the file. Throws ScriptError, std::invalid_argument (settings).
  ScriptNetwork(std::span<const std::byte> bytes, const Settings& settings, c10::Device device);
  ~ScriptNetwork() override;

  [[nodiscard]] Tensor normalised(const Tensor& frame) const override;
  [[nodiscard]] std::unique_ptr<Encoded> encode_input(const Tensor& input) const override;
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const Encoded& encoded, const Prompt& prompt) const override;
  [[nodiscard]] Tensor decode(const Conditioned& conditioned, Insertions& insertions) const override;
  [[nodiscard]] std::vector<Tensor> likeness_levels(const Encoded& encoded,
                                                    const Conditioned& conditioned) const override;
  [[nodiscard]] std::vector<std::string> sites() const override;

 private:
  struct Frame;
  struct Feature {
    std::string site;
    std::int64_t channels = 0;
  };
  static std::vector<Feature> parsed_features(const std::string& text);
  void check(const std::vector<Tensor>& features) const;

  class Module;  // of torch's headers, which only the source includes
  std::vector<Feature> features_;
  std::vector<double> mean_, deviation_;  ///< of the colours and a trimap
  Tensor like_;                           ///< in the type and on the device of the input
  std::unique_ptr<const Module> module_;
};

}  // namespace gbrs
