// SPDX-License-Identifier: Apache-2.0
#pragma once

// GBRS_API marks what the shared libraries export; everything else is hidden.
#if defined(_WIN32)
#define GBRS_API
#else
#define GBRS_API __attribute__((visibility("default")))
#endif
