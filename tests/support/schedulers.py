# SPDX-License-Identifier: Apache-2.0
"""The example scripts of docs/schedulers, run without a cluster."""
import os
import pathlib
import shutil
import subprocess

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent.parent / 'docs' / 'schedulers'

# Where GNU parallel is not installed: the same command lines, one after the other.
ONE_AFTER_THE_OTHER = r'''#!/usr/bin/env bash
set -e
while [[ $1 != gbrs ]]; do shift; done
while read -r number; do "${@//'{}'/$number}" </dev/null; done
'''


def _environment(program, folder):
    """With gbrs and parallel on PATH; `folder` takes links and stand-ins."""
    folder.mkdir(exist_ok=True)
    (folder / 'gbrs').unlink(missing_ok=True)
    (folder / 'gbrs').symlink_to(program)
    if shutil.which('parallel') is None:
        (folder / 'parallel').write_text(ONE_AFTER_THE_OTHER)
        (folder / 'parallel').chmod(0o755)
    return {**os.environ, 'PATH': f'{folder}:{os.environ["PATH"]}'}


def _run(script, environment, *arguments):
    return subprocess.run([SCRIPTS / script, *map(str, arguments)], env=environment, capture_output=True, text=True,
                          timeout=600, check=False)


def run_with_parallel(program, folder, count, out, *arguments):
    return _run('parallel.bash', _environment(program, folder), count, out, *arguments)


def run_with_slurm(program, folder, count, out, *arguments):
    """The tasks of the array, each as Slurm starts it, then the join; the first of them that fails."""
    environment = _environment(program, folder)
    for number in range(1, count + 1):
        done = _run('slurm.bash', {**environment, 'SLURM_ARRAY_TASK_ID': str(number), 'SLURM_CPUS_PER_TASK': '2',
                                   'SLURM_ARRAY_TASK_COUNT': str(count)}, out, *arguments)
        if done.returncode != 0:
            return done
    return _run('join.bash', environment, out, *arguments)
