// SPDX-License-Identifier: Apache-2.0
#include "refine/step.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "networks/convolution.hpp"
#include "objectives/region.hpp"
#include "objectives/task_objective.hpp"
#include "refine/grid_clicks.hpp"
#include "refine/refiner.hpp"
#include "refine/runtime.hpp"

namespace gbrs {
namespace {

/// The site of RGB-BRS: the network's input, whose first channels are colours.
constexpr const char* kInputSite = "input";
/// An answer with fewer values, made with fewer multiply-adds than this comes of maps so small that operators are
/// fastest on one thread. Measured on two: one is faster by a fifth for segment-small (43,000 values, 0.2e9
/// multiply-adds) and by two fifths for METER (77,000), two are for matte-small (308,000) and ESPNetv2 (1.5 million).
constexpr std::int64_t kValuesWorthThreads = 200'000, kMultiplyAddsWorthThreads = 500'000'000;
const std::vector<std::int64_t> kColours{0, 1, 2};
constexpr std::int64_t kAcross = 3;  // of [1,C,H,W]
/// What the object that a click is about adds to the logits of the click's class, at most. It outweighs what a network
/// is unsure of, and refinement goes on from there; 2 and 4 gain less, 16 is as good (docs/dense.md).
constexpr double kObjectLogits = 8;

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// What a step leaves to the next.
struct StepParameters final : Parameters {
  LayerType layer = LayerType::none;
  std::vector<SiteValues> values;
  int frame_width = 0;
  int frame_height = 0;
  AdamState adam;  ///< with MethodOptions::keeps_adam
};

FrameMap to_map(const Tensor& answer) {
  const Tensor values = answer.detach().to(at::kCPU, at::kFloat).contiguous();
  FrameMap map{.width = static_cast<int>(values.size(3)),
               .height = static_cast<int>(values.size(2)),
               .values = {},
               .channels = static_cast<int>(values.size(1))};
  const auto* begin = values.data_ptr<float>();
  map.values.assign(begin, begin + values.numel());
  return map;
}

Tensor to_tensor(const FrameMap& map, at::Device device) {
  // from_blob wants a pointer it may write to; the copy behind it is what is used
  auto* values = const_cast<float*>(map.values.data());
  return at::from_blob(values, {1, map.channels, map.height, map.width}, at::TensorOptions().dtype(at::kFloat))
      .clone()
      .to(device);
}

/// Multiply-adds that the layer itself makes in an iteration, its gradients included: bmconv multiplies every pixel
/// with a matrix, forward and for the matrix's gradient.
double layer_multiply_adds(LayerType layer, const std::vector<SiteValues>& values) {
  double sum = 0;
  for (const SiteValues& site : values) {
    const double channels = static_cast<double>(site.channels.defined() ? site.channels.size(0) : site.shape[1]);
    if (layer == LayerType::bmconv) sum += 2 * channels * channels * static_cast<double>(site.shape[2] * site.shape[3]);
  }
  return sum;
}

/// What the network sees: the frame and what is told of it, or the mirror image of both.
struct View {
  const Encoded* encoded = nullptr;
  Tensor colours;  ///< the network's input [1,C,H,W]; undefined unless it is what is refined
  std::vector<PromptClick> clicks;
  Tensor previous;  ///< the answer before [1,C,h,w]; undefined: none
};

class StepRun {
 public:
  StepRun(const Network& network, Task task, const RefinementSettings& settings, at::Device device,
          const StepInput& input)
      : network_(network), task_(task), settings_(settings), device_(device), input_(input) {
    features_ = dynamic_cast<const FrameFeatures*>(input.features.get());
    if (features_ == nullptr) throw std::invalid_argument("no features");
    check_clicks(input, task, {features_->width, features_->height});
    if (input.before != nullptr && has_layer()) {
      before_ = dynamic_cast<const StepParameters*>(input.before.get());
      if (before_ == nullptr || before_->layer != input.layer)
        throw std::invalid_argument("parameters of another layer type");
    }
    view_.encoded = features_->encoded.get();
    if (input.layer == LayerType::rgb) view_.colours = network.normalised(features_->pixels);
    for (const FrameClick& click : input.clicks)
      view_.clicks.push_back({click.u, click.v, click.target, click.radius});
    if (input.answer_before != nullptr) view_.previous = to_tensor(*input.answer_before, device);
  }

