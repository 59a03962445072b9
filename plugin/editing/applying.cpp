// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing/applying.hpp"

#include <utility>

#include "base/guard.hpp"
#include "base/translation.hpp"

namespace gbrs::plugin {

Applying::Applying(Callbacks callbacks)
    : callbacks_(std::move(callbacks)), rendering_([this] { show_rendering(); }, callbacks_.error) {}

Applying::~Applying() { stop(); }

void Applying::begin(const Answer& answer, std::unique_ptr<Result> result) {
  is_wanted_ = false;
  stop();
  answer_ = answer;
  auto run = std::make_unique<Run>();
  run->result = std::move(result);
  // until there is something better
  run->rendered = failure(ErrorCode::out_of_memory, _("There is not enough memory."));
  run->thread = std::jthread([this, run = run.get()](const std::stop_token& stop) { render(*run, stop); });
  run_ = std::move(run);
  callbacks_.changed();
}

void Applying::stop() {
  while (g_idle_remove_by_data(this)) {
  }
  if (run_) {
    run_->thread.request_stop();
    left_.push_back(std::move(run_));
  }
  forget_ended();
}

void Applying::forget_ended() {
  std::erase_if(left_, [](const auto& run) { return run->is_rendered.load(); });
}

// The two parts take about as long as each other.
double Applying::fraction() const { return run_ ? (run_->share_rendered + run_->result->fraction()) / 2 : 0; }

void Applying::render(Run& run, const std::stop_token& stop) {
  const auto progress = [&](double share) {
    run.share_rendered = share;
    rendering_.request();
  };
  guarded(false, [&](const std::string& text) { run.rendered = failure(ErrorCode::out_of_memory, text); },
          [&] {
            run.rendered = run.result->render(stop, progress);
            return true;
          });
  run.is_rendered = true;
  rendering_.request();
}

void Applying::show_rendering() {
  forget_ended();
  if (!run_) return;  // stopped after it was asked for
  const bool is_due = run_->is_rendered && !std::exchange(run_->is_written, true);
  if (is_due) g_idle_add_full(G_PRIORITY_LOW, on_idle, this, nullptr);
  callbacks_.changed();
}

gboolean Applying::on_idle(gpointer data) {
  auto* const self = static_cast<Applying*>(data);
  return guarded(false,
                 [self](const std::string& text) { self->end(failure(ErrorCode::out_of_memory, text)); },
                 [self] { return self->write_some(); })
             ? G_SOURCE_CONTINUE
             : G_SOURCE_REMOVE;
}

bool Applying::write_some() {
  const auto more = run_->rendered ? run_->result->write_some() : std::unexpected(run_->rendered.error());
  if (!more) {
    end(std::unexpected(more.error()));
    return false;
  }
  if (*more) {
    callbacks_.changed();
    return true;
  }
  end(run_->result->finish());
  return false;
}

void Applying::end(const Expected<void>& result) {
  stop();
  callbacks_.changed();
  if (!result) {
    callbacks_.error(result.error().message);
    return;
  }
  applied_ = answer_;
  callbacks_.written();
}

}  // namespace gbrs::plugin
