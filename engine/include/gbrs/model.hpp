// SPDX-License-Identifier: Apache-2.0
#pragma once

// A pretrained network with its manifest. Opening reads the manifest only; the weights, and with them
// libtorch, are loaded at the first use or by load().

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/export.hpp"

namespace gbrs {

class LoadedNetwork;
struct Manifest;

enum class Device { automatic, cpu, cuda };

/// The auxiliary layer that refinement optimises (paper, eq. 3-6); `none` leaves the network's own answers, `rgb` is
/// RGB-BRS, which changes the network's input instead.
enum class LayerType { none, sb, bmsb, bmsbm, bmconv, rgb };

/// "none", "sb", "bmsb", "bmsb-m", "bmconv", "rgb"; "auto", "cpu", "cuda". Errors: invalid_argument.
GBRS_API Expected<LayerType> parse_layer_type(std::string_view name);
GBRS_API std::string_view layer_type_name(LayerType type);
GBRS_API Expected<Device> parse_device(std::string_view name);
GBRS_API std::string_view device_name(Device device);

struct ModelOptions {
  Device device = Device::automatic;
  int threads = 0;  ///< computing threads; 0: as many as processors are available
};

struct ModelInfo {
  std::string name;          ///< folder name, for example "segment-small"
  std::string task;          ///< name of a Task
  std::string architecture;  ///< the network's name in the engine
  std::string license;
  std::string weights_sha256;  ///< lower-case hexadecimal: tells versions of a model apart
  std::filesystem::path folder;
  std::vector<std::string> classes = {};  ///< semantic: names by number; may be empty
  std::string unit = {};                  ///< depth: "m", or empty: without unit

  /// semantic: the class's name, or its number where it has none.
  [[nodiscard]] std::string class_name(int number) const {
    const auto index = static_cast<std::size_t>(number);
    return index < classes.size() ? classes[index] : std::to_string(number);
  }
};

/// A shared, thread-safe handle.
class GBRS_API Model {
 public:
  /// Finds a model by name or by the path of its folder. Names are looked for in $GBRS_MODELS (a list
  /// separated by ':'), $XDG_DATA_HOME/gbrs/models, beside the library, then datadir/gbrs/models.
  /// Cheap. Errors: not_found (names the places), damaged (manifest).
  static Expected<Model> open(std::string_view name_or_folder, ModelOptions options = {});

  /// Loads libtorch and the weights unless that is done already; blocks 1-2 s the first time.
  /// Errors: unavailable, damaged, out_of_memory. Without a GPU, or with one that fails a first product, the CPU computes.
  Expected<void> load() const;

  /// How fast the device multiplies matrices, GFLOP/s: what a refinement's time can be compared with. Loads the model.
  Expected<double> matrix_gflops() const;

  [[nodiscard]] const ModelInfo& info() const;
  [[nodiscard]] std::string device() const;  ///< "cpu", "cuda: 0"; empty before load()
  [[nodiscard]] std::string notice() const;  ///< a message for the user from loading (GPU fallback, slow BLAS)

 private:
  friend class Baseline;
  friend class Session;
  struct State;
  std::shared_ptr<State> state_;
};

/// All models found, those of earlier places first; a model hidden by an earlier one is left out.
GBRS_API std::vector<ModelInfo> list_models();

}  // namespace gbrs
