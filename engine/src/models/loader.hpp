// SPDX-License-Identifier: Apache-2.0
#pragma once

// Loading libgbrs-torch. It is looked for beside this library and in the folder gbrs beside it, then in the
// installation's libdir/gbrs; $GBRS_BACKEND, the absolute path of a file, comes before all of them. Never in the
// current folder.

#include <filesystem>

#include "refine/backend.hpp"

namespace gbrs {

/// Loads the backend once for the process, 0.6-0.8 s. Thread-safe. Errors: unavailable.
Expected<const Backend*> load_backend();

/// Something else that the library exports; loads it, too. Errors: unavailable.
Expected<void*> backend_symbol(const char* name);

/// Settings that the libraries under libtorch read from the environment when they are loaded; what the user
/// has set stays. To be called before other threads run, as far as possible: it changes the environment.
void prepare_environment();

/// The folder of the shared library (or program) that this code is in.
std::filesystem::path library_folder();

}  // namespace gbrs
