// SPDX-License-Identifier: Apache-2.0
#include "training/recipe.hpp"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace gbrs {
namespace {

using Json = nlohmann::json;

/// What is wrong with a recipe; stays inside this file.
struct Fault {
  std::string what;
};

constexpr double kAnything = std::numeric_limits<double>::infinity();

/// Reads an object's members one after another and finds those that nobody asked for.
class Members {
 public:
  Members(const Json& object, std::string place) : object_(object), place_(std::move(place)) {
    if (!object.is_object()) throw Fault{name("") + " is not an object"};
  }

  [[nodiscard]] const Json* find(const std::string& key) {
    known_.insert(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  [[nodiscard]] const Json& need(const std::string& key) {
    const Json* value = find(key);
    if (value == nullptr) throw Fault{name(key) + " is missing"};
    return *value;
  }

  void number(const std::string& key, double& value, double low, double high) {
    if (const Json* found = find(key)) value = checked(*found, name(key), low, high);
  }
  template <class Whole>
  void whole(const std::string& key, Whole& value, double low, double high) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_number_integer()) throw Fault{name(key) + " is not a whole number"};
    (void)checked(*found, name(key), low, high);
    value = found->get<Whole>();
  }
  /// How often something happens: 0 to 1.
  void chance(const std::string& key, double& value) { number(key, value, 0, 1); }
  void range(const std::string& key, Range& value, double low, double high) {
    if (const Json* found = find(key)) value = to_range(*found, name(key), low, high);
  }
  /// Weights of which at least one is above 0.
  void numbers(const std::string& key, std::vector<double>& values) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_array()) throw Fault{name(key) + " is not a list"};
    values.clear();
    double sum = 0;
    for (const Json& item : *found) sum += values.emplace_back(checked(item, name(key), 0, 1e9));
    if (sum <= 0) throw Fault{name(key) + " has nothing above 0"};
  }
  void text(const std::string& key, std::string& value) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_string()) throw Fault{name(key) + " is not a text"};
    value = found->get<std::string>();
  }
  void texts(const std::string& key, std::vector<std::string>& value) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_array()) throw Fault{name(key) + " is not a list"};
    for (const Json& item : *found) {
      if (!item.is_string()) throw Fault{name(key) + " has something in it that is not a text"};
      value.push_back(item.get<std::string>());
    }
  }
  /// Hands an object's members to `read`, if it is there.
  template <class Read>
  void object(const std::string& key, Read read) {
    const Json* found = find(key);
    if (found == nullptr) return;
    Members members(*found, name(key));
    read(members);
    members.finish();
  }
  /// The same for each object of a list.
  template <class Read>
  void objects(const std::string& key, Read read) {
    const Json* found = find(key);
    if (found == nullptr) return;
    if (!found->is_array()) throw Fault{name(key) + " is not a list"};
    for (std::size_t i = 0; i < found->size(); ++i) {
      Members members((*found)[i], std::format("{}[{}]", name(key), i));
      read(members);
      members.finish();
    }
  }

  void finish() const {
    for (const auto& [key, value] : object_.items())
      if (!known_.contains(key)) throw Fault{"there is no key " + name(key)};
  }

  [[nodiscard]] std::string name(const std::string& key) const {
    if (place_.empty()) return key.empty() ? "it" : key;
    return key.empty() ? place_ : place_ + "." + key;
  }

 private:
  static double checked(const Json& value, const std::string& name, double low, double high) {
    if (!value.is_number()) throw Fault{name + " is not a number"};
    const auto number = value.get<double>();
    if (!(number >= low && number <= high)) {
      throw Fault{high == kAnything ? std::format("{} is {}, but must be at least {}", name, number, low)
                                    : std::format("{} is {}, but must be {} to {}", name, number, low, high)};
    }
    return number;
  }
  static Range to_range(const Json& value, const std::string& name, double low, double high) {
    if (!value.is_array() || value.size() != 2) throw Fault{name + " is not a pair [low, high]"};
    const Range range{checked(value[0], name, low, high), checked(value[1], name, low, high)};
    if (range.high < range.low) throw Fault{name + " ends below its beginning"};
    return range;
  }

  const Json& object_;
  std::string place_;
  std::set<std::string> known_;
};

void read_backgrounds(Members& members, DataRecipe& data) {
  members.texts("backgrounds", data.backgrounds);
  if (data.backgrounds.empty()) throw Fault{members.name("backgrounds") + " is missing"};
}