  StepOutput run();

 private:
  [[nodiscard]] bool has_layer() const { return input_.layer != LayerType::none; }
  [[nodiscard]] bool refines() const { return input_.is_refined && has_layer() && input_.iterations > 0; }
  [[nodiscard]] MethodOptions consistent_method() const;
  [[nodiscard]] RegionSettings region_settings() const;
  [[nodiscard]] bool has_region() const;
  [[nodiscard]] bool has_region(std::size_t click) const;
  [[nodiscard]] Insertions make_insertions() const;
  [[nodiscard]] bool keeps_parameters() const {
    return input_.method.keeps_parameters.value_or(settings_.keeps_parameters);
  }
  [[nodiscard]] std::vector<SiteValues> values_before() const;
  [[nodiscard]] AdamState adam_before() const;
  [[nodiscard]] RefinerOptions refiner_options() const;
  [[nodiscard]] bool mirrors() const { return input_.method.mirrors.value_or(settings_.mirrors); }
  [[nodiscard]] View mirrored_view() const;
  [[nodiscard]] Insertions mirrored(const Insertions& insertions) const;
  [[nodiscard]] Tensor mirrored_answer(const Insertions& insertions);
  [[nodiscard]] std::unique_ptr<Conditioned> condition(const View& view, const Encoded& encoded) const;
  [[nodiscard]] Tensor decode(const View& view, const Conditioned& conditioned, Insertions& insertions) const;
  Tensor with_objects(const Tensor& answer);
  [[nodiscard]] Tensor object_logits(const Tensor& answer) const;
  [[nodiscard]] std::optional<Start> start(const Tensor& first) const;
  void add_regions(ClickList& list, const Conditioned& conditioned, const Tensor& first) const;
  std::unique_ptr<StepLoss> begin(const Tensor& first);
  [[nodiscard]] FrameMap shown(const Tensor& answer) const { return to_map(start_ ? start_->change(answer) : answer); }
  void publish(int iteration, const Tensor& answer) const;
  Tensor with_mirror_image(const RefinerResult& result, AdamState& adam);
  [[nodiscard]] std::shared_ptr<const Parameters> parameters(AdamState adam) const;

  const Network& network_;
  Task task_;
  const RefinementSettings& settings_;
  at::Device device_;
  const StepInput& input_;
  const FrameFeatures* features_ = nullptr;
  const StepParameters* before_ = nullptr;
  View view_;

