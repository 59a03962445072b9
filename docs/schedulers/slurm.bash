#!/usr/bin/env bash
#SBATCH --job-name=gbrs-eval
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --requeue
# SPDX-License-Identifier: Apache-2.0
# A share of a data set for each task of a Slurm array, then their join:
#
#   job=$(sbatch --parsable slurm.bash OUT TASK --data DIR [options of gbrs eval TASK])
#   sbatch --dependency=afterok:"$job" join.bash OUT TASK --data DIR [the same options]
#
# Another number of shares: sbatch --array=1-N. A share that was stopped goes on where it was when it is queued again.
set -euo pipefail

out=$1
shift
gbrs eval "$@" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --jobs "$SLURM_CPUS_PER_TASK" \
  --out "$out.shards/$SLURM_ARRAY_TASK_ID"
