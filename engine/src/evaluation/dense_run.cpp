// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dense_run.hpp"

#include <chrono>

#include "evaluation/session_report.hpp"

namespace gbrs {
namespace {

void add_score(DenseResult& result, Score score) {
  for (const auto& [name, value] : score.metrics) result.metrics[name].push_back(value);
  if (score.confusion) result.confusion.push_back(std::move(*score.confusion));
}

/// Repeats the last score until there is one for each of 0..N clicks.
void fill(DenseResult& result, int clicks) {
  const auto count = static_cast<std::size_t>(clicks) + 1;
  for (auto& [name, values] : result.metrics) values.resize(count, values.back());
  if (!result.confusion.empty()) result.confusion.resize(count, ConfusionMatrix(result.confusion.back()));
}

void report(DenseResult& result, const Answer& last) {
  SessionReport told = session_report(last);
  for (std::size_t i = 0; i < result.clicks.size(); ++i) result.clicks[i].radius = told.radii[i];
  result.encode_seconds = std::move(told.encode_seconds);
  result.unsatisfied = told.unsatisfied;
  result.notices = told.notices;
}

}  // namespace

Expected<DenseResult> run_image(const Model& model, ImageView image, const DenseTruth& truth, std::string name,
                                const Protocol& protocol) {
  using Clock = std::chrono::steady_clock;
  DenseResult result;
  result.image = std::move(name);
  SessionOptions options = protocol.session;
  truth.tell(options);
  auto session = Session::create(model, image, std::move(options));
  if (!session) return std::unexpected(session.error());
  auto answer = session->detailed();
  for (int i = 0;; ++i) {
    if (!answer) return std::unexpected(answer.error());
    const auto map = answer->render();
    if (!map) return std::unexpected(map.error());
    add_score(result, truth.measure(*map));
    const auto click = i < protocol.clicks ? truth.next_click(*map, protocol) : std::nullopt;
    if (!click) break;
    result.clicks.push_back(
        {.u = static_cast<int>(click->x), .v = static_cast<int>(click->y), .target = click->target, .radius = 0});
    const auto start = Clock::now();
    if (auto added = session->add(*click); !added) return std::unexpected(added.error());
    answer = session->wait();
    result.seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    if (answer) answer = session->detailed();  // what is measured is what is written
  }
  fill(result, protocol.clicks);
  report(result, *answer);
  return result;
}

}  // namespace gbrs