  // what comes about in run()
  Clock::time_point begun_ = Clock::now();
  int threads_ = at::get_num_threads();
  Insertions insertions_{{.type = LayerType::none, .sites = {}}};
  std::unique_ptr<Conditioned> conditioned_;
  Tensor object_logits_;  ///< [1,C,h,w]; undefined: of no answer yet
  std::optional<Start> start_;
  std::unique_ptr<Objective> objective_;
  GridClicks clicks_;
  std::vector<SiteValues> values_at_first_;  ///< of the first answer's layers
  std::int64_t counted_ = 0;                 ///< multiply-adds until now
  bool suffices_ = true;                     ///< the frame is the right one
  StepOutput output_;
};

/// The method with the model's choices of what L_c holds where none were made.
MethodOptions StepRun::consistent_method() const {
  MethodOptions method = input_.method;
  if (!method.consistency_to) method.consistency_to = settings_.consistency.to;
  if (!method.attention) method.attention = settings_.consistency.attention;
  return method;
}

RegionSettings StepRun::region_settings() const {
  const MethodOptions& method = input_.method;
  return {.weight = method.region.value_or(settings_.region.weight),
          .likeness = method.region_likeness.value_or(settings_.region.likeness),
          .reach = method.region_reach.value_or(settings_.region.reach),
          .steps = method.region_steps.value_or(settings_.region.steps),
          .clicks = method.region_clicks.value_or(settings_.region.clicks)};
}

/// Whether the radius of one of the step's clicks shapes the loss.
bool StepRun::has_region(std::size_t click) const {
  return input_.clicks[click].radius && click < static_cast<std::size_t>(region_settings().clicks);
}

bool StepRun::has_region() const {
  if (task_ != Task::segment || !refines() || region_settings().weight <= 0) return false;
  for (std::size_t i = input_.first_new; i < input_.clicks.size(); ++i)
    if (has_region(i)) return true;
  return false;
}

std::vector<SiteValues> StepRun::values_before() const {
  if (!keeps_parameters()) return {};
  if (!input_.to_before) return before_->values;
  if (!input_.method.resamples_bias_map || before_->values.empty()) return {};
  const auto size = [](std::int64_t old_grid, int old_frame, int frame) {
    return 1 + std::llround(static_cast<double>((frame - 1) * (old_grid - 1)) / (old_frame - 1));
  };
  const GridMotion motion{.scale_x = input_.to_before->scale_x,
                          .shift_x = input_.to_before->shift_x,
                          .scale_y = input_.to_before->scale_y,
                          .shift_y = input_.to_before->shift_y};
  std::vector<SiteValues> values;
  for (const SiteValues& site : before_->values)
    values.push_back(moved(site, motion, size(site.shape[2], before_->frame_height, features_->height),
                           size(site.shape[3], before_->frame_width, features_->width)));
  return values;
}

/// The optimiser's state of the step before, where this one goes on from its parameters as they are.
AdamState StepRun::adam_before() const {
  const bool goes_on = before_ != nullptr && input_.method.keeps_adam && keeps_parameters() && !input_.to_before;
  return goes_on ? before_->adam : AdamState{};
}

/// The layers; RGB-BRS has one, at the network's input.
Insertions StepRun::make_insertions() const {
  InsertionOptions options{.type = input_.layer,
                           .sites = settings_.insertions,
                           .is_scaled = input_.method.is_scaled.value_or(settings_.is_scaled),
                           .top_channels = settings_.top_channels,
                           .weight_mode = input_.method.has_sigmoid_weight ? WeightMode::sigmoid : WeightMode::project};
  const auto most = static_cast<std::size_t>(input_.method.insertions.value_or(1'000'000));
  if (options.sites.size() > most) options.sites.resize(most);
  if (input_.layer == LayerType::rgb) {
    options.sites = {kInputSite};
    options.top_channels = 0;
    options.channels = kColours;
  }
  Insertions insertions(std::move(options));
  if (before_ != nullptr) insertions.set_values(values_before());
  return insertions;
}

RefinerOptions StepRun::refiner_options() const {
  const MethodOptions& method = input_.method;
  RefinerOptions options{.rate = 0,
                         .iterations = refines() ? input_.iterations : 0,
                         .has_early_stop = method.stop != MethodOptions::Stop::none && !has_region(),
                         .keeps_adam = method.keeps_adam,
                         .returns_best = method.returns_best};
  if (has_layer()) options.rate = method.rate ? *method.rate : settings_.rates.at(input_.layer);
  if (has_region()) options.iterations = std::min(options.iterations, region_settings().steps);
  return options;
}

std::unique_ptr<Conditioned> StepRun::condition(const View& view, const Encoded& encoded) const {
  return network_.condition(encoded, {.clicks = view.clicks, .previous = view.previous});
}

/// The answer from behind the first insertion on, or from the input on where that is what is refined.
Tensor StepRun::decode(const View& view, const Conditioned& conditioned, Insertions& insertions) const {
  Tensor answer;
  if (view.colours.defined()) {
    const auto encoded = network_.encode_input(insertions.pass(kInputSite, view.colours));
    answer = network_.decode(*condition(view, *encoded), insertions);
  } else {
    answer = network_.decode(conditioned, insertions);
  }
  return input_.method.has_loss_at_frame ? upsample(answer, features_->height, features_->width) : answer;
}

View StepRun::mirrored_view() const {
  if (!features_->mirrored) features_->mirrored = network_.encode(features_->pixels.flip(1).contiguous());
  const auto flipped = [](const Tensor& map) { return map.defined() ? map.flip(kAcross).contiguous() : map; };
  View view{features_->mirrored.get(), flipped(view_.colours), view_.clicks, flipped(view_.previous)};
  for (PromptClick& click : view.clicks) click.u = features_->width - 1 - click.u;
  return view;
}

Insertions StepRun::mirrored(const Insertions& insertions) const {
  std::vector<SiteValues> values;
  for (SiteValues& site : insertions.values()) {
    const auto height = site.shape[2], width = site.shape[3];
    values.push_back(moved(std::move(site), {.scale_x = -1}, height, width));
  }
  Insertions turned = make_insertions();
  turned.set_values(values);
  return turned;
}

/// What the network with its layers says of the mirror image, turned back. f-BRS looks at both from the first answer on
/// (doi:10.1109/CVPR42600.2020.00865).
Tensor StepRun::mirrored_answer(const Insertions& insertions) {
  const at::NoGradGuard no_grad;
  const View view = mirrored_view();
  Insertions layers = mirrored(insertions);
  return with_objects(decode(view, *condition(view, *view.encoded), layers).flip(kAcross));
}

/// The answer that objectives and everybody else see: what the network says, and what is known of the objects that
/// clicks are about.
Tensor StepRun::with_objects(const Tensor& answer) {
  if (std::ranges::none_of(input_.clicks, [](const FrameClick& click) { return click.object != nullptr; }))
    return answer;
  if (!object_logits_.defined()) object_logits_ = object_logits(answer);
  return answer + object_logits_;
}

/// On the grid of `answer`, which is without what is known of objects. An object takes its place from older ones of
/// other classes, and adds to those of its own: who clicks once more on what did not become the class insists.
Tensor StepRun::object_logits(const Tensor& answer) const {
  const at::NoGradGuard no_grad;
  const FrameSize frame{features_->width, features_->height};
  const auto logits = [&](const auto& label_of) {
    Tensor sum = at::zeros_like(answer);
    for (const FrameClick& click : input_.clicks) {
      const std::int64_t label = click.object ? label_of(click) : -1;
      if (label < 0 || label >= answer.size(1)) continue;  // refused when the clicks are placed
      const Tensor object = upsample(to_tensor(*click.object, device_), answer.size(2), answer.size(3))[0];
      const Tensor own = sum.select(1, label) + kObjectLogits * object;
      sum *= 1 - object.unsqueeze(1);
      sum.select(1, label).copy_(own);
    }
    return sum;
  };
  const auto named = [](const FrameClick& click) { return click.same_as ? -1 : std::llround(click.target); };
  const Tensor of_named = logits(named);
  if (std::ranges::none_of(input_.clicks, [](const FrameClick& click) { return click.same_as.has_value(); }))
    return of_named;
  const Tensor said = answer + of_named;
  return logits(
      [&](const FrameClick& click) { return click.same_as ? class_at(said, *click.same_as, frame) : named(click); });
}

/// The map to go on from, on the answer's grid.
std::optional<Start> StepRun::start(const Tensor& first) const {
  if (input_.start == nullptr) return std::nullopt;
  const at::NoGradGuard no_grad;
  Insertions identity({.type = LayerType::none, .sites = {}});
  const Tensor given = upsample(to_tensor(*input_.start, device_), first.size(2), first.size(3));
  return Start(decode(view_, *conditioned_, identity), given, /*fits_scale=*/task_ == Task::depth);
}

void StepRun::add_regions(ClickList& list, const Conditioned& conditioned, const Tensor& first) const {
  const RegionSettings region = region_settings();
  const auto levels = network_.likeness_levels(*features_->encoded, conditioned);
  for (std::size_t i = list.first_new; i < list.clicks.size(); ++i) {
    if (!has_region(i)) continue;
    list.regions.push_back(region_of(list.clicks, i, levels, first.size(2), first.size(3),
                                     {.weight = region.weight, .likeness = region.likeness, .reach = region.reach}));
  }
}

/// The loss of the step; null: its first answer is not refined.
std::unique_ptr<StepLoss> StepRun::begin(const Tensor& first) {
  output_.first_ms = milliseconds_since(begun_);
  if (!std::isfinite(first.sum().item<double>())) throw std::domain_error("the first answer is not finite");
  start_ = start(first);
  const std::int64_t answered = multiply_adds();
  if (first.numel() < kValuesWorthThreads && answered - counted_ < kMultiplyAddsWorthThreads)
    use_one_thread_for_operators();
  counted_ = answered;
  objective_ = task_objective(task_, consistent_method(), settings_.consistency.weight, start_);
  clicks_ = to_grid(input_, {task_, {features_->width, features_->height}, first, view_.previous, start_});
  output_.radii = clicks_.radii;
  if (mirrors()) values_at_first_ = insertions_.values();
  suffices_ = !input_.suffices || input_.suffices(shown(first));
  if (!suffices_ || !refines()) return nullptr;
  if (has_region()) add_regions(clicks_.list, *conditioned_, first);
  return objective_->begin(first, clicks_.list);
}

void StepRun::publish(int iteration, const Tensor& answer) const {
  if (input_.publish && input_.publish_every > 0) input_.publish(iteration, shown(answer));
}

/// The mean with what the mirror image's answer is; the first answer, and the layers it was made with, if the step was
/// stopped before.
Tensor StepRun::with_mirror_image(const RefinerResult& result, AdamState& adam) {
  publish(result.steps, result.answer);
  if (input_.stop.stop_requested()) {
    insertions_.set_values(values_at_first_);
    adam = adam_before();
    output_.is_refined = false;
    output_.iterations = 0;
    return result.first;
  }
  const auto turned = Clock::now();
  conditioned_.reset();   // the mirror image needs as much memory again
  use_threads(threads_);  // encoding and conditioning are worth them
  const Tensor answer = (result.answer + mirrored_answer(insertions_)) / 2;
  output_.mirror_ms = milliseconds_since(turned);
  return answer;
}

/// What the step leaves to the next one.
std::shared_ptr<const Parameters> StepRun::parameters(AdamState adam) const {
  auto parameters = std::make_shared<StepParameters>();
  parameters->layer = input_.layer;
  parameters->values = insertions_.values();
  parameters->frame_width = features_->width;
  parameters->frame_height = features_->height;
  if (input_.method.keeps_adam) parameters->adam = std::move(adam);
  return parameters;
}

StepOutput StepRun::run() {
  insertions_ = make_insertions();
  {
    const at::NoGradGuard no_grad;
    conditioned_ = condition(view_, *view_.encoded);
  }
  counted_ = multiply_adds();
  Refiner refiner(refiner_options());
  refiner.set_adam_state(adam_before());
  const RefinerResult result =
      refiner.run([this](Insertions& layers) { return with_objects(decode(view_, *conditioned_, layers)); },
                  insertions_, [this](const Tensor& first) { return begin(first); }, input_.stop,
                  [this](int iteration, const Tensor& answer) {
                    if (input_.publish_every > 0 && iteration % input_.publish_every == 0) publish(iteration, answer);
                  });

  output_.refine_ms = milliseconds_since(begun_) - output_.first_ms;
  const double iterated = static_cast<double>(multiply_adds() - counted_);
  output_.is_refined = input_.is_refined && !result.is_stopped;
  output_.iterations = result.steps;
  AdamState adam = refiner.adam_state();
  const bool looks_again = output_.is_refined && suffices_ && mirrors();
  const Tensor answer = looks_again ? with_mirror_image(result, adam) : result.answer;
  output_.answer = shown(answer);
  for (const auto& click : clicks_.each) output_.satisfied.push_back(!click || objective_->satisfied(answer, *click));
  if (result.is_diverged)
    output_.notice = "Refining became unstable and was undone; the network's own answer is shown.";
  if (has_layer()) {
    output_.multiply_adds = iterated + result.steps * layer_multiply_adds(input_.layer, insertions_.values());
    output_.parameters = parameters(std::move(adam));
  }
  return std::move(output_);
}

}  // namespace

StepOutput run_step(const Network& network, Task task, const RefinementSettings& settings, at::Device device,
                    const StepInput& input) {
  return StepRun(network, task, settings, device, input).run();
}

}  // namespace gbrs
