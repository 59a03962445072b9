// SPDX-License-Identifier: Apache-2.0
#include "networks/script_network.hpp"

#include <ATen/ops/empty.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <format>
#include <new>
#include <spanstream>
#include <sstream>

namespace gbrs {
namespace {

using torch::jit::IValue;
using torch::jit::Method;

/// The interpreter's messages are many lines of code and stack; the last of their errors says what is wrong.
std::string cause_of(std::string_view message) {
  constexpr std::string_view kError = "Error: ";
  if (const auto last = message.rfind(kError); last != std::string_view::npos)
    message.remove_prefix(last + kError.size());
  message = message.substr(0, message.find('\n'));
  while (message.ends_with('.')) message.remove_suffix(1);
  constexpr std::size_t kLongest = 300;
  return std::string(message.substr(0, kLongest));
}

std::string cause_of(const std::exception& error) {
  const auto* const of_torch = dynamic_cast<const c10::Error*>(&error);
  return cause_of(of_torch != nullptr ? of_torch->what_without_backtrace() : error.what());
}

/// Of memory, or of the module.
[[noreturn]] void fail(std::string_view what, const std::exception& error) {
  // the interpreter makes a runtime_error of every error
  const std::string_view text = error.what();
  for (const std::string_view memory : {"allocate memory", "out of memory"})
    if (text.find(memory) != std::string_view::npos) throw std::bad_alloc();
  throw ScriptError(std::format("{} ({})", what, cause_of(error)));
}

torch::jit::Module loaded(std::span<const std::byte> bytes, c10::Device device) {
  std::ispanstream stream(std::span(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  try {
    torch::jit::Module module = torch::jit::load(stream, device, /*load_debug_files=*/false);
    module.eval();
    for (const Tensor& parameter : module.parameters()) parameter.requires_grad_(false);
    return module;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    fail("it is no whole TorchScript module", error);
  }
}

Method method_of(const torch::jit::Module& module, const std::string& name) {
  const auto method = module.find_method(name);
  if (!method) throw ScriptError("it has no method " + name);
  return *method;
}

/// Runs the method as it is written: torch would specialise it after some calls, and the same clicks would give other
/// last bits than the first time.
IValue call(const Method& method, std::vector<IValue> arguments) {
  const torch::jit::GraphOptimizerEnabledGuard as_written(false);
  try {
    return method(std::move(arguments));
  } catch (const std::exception& error) {
    fail("its " + method.name() + " fails", error);
  }
}

std::vector<Tensor> tensors_of(const IValue& value) {
  if (value.isTensor()) return {value.toTensor()};
  if (value.isTensorList()) return value.toTensorVector();
  std::vector<Tensor> tensors;
  if (value.isTuple())
    for (const IValue& element : value.toTupleRef().elements())
      if (element.isTensor()) tensors.push_back(element.toTensor());
  if (tensors.empty() || tensors.size() != value.toTupleRef().elements().size())
    throw ScriptError("its encode gives something else than tensors");
  return tensors;
}

bool is_one_map(const Tensor& tensor) {
  return tensor.defined() && tensor.dim() == 4 && tensor.size(0) == 1 && tensor.scalar_type() == at::kFloat;
}

std::string shape_of(const Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes() << " of " << tensor.scalar_type();
  return text.str();
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(std::move(part));
  return parts;
}

/// One number a colour, and what leaves a trimap as it is.
std::vector<double> colours(const Settings& settings, std::string_view name, std::span<const double> otherwise,
                            double of_trimap) {
  std::vector<double> values;
  for (const std::string& part : split(settings.text(name, ""))) values.push_back(Settings::parsed(name, part));
  if (values.empty()) values.assign(otherwise.begin(), otherwise.end());
  if (values.size() != otherwise.size())
    throw std::invalid_argument(std::format("setting {}: three numbers, with commas between", name));
  values.push_back(of_trimap);
  return values;
}

}  // namespace

class ScriptNetwork::Module {
 public:
  Module(std::span<const std::byte> bytes, c10::Device device, std::size_t features)
      : module_(loaded(bytes, device)), encode_(method_of(module_, "encode")), decode_(method_of(module_, "decode")) {
    const auto is = [](const c10::Argument& argument, const c10::TypePtr& type) {
      return argument.type()->isSubtypeOf(*type);
    };
    if (encode_.num_inputs() != 2) throw ScriptError("its encode does not take one image");  // and itself
    const auto arguments = c10::ArrayRef(decode_.function().getSchema().arguments()).slice(1);
    takes_list_ = arguments.size() == 1 && is(arguments[0], c10::ListType::ofTensors());
    const bool takes_each = arguments.size() == features && std::ranges::all_of(arguments, [&](const auto& argument) {
                              return is(argument, c10::TensorType::get());
                            });
    if (!takes_list_ && !takes_each)
      throw ScriptError(std::format("its decode takes neither a list of tensors nor the {} that the manifest names",
                                    features == 1 ? "tensor" : std::to_string(features) + " tensors"));
  }

  [[nodiscard]] std::vector<Tensor> encode(const Tensor& image) const { return tensors_of(call(encode_, {image})); }

  [[nodiscard]] Tensor decode(const std::vector<Tensor>& features) const {
    const IValue answer = call(decode_, takes_list_ ? std::vector<IValue>{IValue(features)}
                                                    : std::vector<IValue>(features.begin(), features.end()));
    if (!answer.isTensor() || !is_one_map(answer.toTensor()))
      throw ScriptError("its decode gives " + (answer.isTensor() ? shape_of(answer.toTensor()) : answer.tagKind()) +
                        " instead of an answer [1,C,h,w] of Float");
    return answer.toTensor();
  }

 private:
  torch::jit::Module module_;
  Method encode_, decode_;
  bool takes_list_ = false;
};

struct ScriptNetwork::Frame final : Encoded, Conditioned {
  std::vector<Tensor> features;
};

ScriptNetwork::ScriptNetwork(std::span<const std::byte> bytes, const Settings& settings, c10::Device device)
    : features_(parsed_features(settings.text("features", ""))),
      mean_(colours(settings, "mean", kImageNetMean, 0)),
      deviation_(colours(settings, "deviation", kImageNetDeviation, 1)),
      like_(at::empty({0}, at::TensorOptions().dtype(at::kFloat).device(device))),
      module_(std::make_unique<const Module>(bytes, device, features_.size())) {
  if (std::ranges::contains(deviation_, 0.0)) throw std::invalid_argument("setting deviation: 0 divides nothing");
}

ScriptNetwork::~ScriptNetwork() = default;

std::vector<ScriptNetwork::Feature> ScriptNetwork::parsed_features(const std::string& text) {
  std::vector<Feature> features;
  for (const std::string& part : split(text)) {
    const auto colon = part.find(':');
    const double channels = colon == std::string::npos ? 0 : Settings::parsed("features", part.substr(colon + 1));
    Feature feature{.site = part.substr(0, colon), .channels = static_cast<std::int64_t>(channels)};
    const bool is_new = !std::ranges::contains(features, feature.site, &Feature::site);
    if (feature.site.empty() || !is_new || channels < 1 || channels > 1e6 ||
        static_cast<double>(feature.channels) != channels) {
      features.clear();
      break;
    }
    features.push_back(std::move(feature));
  }
  if (features.empty())
    throw std::invalid_argument("setting features: names and numbers of channels, such as deep:256,fine:24");
  return features;
}

void ScriptNetwork::check(const std::vector<Tensor>& features) const {
  if (features.size() != features_.size())
    throw ScriptError(
        std::format("its encode gives {} features, the manifest names {}", features.size(), features_.size()));
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto& [site, channels] = features_[i];
    if (!is_one_map(features[i]) || features[i].size(1) != channels)
      throw ScriptError(std::format("its feature {} is {} instead of [1,{},h,w] of Float", site,
                                    features[i].defined() ? shape_of(features[i]) : "nothing", channels));
  }
}

Tensor ScriptNetwork::normalised(const Tensor& frame) const {
  const auto channels = static_cast<std::size_t>(frame.size(2));
  if (channels > mean_.size()) throw std::invalid_argument("a frame has colours and a trimap at most");
  return standardised(frame, std::span(mean_).first(channels), std::span(deviation_).first(channels), like_)
      .contiguous();
}

std::unique_ptr<Encoded> ScriptNetwork::encode_input(const Tensor& input) const {
  auto frame = std::make_unique<Frame>();
  frame->features = module_->encode(input);
  check(frame->features);
  return frame;
}

std::unique_ptr<Conditioned> ScriptNetwork::condition(const Encoded& encoded, const Prompt&) const {
  return std::make_unique<Frame>(dynamic_cast<const Frame&>(encoded));
}

Tensor ScriptNetwork::decode(const Conditioned& conditioned, Insertions& insertions) const {
  const auto& frame = dynamic_cast<const Frame&>(conditioned);
  std::vector<Tensor> features;
  bool has_gradient = false;
  for (std::size_t i = 0; i < features_.size(); ++i) {
    const Tensor& kept = frame.features[i];
    const Tensor passed = insertions.pass(features_[i].site, kept);
    // a module may write into what it gets (an activation in place), but not into what is kept; and another order in
    // memory has other last bits
    features.push_back(passed.is_same(kept) ? kept.clone(at::MemoryFormat::Contiguous) : passed.contiguous());
    has_gradient |= passed.requires_grad();
  }
  const Tensor answer = module_->decode(features);
  if (at::GradMode::is_enabled() && has_gradient && !answer.requires_grad())
    throw ScriptError("its decode lets no gradient through");
  return answer;
}

std::vector<Tensor> ScriptNetwork::likeness_levels(const Encoded& encoded, const Conditioned&) const {
  return dynamic_cast<const Frame&>(encoded).features;
}

std::vector<std::string> ScriptNetwork::sites() const {
  std::vector<std::string> names;
  for (const Feature& feature : features_) names.push_back(feature.site);
  return names;
}

}  // namespace gbrs
