// SPDX-License-Identifier: Apache-2.0
#include "gbrs/session.hpp"

#include <algorithm>
#include <cmath>
#include <format>

#include "session/implementation.hpp"

namespace gbrs {
namespace {

bool is_whole(const Map& map) {
  return map.values.size() == static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height) &&
         std::ranges::all_of(map.values, [](float value) { return std::isfinite(value); });
}

/// The same where all values are within 0 to 1, as a mask of floats need not be.
std::shared_ptr<const Map> within_one(std::shared_ptr<const Map> map) {
  if (std::ranges::all_of(map->values, [](float value) { return value >= 0 && value <= 1; })) return map;
  Map result = *map;
  for (float& value : result.values) value = std::clamp(value, 0.0F, 1.0F);
  return std::make_shared<const Map>(std::move(result));
}

/// Of a matte: the one given, or that of the start; null for other tasks. Errors: invalid_argument.
Expected<std::shared_ptr<const Trimap>> trimap_for(Task task, const SessionOptions& options, int width, int height) {
  const std::shared_ptr<const Trimap>& given = options.trimap;
  if (task != Task::matte) {
    if (given) return failure(ErrorCode::invalid_argument, "Only the model of a matte takes a trimap.");
    return nullptr;
  }
  if (!given && !options.start)
    return failure(ErrorCode::invalid_argument, "A matte needs a trimap, or a mask or matte to start from.");
  if (!given) {
    auto own = trimap_of(*options.start);
    if (!own) return std::unexpected(own.error());
    return std::make_shared<const Trimap>(std::move(*own));
  }
  if (given->width != width || given->height != height)
    return failure(ErrorCode::invalid_argument, std::format("The trimap has {} x {} pixels, the picture {} x {}.",
                                                            given->width, given->height, width, height));
  if (const auto checked = check_trimap(*given); !checked) return std::unexpected(checked.error());
  return given;
}

Expected<void> check(const Manifest& manifest, const SessionOptions& options, int width, int height) {
  const auto refuse = [](std::string why) { return failure(ErrorCode::invalid_argument, std::move(why)); };
  const int iterations = options.method.iterations.value_or(0);
  if (iterations < 0 || iterations > 1000 || options.publish_every < 0)
    return refuse("The number of iterations is not within 0 to 1000.");
  if (!manifest.task)
    return failure(ErrorCode::unsupported, std::format("This version does not know the task {} of the model {}.",
                                                       manifest.info.task, manifest.info.name));
  if (!options.start) return {};
  const Map& start = *options.start;
  if (start.width != width || start.height != height)
    return refuse(std::format("The map to start from has {} x {} pixels, the picture {} x {}.", start.width,
                              start.height, width, height));
  if (!is_whole(start)) return refuse("The map to start from lacks values or holds some that are no numbers.");
  if (manifest.task == Task::semantic)
    return failure(ErrorCode::unsupported, "A model of classes can't start from a map.");
  return {};
}

}  // namespace

Expected<Session> Session::create(Model model, ImageView image, SessionOptions options) {
  if (auto checked = check(model.state_->manifest, options, image.width, image.height); !checked)
    return std::unexpected(checked.error());
  auto picture = Picture::copy(image);
  if (!picture) return std::unexpected(picture.error());
  return Implementation::session(std::move(model.state_), std::move(*picture), std::move(options));
}

Expected<Session> Session::anew(Model model, SessionOptions options) const {
  const auto& picture = implementation_->picture();
  if (auto checked = check(model.state_->manifest, options, picture->width(), picture->height()); !checked)
    return std::unexpected(checked.error());
  return Implementation::session(std::move(model.state_), picture, std::move(options));
}

Expected<Session> Session::Implementation::session(std::shared_ptr<Model::State> model,
                                                   std::shared_ptr<const Picture> picture, SessionOptions options) {
  try {
    auto trimap = trimap_for(*model->manifest.task, options, picture->width(), picture->height());
    if (!trimap) return std::unexpected(trimap.error());
    options.trimap = std::move(*trimap);
    if (options.start && *model->manifest.task != Task::depth) options.start = within_one(std::move(options.start));
    return Session(std::make_unique<Implementation>(std::move(model), std::move(picture), std::move(options)));
  } catch (const std::exception& error) {  // no memory, no thread
    return failure(ErrorCode::out_of_memory, "The system has no memory or thread left for a session.", error.what());
  }
}

