#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# N shares of a data set at the same time with GNU parallel, then their join:
#
#   parallel.bash N OUT TASK --data DIR [options of gbrs eval TASK]
#
# On one machine `gbrs eval --jobs N` does the same; with --sshlogin, added below, it is several machines that see the
# same folders. The same call after a stop goes on.
set -euo pipefail

count=$1 out=$2
shift 2
seq "$count" | parallel --quote --halt now,fail=1 --jobs "$count" \
  gbrs eval "$@" --shard "{}/$count" --jobs 1 --out "$out.shards/{}"
"$(dirname "${BASH_SOURCE[0]}")/join.bash" "$out" "$@"
