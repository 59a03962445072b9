// SPDX-License-Identifier: GPL-3.0-or-later
#include "applying.hpp"

#include <stop_token>
#include <utility>

#include "bridge.hpp"
#include "guard.hpp"

namespace gbrs::plugin {

Applying::Applying(Callbacks callbacks)
    : callbacks_(std::move(callbacks)), rendering_done_([this] { finish(); }, callbacks_.error) {}

void Applying::begin(const Answer& answer, const Adjustments& adjustments) {
  is_wanted_ = false;
  // the image may have changed while the answer was waited for
  const Target target = callbacks_.target();
  if (const auto checked = check_target(target, answer.image_width(), answer.image_height()); !checked) {
    callbacks_.error(checked.error().message);
    return;
  }
  is_running_ = true;
  answer_ = answer;
  const Depth depth = sample_depth(target.image);
  thread_ = std::jthread([this, depth, adjustments](const std::stop_token& stop) {
    guarded(false, [this](const std::string& text) { rendered_ = failure(ErrorCode::out_of_memory, text); },
            [&] {
              rendered_ = render_coverage(answer_, depth, adjustments, stop);
              return true;
            });
    rendering_done_.request();
  });
  callbacks_.changed();
}

void Applying::finish() {
  is_running_ = false;
  callbacks_.changed();  // before writing: whatever fails then, the window can be used
  Expected<void> written;
  if (rendered_) {
    written = write_output(callbacks_.target(), std::move(*rendered_));
  } else {
    written = std::unexpected(rendered_.error());
  }
  if (!written) {
    callbacks_.error(written.error().message);
    return;
  }
  applied_ = answer_;
  callbacks_.written();
}

}  // namespace gbrs::plugin
