#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Joins the shares of a data set that are in OUT.shards/ to one run in OUT: exactly what one run without shares
# gives.
#
#   join.bash OUT TASK --data DIR [options of gbrs eval TASK, the same as for the shares]
set -euo pipefail

out=$1
shift
mkdir -p "$out"
cat "$out".shards/*/progress.jsonl >"$out/progress.jsonl"
for share in "$out".shards/*; do
  [[ ! -d $share/predictions ]] || cp -r "$share/predictions" "$out"    # of segment
done
gbrs eval "$@" --out "$out"    # everything is there: computes nothing, writes tables and report
