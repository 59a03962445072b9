// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing.hpp"

#include <algorithm>
#include <utility>

namespace gbrs::plugin {

Editing::Editing(Model model, SessionOptions options, std::function<void()> on_change,
                 std::function<void(const std::string&)> on_error)
    : model_(std::move(model)),
      options_(std::move(options)),
      changed_(std::move(on_change), std::move(on_error)) {}

Expected<void> Editing::begin(const Pixels& pixels) {
  auto session = Session::create(model_, pixels.view(), options_);
  if (!session) return std::unexpected(session.error());
  session_.emplace(std::move(*session));
  session_->on_change([this] { changed_.request(); });
  return {};
}

bool Editing::refresh() {
  if (!session_) return false;
  progress_ = session_->progress();
  clicks_ = session_->clicks();
  error_ = session_->error();
  Answer answer = session_->answer();
  // the reports of two answers lie at one place only when they are the same answer: progress alone draws nothing
  const bool is_new = answer.steps().empty() || answer.steps().data() != answer_.steps().data();
  answer_ = std::move(answer);
  return is_new;
}

bool Editing::is_settled() const { return answer_.is_final() && std::ranges::equal(answer_.clicks(), clicks_); }

}  // namespace gbrs::plugin
