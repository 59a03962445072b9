// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <functional>
#include <stop_token>

#include "gbrs/error.hpp"

namespace gbrs::plugin {

/// What an answer becomes in the image, in this order:
///
///   render()                             by any thread, once
///   while (write_some()) {}              on the main thread, some 10 ms each
///   finish()                             on the main thread: adds it to the image in one undo step
///
/// Before finish() and without it the image is as it was.
class Result {
 public:
  Result() = default;
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  virtual ~Result() = default;

  /// `progress` is told the share that is done, 0..1. Errors: those of Answer::render; invalid_argument when stopped.
  virtual Expected<void> render(const std::stop_token& stop, const std::function<void(double)>& progress) = 0;
  /// False: all is written. Errors: the image is not fit for it any more; those of GIMP.
  virtual Expected<bool> write_some() = 0;
  [[nodiscard]] virtual double fraction() const = 0;  ///< of the writing, 0..1
  virtual Expected<void> finish() = 0;
};

/// All of it at once, on the main thread. Errors: those of the parts; then the image is unchanged.
inline Expected<void> make_now(Result& result) {
  if (auto rendered = result.render({}, [](double) {}); !rendered) return rendered;
  Expected<bool> has_more = true;
  while (has_more && *has_more) has_more = result.write_some();
  return has_more ? result.finish() : std::unexpected(has_more.error());
}

}  // namespace gbrs::plugin
