// SPDX-License-Identifier: Apache-2.0
#pragma once

// Memory for torch's CPU tensors that is kept when a tensor dies and given to the next of its size. Every
// iteration makes the same tensors of some megabytes again; the system's allocator returns such blocks to
// the kernel and takes them back page by page, which cost more than the arithmetic (tests/bench/refine_bench.cpp:
// half of an iteration).

namespace gbrs {

/// Makes torch use it, once for the process.
void keep_tensor_memory();

}  // namespace gbrs
