// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/util/Exception.h>

#include <new>
#include <stdexcept>
#include <string>

#include "gbrs/error.hpp"

namespace gbrs {

/// No exception crosses the border.
template <class F>
auto guarded(F&& function) -> decltype(function()) {
  const auto out_of_memory = [](const char* what) {
    return failure(ErrorCode::out_of_memory, "There is not enough memory for this step.", what);
  };
  try {
    return function();
  } catch (const std::bad_alloc& error) {
    return out_of_memory(error.what());
  } catch (const c10::OutOfMemoryError& error) {
    return out_of_memory(error.what_without_backtrace());
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    // what torch's CPU allocator says; it has no error class of its own
    if (what.find("can't allocate memory") != std::string::npos) return out_of_memory(what.c_str());
    return failure(ErrorCode::internal, "Computing the answer failed.", what);
  } catch (const std::invalid_argument& error) {
    return failure(ErrorCode::invalid_argument, std::string("The network cannot take this: ") + error.what() + '.',
                   error.what());
  } catch (const std::exception& error) {
    return failure(ErrorCode::internal, "Computing the answer failed.", error.what());
  }
}

}  // namespace gbrs