Session::Session(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Expected<void> Session::add(const Click& click) { return add(std::span(&click, 1)); }

Expected<void> Session::add(std::span<const Click> clicks) {
  for (const Click& click : clicks)
    if (auto checked = implementation_->check(click); !checked) return checked;
  if (clicks.empty()) return {};
  return implementation_->change([&](History& history) -> Expected<void> {
    history.add({.clicks = {clicks.begin(), clicks.end()}, .is_stroke = clicks.size() > 1});
    return {};
  });
}

Expected<void> Session::add(const Box& box) {
  const auto inside = implementation_->inside(box);
  if (!inside) return std::unexpected(inside.error());
  return implementation_->change([&](History& history) -> Expected<void> {
    history.add({.clicks = {}, .box = *inside});
    return {};
  });
}

Expected<Answer> Session::add_one_by_one(std::span<const Click> clicks,
                                         const std::function<void(std::size_t)>& computed) {
  return add_one_by_one(one_by_one(clicks), computed);
}

Expected<Answer> Session::add_one_by_one(std::span<const Step> steps,
                                         const std::function<void(std::size_t)>& computed) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto added = steps[i].box ? add(*steps[i].box) : add(std::span(steps[i].clicks));
    if (!added) return std::unexpected(added.error());
    if (auto answer = wait(); !answer) return answer;
    if (computed) computed(i + 1);
  }
  return wait();
}

Expected<void> Session::move(std::size_t index, double x, double y) {
  return implementation_->change_click(index, [&](Click& click) {
    click.x = x;
    click.y = y;
  });
}

Expected<void> Session::relabel(std::size_t index, double target) {
  return implementation_->change_click(index, [&](Click& click) { click.target = target; });
}

Expected<void> Session::set_radius(std::size_t index, std::optional<double> radius) {
  return implementation_->change_click(index, [&](Click& click) { click.radius = radius; });
}

Expected<void> Session::remove(std::size_t index) {
  return implementation_->change([&](History& history) { return history.replace(index, std::nullopt); });
}

Expected<void> Session::replace_step(std::size_t index, Step step) {
  if (auto checked = implementation_->check(step); !checked) return checked;
  return implementation_->change([&](History& history) { return history.replace_step(index, std::move(step)); });
}

Expected<void> Session::restore(std::vector<Step> steps) {
  for (Step& step : steps)
    if (auto checked = implementation_->check(step); !checked) return checked;
  return implementation_->change([&](History& history) -> Expected<void> {
    history.restore(steps);
    return {};
  });
}

bool Session::undo() {
  return implementation_->change([](History& history) { return history.undo(); });
}
bool Session::redo() {
  return implementation_->change([](History& history) { return history.redo(); });
}
bool Session::can_undo() const {
  return implementation_->inspect([](const History& history) { return history.can_undo(); });
}
bool Session::can_redo() const {
  return implementation_->inspect([](const History& history) { return history.can_redo(); });
}

void Session::cancel() { implementation_->cancel(); }

Expected<void> Session::preview(std::optional<Click> click) { return implementation_->preview(click); }
std::optional<Answer> Session::previewed() const { return implementation_->previewed(); }

std::vector<Step> Session::history() const {
  return implementation_->inspect([](const History& history) { return history.steps(); });
}

std::vector<Click> Session::clicks() const {
  std::vector<Click> clicks;
  for (const Step& step : history()) clicks.insert(clicks.end(), step.clicks.begin(), step.clicks.end());
  return clicks;
}

Answer Session::answer() const { return implementation_->answer(); }
Expected<Answer> Session::wait() { return implementation_->wait(); }
Expected<Answer> Session::detailed(const std::function<void(double)>& progress, std::stop_token stop) {
  try {
    return implementation_->detailed(progress, stop);
  } catch (const std::exception& error) {  // std::bad_alloc and OpenCV's own
    return failure(ErrorCode::out_of_memory, "There is not enough memory for the matte's detail.", error.what());
  }
}
Progress Session::progress() const { return implementation_->progress(); }
std::optional<Error> Session::error() const { return implementation_->error(); }
void Session::on_change(std::function<void()> function) { implementation_->on_change(std::move(function)); }

}  // namespace gbrs
