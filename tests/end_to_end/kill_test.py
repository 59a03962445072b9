#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the plug-in's process at random moments of a non-interactive call: GIMP lives on, and the image is as
before or completely changed. GBRS_KILLS=COUNT kills so often (20), as `./dev test kill COUNT` does; GBRS_SEED repeats
the moments; GBRS_KILL_OUTPUTS names outputs.

usage: kill_test.py FOLDER       FOLDER keeps the profile and what the test writes
"""
import os
import pathlib
import random
import shutil
import sys

from gimp_support import Tap, disc, make_profile, run_python, small_model, write_png

HERE = pathlib.Path(__file__).resolve().parent


def main():
    work = pathlib.Path(sys.argv[1])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tap = Tap()
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    write_png(work / 'disc.png', disc()[0])
    small_model(work / 'model')
    results = work / 'results.txt'
    seed = os.environ.get('GBRS_SEED', str(random.randrange(1 << 31)))
    tap.note(f'GBRS_SEED={seed}')
    status, output = run_python(environment, HERE / 'kill_checks.py', GBRS_RESULTS=str(results), GBRS_WORK=str(work),
                                GBRS_CLICKS='48,45,+ 100,15,- 60.25,50.5,+,12', GBRS_MODEL=str(work / 'model'),
                                GBRS_HERE=str(HERE), GBRS_KILLS=os.environ.get('GBRS_KILLS', '20'), GBRS_SEED=seed)
    lines = results.read_text().splitlines() if results.exists() else []
    tap.forward(lines)
    if not tap.check(status == 0 and '# done' in lines, 'GIMP lives on to the end of the script', f'status {status}'):
        tap.note(output[-3000:])
    sys.exit(tap.end())


main()
