// SPDX-License-Identifier: Apache-2.0
#pragma once

// Expected failures. Every function of the library that can fail because of its surroundings (files,
// memory, models, clicks) returns Expected<T>; no exception leaves the library. Programming errors are
// assertions.

#include <expected>
#include <string>

namespace gbrs {

enum class ErrorCode {
  invalid_argument,  ///< a click, an option or a size that makes no sense
  not_found,         ///< no such file, model or click
  damaged,           ///< a file whose contents cannot be right (cut, foreign, changed)
  unsupported,       ///< valid, but not something this version or this model can do
  out_of_memory,     ///< the last good result is kept
  unavailable,       ///< a part of the installation or a device is missing
  io,                ///< reading or writing failed
  internal,          ///< a failure of a library underneath; `detail` has its words
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  ///< one sentence for the user, ending with a full stop
  std::string detail;   ///< for the log: tensor, shape, library message; may be empty
};

template <class T>
using Expected = std::expected<T, Error>;

/// Shorthand for returning a failure from a function that returns Expected<T>.
[[nodiscard]] inline std::unexpected<Error> failure(ErrorCode code, std::string message,
                                                    std::string detail = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(detail)});
}

}  // namespace gbrs
