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
  result_ = std::move(result);
  rendered_ = failure(ErrorCode::out_of_memory, _("There is not enough memory."));  // until there is something better
  thread_ = std::jthread([this](const std::stop_token& stop) { render(stop); });
  is_running_ = true;
  callbacks_.changed();
}

void Applying::stop() {
  thread_ = {};  // ends within a band
  while (g_idle_remove_by_data(this)) {
  }
  result_.reset();
  share_rendered_ = 0;
  is_rendered_ = false;
  is_running_ = false;
}

// The two parts take about as long as each other.
double Applying::fraction() const { return (share_rendered_ + (result_ ? result_->fraction() : 0)) / 2; }

void Applying::render(const std::stop_token& stop) {
  const auto progress = [this](double share) {
    share_rendered_ = share;
    rendering_.request();
  };
  guarded(false, [this](const std::string& text) { rendered_ = failure(ErrorCode::out_of_memory, text); },
          [&] {
            rendered_ = result_->render(stop, progress);
            return true;
          });
  is_rendered_ = true;
  rendering_.request();
}

void Applying::show_rendering() {
  if (!is_running_) return;  // stopped after it was asked for
  if (is_rendered_.exchange(false)) g_idle_add_full(G_PRIORITY_LOW, on_idle, this, nullptr);
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
  const auto more = rendered_ ? result_->write_some() : std::unexpected(rendered_.error());
  if (!more) {
    end(std::unexpected(more.error()));
    return false;
  }
  if (*more) {
    callbacks_.changed();
    return true;
  }
  end(result_->finish());
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
