// SPDX-License-Identifier: Apache-2.0
#pragma once

// A recipe: everything that decides what a training does, as JSON. docs/training.md says what each key means; the
// defaults are here. Reading is strict: an unknown or misspelt key is an error that names it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/task.hpp"

namespace gbrs {

/// Values drawn evenly between two ends.
struct Range {
  double low = 0;
  double high = 0;
};

/// Training pictures of one kind. Folders are relative to the data folder.
struct DataRecipe {
  double weight = 1;  ///< share of the samples, among all entries

  std::string folder;  ///< with images/ and masks/ (id maps: 0 background, 255 ignored, else an object each)
  double all = 0;      ///< how often all ids of a picture are one object
  double several = 0;  ///< how often the id nearest to it belongs to the object, too

  std::string cutouts;                   ///< instead of `folder`: with fg/ and alpha/, to be pasted
  std::string generated;                 ///< matte, instead of both: a kind of generated objects, see kGeneratedKinds
  std::vector<std::string> backgrounds;  ///< on pictures of these folders (images/ inside, or the pictures themselves)
};

/// The kinds of objects that can be generated, with coverages that cut-outs rarely have.
inline constexpr std::array<std::string_view, 5> kGeneratedKinds{"hair", "fur", "lace", "glass", "blur"};

/// How a crop looks at an object.
struct ViewRecipe {
  double weight = 1;
  std::optional<Range> box;  ///< the crop's side, in longer sides of the object's box; none: the whole picture
};

struct GeometryRecipe {
  std::vector<ViewRecipe> views;
  double enlargement = 3;      ///< a picture's pixel becomes at most so many of the crop's
  double stretch = 1.5;        ///< how much one side may be stretched against the other where the picture ends
  double mirror = 0.5;         ///< how often
  double rotation = 0.25;      ///< how often
  double rotation_limit = 20;  ///< degrees
};

struct AppearanceRecipe {
  double colours = 0.8;            ///< how often: tone curve, balance, saturation
  double brightness = 0.2;         ///< largest shift, of the range
  double contrast = 0.3;           ///< largest change of the factor 1
  double gamma = 0.3;              ///< largest change of the exponent's logarithm
  double balance = 0.1;            ///< largest change of each channel's factor
  double saturation = 0.5;         ///< largest change of the factor 1
  double gray = 0.03;              ///< how often
  double blur = 0.2;               ///< how often
  Range blur_deviation{0.4, 1.6};  ///< pixels of the crop
  double coarsening = 0.15;        ///< how often it loses resolution
  Range coarsening_factor{1.3, 3};
  double noise = 0.25;           ///< how often
  Range noise_deviation{1, 10};  ///< of 255
};

struct ClickRecipe {
  /// How often a crop gets 1, 2, 3 ... clicks, in proportion.
  std::vector<double> counts{0.27, 0.2, 0.16, 0.12, 0.09, 0.07, 0.05, 0.04};
  double random = 0.4;             ///< how often a click misses the deepest point of the error
  double radius = 0.4;             ///< how often the user says of all clicks on a crop how far they reach
  double radius_at_times = 0.15;   ///< how often of every second one
  Range radius_factor{0.8, 1.25};  ///< on the distance to the error's farthest point
  double enough = 0.004;           ///< a crop ends early where the wrong pixels are a smaller part of the object
  double zoom = 0.5;               ///< how often a wider view is left for the answer's box after the first click
  Range zoom_margin{1.25, 1.6};    ///< sides of that view, in sides of the box
  double close = 0;                ///< how often a view is left, at any click, for what is wrong around the next one
  Range close_margin{1.25, 2};     ///< sides of that view, in diameters of how far the error reaches
  double starts = 0.12;            ///< how often a faulty mask is there before the first click
};

/// How objects get into a crop of a matting training.
struct CompositeRecipe {
  Range scale{0.35, 1.2};      ///< a cut-out's pixel becomes so many of the crop's
  Range background{0.6, 2};    ///< the same for a background's
  double focus = 0.9;          ///< how often the crop's middle is near a pixel that is partly covered
  double mirror = 0.5;         ///< how often
  double rotation_limit = 20;  ///< degrees
  double pair = 0.25;          ///< how often two objects are one
  double light = 0.5;          ///< how often an object has other light than its background
};

/// How trimaps are made of mattes.
struct TrimapRecipe {
  Range width{1.5, 25};  ///< by how much the unknown band is widened to each side, pixels of the crop
  double patches = 0.3;  ///< how often discs elsewhere are unknown, too
};

/// Weights beside the mean absolute error in the unknown band.
struct MatteLossRecipe {
  double composition = 1;  ///< of the error in the composite's colours, 0 to 1
  double pyramid = 1;      ///< of the error's Laplacian pyramid
};

struct LossRecipe {
  double overlap = 1;      ///< weight of 1 - soft IoU beside the cross-entropy
  double boundary = 2;     ///< additional weight of pixels near the truth's boundary
  int boundary_width = 1;  ///< pixels of the answer's grid, both sides
};

struct RateFactor {
  std::string prefix;  ///< of the tensors' keys
  double factor = 1;
};

struct OptimiserRecipe {
  double rate = 4e-4;
  double last_rate = 0;             ///< of `rate`, at the end of the cosine
  std::int64_t warm_up = 800;       ///< samples until the full rate
  double second_beta = 0.99;        ///< Adam's, of the gradient's square
  double decay = 1e-4;              ///< of weights, not of biases
  double clip = 2;                  ///< largest norm of the gradient; 0: none
  double average = 0.999;           ///< of the running mean that becomes the result, per step
  std::vector<RateFactor> factors;  ///< the first that fits a key counts
  std::vector<std::string> frozen;  ///< prefixes of keys
};

/// Crops of one size, trained side by side: a step takes all crops of one entry.
struct CropRecipe {
  double weight = 1;  ///< how often, among all entries
  int height = 321;
  int width = 321;
  int batch = 8;
};

struct Recipe {
  Task task = Task::segment;
  std::string architecture;
  std::uint64_t seed = 1;
  std::int64_t samples = 0;
  std::vector<CropRecipe> crops;
  bool is_bfloat16 = true;                ///< layers compute in bfloat16, weights stay in float32
  std::int64_t checkpoint_every = 20000;  ///< samples
  std::vector<DataRecipe> data;
  int held_out = 0;         ///< of so many names of pictures, one is never drawn; 0: all are
  GeometryRecipe geometry;  ///< segment
  AppearanceRecipe appearance;
  ClickRecipe clicks;          ///< segment
  LossRecipe loss;             ///< segment
  CompositeRecipe composites;  ///< matte
  TrimapRecipe trimaps;        ///< matte
  MatteLossRecipe matte_loss;  ///< matte: its `loss`
  OptimiserRecipe optimiser;
  std::string text;  ///< as read, in a canonical form: equal recipes have equal texts
};

/// What can be trained is segment and matte; a key of the other task is an error. Errors: invalid_argument, naming the
/// key; unsupported (another task).
[[nodiscard]] Expected<Recipe> parse_recipe(std::string_view text, Task task = Task::segment);

}  // namespace gbrs
