// SPDX-License-Identifier: Apache-2.0
#pragma once

// Memory for torch's CPU tensors that is kept when a tensor dies and given to the next of its size. Every
// iteration makes the same tensors of some megabytes again; the system's allocator returns such blocks to
// the kernel and takes them back page by page, which costs more than the arithmetic: an iteration 23 ms
// without this, 12 with (tests/bench/refine_bench.cpp). glibc's mallopt does not replace it: with
// M_MMAP_THRESHOLD and M_TRIM_THRESHOLD alone 16 ms, and in a session's worker, which has a heap of its own,
// a click 35 to 65 ms instead of 17; with M_TOP_PAD as well as fast, but for the first refinement (123 ms
// instead of 30).

namespace gbrs {

/// Makes torch use it, once for the process.
void keep_tensor_memory();

}  // namespace gbrs