DataRecipe read_matte_data(Members& members) {
  DataRecipe data;
  members.number("weight", data.weight, 0, kAnything);
  members.text("cutouts", data.cutouts);
  members.text("generated", data.generated);
  if (data.cutouts.empty() == data.generated.empty())
    throw Fault{members.name("") + " needs either cutouts or generated"};
  if (!data.generated.empty() && std::ranges::find(kGeneratedKinds, data.generated) == kGeneratedKinds.end())
    throw Fault{members.name("generated") + " is none of hair, fur, lace, glass, blur"};
  read_backgrounds(members, data);
  return data;
}

DataRecipe read_data(Members& members) {
  DataRecipe data;
  members.number("weight", data.weight, 0, kAnything);
  members.text("folder", data.folder);
  members.text("cutouts", data.cutouts);
  if (data.folder.empty() == data.cutouts.empty()) throw Fault{members.name("") + " needs either folder or cutouts"};
  if (data.cutouts.empty()) {
    members.chance("all", data.all);
    members.chance("several", data.several);
  } else {
    read_backgrounds(members, data);
  }
  return data;
}

ViewRecipe read_view(Members& members) {
  ViewRecipe view;
  members.number("weight", view.weight, 0, kAnything);
  if (members.find("box") != nullptr) {
    view.box = Range{};
    members.range("box", *view.box, 1, 100);
  }
  return view;
}

void read_geometry(Members& members, GeometryRecipe& geometry) {
  members.objects("views", [&](Members& view) { geometry.views.push_back(read_view(view)); });
  members.number("enlargement", geometry.enlargement, 1, 100);
  members.number("stretch", geometry.stretch, 1, 10);
  members.chance("mirror", geometry.mirror);
  members.chance("rotation", geometry.rotation);
  members.number("rotation_limit", geometry.rotation_limit, 0, 180);
}

void read_appearance(Members& members, AppearanceRecipe& appearance) {
  members.chance("colours", appearance.colours);
  members.number("brightness", appearance.brightness, 0, 1);
  members.number("contrast", appearance.contrast, 0, 1);
  members.number("gamma", appearance.gamma, 0, 3);
  members.number("balance", appearance.balance, 0, 1);
  members.number("saturation", appearance.saturation, 0, 1);
  members.chance("gray", appearance.gray);
  members.chance("blur", appearance.blur);
  members.range("blur_deviation", appearance.blur_deviation, 0.01, 20);
  members.chance("coarsening", appearance.coarsening);
  members.range("coarsening_factor", appearance.coarsening_factor, 1, 8);
  members.chance("noise", appearance.noise);
  members.range("noise_deviation", appearance.noise_deviation, 0, 100);
}

void read_clicks(Members& members, ClickRecipe& clicks) {
  members.numbers("counts", clicks.counts);
  members.chance("random", clicks.random);
  members.chance("radius", clicks.radius);
  members.chance("radius_at_times", clicks.radius_at_times);
  if (clicks.radius + clicks.radius_at_times > 1)
    throw Fault{members.name("radius") + " and " + members.name("radius_at_times") + " are more than 1 together"};
  members.range("radius_factor", clicks.radius_factor, 0.01, 100);
  members.chance("enough", clicks.enough);
  members.chance("zoom", clicks.zoom);
  members.range("zoom_margin", clicks.zoom_margin, 1, 100);
  members.chance("close", clicks.close);
  members.range("close_margin", clicks.close_margin, 1, 100);
  members.chance("starts", clicks.starts);
}

void read_composites(Members& members, CompositeRecipe& composites) {
  members.range("scale", composites.scale, 0.01, 10);
  members.range("background", composites.background, 0.01, 10);
  members.chance("focus", composites.focus);
  members.chance("mirror", composites.mirror);
  members.number("rotation_limit", composites.rotation_limit, 0, 180);
  members.chance("pair", composites.pair);
  members.chance("light", composites.light);
}

void read_trimaps(Members& members, TrimapRecipe& trimaps) {
  members.range("width", trimaps.width, 0.5, 200);
  members.chance("patches", trimaps.patches);
}

void read_matte_loss(Members& members, MatteLossRecipe& loss) {
  members.number("composition", loss.composition, 0, 100);
  members.number("pyramid", loss.pyramid, 0, 100);
}

void read_loss(Members& members, LossRecipe& loss) {
  members.number("overlap", loss.overlap, 0, 100);
  members.number("boundary", loss.boundary, 0, 100);
  members.whole("boundary_width", loss.boundary_width, 1, 100);
}

void read_optimiser(Members& members, OptimiserRecipe& optimiser) {
  members.number("rate", optimiser.rate, 0, 1);
  members.number("last_rate", optimiser.last_rate, 0, 1);
  members.whole("warm_up", optimiser.warm_up, 0, 1e12);
  members.number("second_beta", optimiser.second_beta, 0, 0.999999);
  members.number("decay", optimiser.decay, 0, 1);
  members.number("clip", optimiser.clip, 0, kAnything);
  members.number("average", optimiser.average, 0, 0.999999);
  members.objects("factors", [&](Members& member) {
    RateFactor factor;
    (void)member.need("prefix");
    member.text("prefix", factor.prefix);
    member.number("factor", factor.factor, 0, 1000);
    optimiser.factors.push_back(factor);
  });
  members.texts("frozen", optimiser.frozen);
}

