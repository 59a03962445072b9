// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/guard.hpp"

#include "base/translation.hpp"

namespace gbrs::plugin {

std::string describe_current_exception() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return _("There is not enough memory.");
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return _("An unknown failure happened.");
  }
}

}  // namespace gbrs::plugin
