// SPDX-License-Identifier: Apache-2.0
#include "gbrs/version.hpp"

namespace gbrs {

std::string_view version() { return GBRS_VERSION; }

}  // namespace gbrs