CropRecipe read_crop(Members& members) {
  CropRecipe crop;
  members.number("weight", crop.weight, 0, kAnything);
  members.whole("batch", crop.batch, 1, 1024);
  const Json* size = members.find("size");
  if (size == nullptr) return crop;
  const auto side = [&](const Json& value) {
    const bool is_side = value.is_number_integer() && value.get<std::int64_t>() >= 17 &&
                         value.get<std::int64_t>() <= 2001 && value.get<std::int64_t>() % 16 == 1;
    if (!is_side) throw Fault{members.name("size") + " has a side that is not a multiple of 16 plus one, 17 to 2001"};
    return value.get<int>();
  };
  if (size->is_array() && size->size() != 2) throw Fault{members.name("size") + " is not a pair [height, width]"};
  crop.height = side(size->is_array() ? (*size)[0] : *size);
  crop.width = side(size->is_array() ? (*size)[1] : *size);
  return crop;
}

/// Something can be drawn in proportion to the entries' weights.
template <class Entries>
void need_weight(const Entries& entries, const std::string& name) {
  double sum = 0;
  for (const auto& entry : entries) sum += entry.weight;
  if (sum <= 0) throw Fault{name + " has no entry with a weight above 0"};
}

void read_segment(Members& members, Recipe& recipe) {
  members.objects("data", [&](Members& data) { recipe.data.push_back(read_data(data)); });
  members.object("geometry", [&](Members& geometry) { read_geometry(geometry, recipe.geometry); });
  members.object("clicks", [&](Members& clicks) { read_clicks(clicks, recipe.clicks); });
  members.object("loss", [&](Members& loss) { read_loss(loss, recipe.loss); });
  if (recipe.geometry.views.empty()) recipe.geometry.views = {{.weight = 1, .box = Range{1.15, 2.2}}};
  need_weight(recipe.geometry.views, "geometry.views");
}

void read_matte(Members& members, Recipe& recipe) {
  members.objects("data", [&](Members& data) { recipe.data.push_back(read_matte_data(data)); });
  members.object("composites", [&](Members& composites) { read_composites(composites, recipe.composites); });
  members.object("trimaps", [&](Members& trimaps) { read_trimaps(trimaps, recipe.trimaps); });
  members.object("loss", [&](Members& loss) { read_matte_loss(loss, recipe.matte_loss); });
}

Recipe read_recipe(const Json& json, Task task) {
  Recipe recipe;
  recipe.task = task;
  Members members(json, "");
  (void)members.need("architecture");
  (void)members.need("samples");
  (void)members.need("data");
  members.text("architecture", recipe.architecture);
  members.whole("seed", recipe.seed, 0, 1e18);
  members.whole("samples", recipe.samples, 1, 1e12);
  members.objects("crops", [&](Members& crop) { recipe.crops.push_back(read_crop(crop)); });
  std::string type = recipe.is_bfloat16 ? "bfloat16" : "float32";
  members.text("type", type);
  if (type != "bfloat16" && type != "float32") throw Fault{"type is neither float32 nor bfloat16"};
  recipe.is_bfloat16 = type == "bfloat16";
  members.whole("checkpoint_every", recipe.checkpoint_every, 1, 1e12);
  members.whole("held_out", recipe.held_out, 0, 1e6);
  members.object("appearance", [&](Members& appearance) { read_appearance(appearance, recipe.appearance); });
  (task == Task::matte ? read_matte : read_segment)(members, recipe);
  members.object("optimiser", [&](Members& optimiser) { read_optimiser(optimiser, recipe.optimiser); });
  members.finish();

  if (recipe.crops.empty()) recipe.crops = {CropRecipe{}};
  need_weight(recipe.data, "data");
  need_weight(recipe.crops, "crops");
  recipe.text = json.dump();
  return recipe;
}

}  // namespace

Expected<Recipe> parse_recipe(std::string_view text, Task task) {
  if (task != Task::segment && task != Task::matte)
    return failure(ErrorCode::unsupported, "Only networks for segment and matte can be trained.");
  try {
    return read_recipe(Json::parse(text), task);
  } catch (const Json::exception& error) {
    return failure(ErrorCode::invalid_argument, "The recipe is not valid JSON.", error.what());
  } catch (const Fault& fault) {
    return failure(ErrorCode::invalid_argument, "The recipe is wrong: " + fault.what + ".");
  }
}

}  // namespace gbrs
