// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "evaluation/segmenter.hpp"
#include "evaluation/session_report.hpp"
#include "evaluation/truth.hpp"

namespace gbrs {
namespace {

class SessionSegmentation final : public Segmentation {
 public:
  explicit SessionSegmentation(Session session) : session_(std::move(session)) {}

  Expected<Prediction> add(const Click& click) override {
    const auto start = std::chrono::steady_clock::now();
    if (auto added = session_.add(click); !added) return std::unexpected(added.error());
    auto answer = session_.wait();
    if (!answer) return std::unexpected(answer.error());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto map = answer->render();
    if (!map) return std::unexpected(map.error());
    last_ = std::move(*answer);
    return Prediction{.pixels = predicted_pixels(*map), .seconds = seconds};
  }

  void report(ObjectResult& result) const override {
    SessionReport told = session_report(last_);
    for (std::size_t i = 0; i < result.clicks.size(); ++i) result.clicks[i].radius = told.radii[i];
    result.encode_seconds = std::move(told.encode_seconds);
    result.unsatisfied = told.unsatisfied;
    result.notices = told.notices;
  }

 private:
  Session session_;
  Answer last_;
};

class SessionSegmenter final : public Segmenter {
 public:
  SessionSegmenter(Model model, SessionOptions options) : model_(std::move(model)), options_(std::move(options)) {}

  Expected<std::unique_ptr<Segmentation>> begin(ImageView image) const override {
    auto session = Session::create(model_, image, options_);
    if (!session) return std::unexpected(session.error());
    if (auto ready = session->wait(); !ready) return std::unexpected(ready.error());  // encoded: not part of a click
    return std::make_unique<SessionSegmentation>(std::move(*session));
  }
  std::string notice() const override { return model_.notice(); }

 private:
  Model model_;
  SessionOptions options_;
};

}  // namespace

std::unique_ptr<Segmenter> session_segmenter(Model model, SessionOptions options) {
  return std::make_unique<SessionSegmenter>(std::move(model), std::move(options));
}

}  // namespace gbrs
