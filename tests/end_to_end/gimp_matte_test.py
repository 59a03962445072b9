#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mattes in gimp-console, against what the command line gives from the same start; the network has random weights.

usage: gimp_matte_test.py FOLDER       FOLDER keeps the profile and what the test writes
"""
import os
import pathlib
import shutil
import subprocess
import sys

import numpy

from gimp_support import Tap, make_profile, read_gray, run_python, write_png
from matte_model import import_model
from pictures import soft_disc, trimap_of

HERE = pathlib.Path(__file__).resolve().parent
CLICKS = ('70,32,0.25', '48,11,@2,2')
tap = Tap()


def gbrs(*arguments):
    done = subprocess.run([os.environ['GBRS_PROGRAM'], *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(f'{arguments}: {done.stderr}')


def main():
    work = pathlib.Path(sys.argv[1])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    model, _ = import_model(work)
    pixels, alpha, _ = soft_disc()
    write_png(work / 'disc.png', pixels)
    starts = {'rough': numpy.where(alpha > 0.5, 255, 0), 'soft': numpy.round(255 * alpha),
              'trimap': trimap_of(alpha)}
    for name, values in starts.items():
        write_png(work / f'{name}.png', values.astype(numpy.uint8))
    clicks = [part for click in CLICKS for part in ('--click', click)]
    for name, arguments in (('of_rough', ('--mask', work / 'rough.png', '--band', 8)),
                            ('of_trimap', ('--trimap', work / 'trimap.png')),
                            ('of_soft', ('--start', work / 'soft.png'))):
        gbrs('matte', work / 'disc.png', '--model', model, *arguments, *clicks, '-o', work / f'{name}.png')
        numpy.save(work / f'{name}.npy', read_gray(work / f'{name}.png'))
    numpy.save(work / 'alpha.npy', alpha)
    results = work / 'results.txt'
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    status, output = run_python(environment, HERE / 'matte_checks.py', GBRS_RESULTS=str(results), GBRS_WORK=str(work),
                                GBRS_HERE=str(HERE), GBRS_MODEL=model, GBRS_CLICKS=' '.join(CLICKS))
    lines = results.read_text().splitlines() if results.exists() else []
    tap.forward(lines)
    if not tap.check(status == 0 and '# done' in lines, 'matte_checks.py came to its end in GIMP', f'status {status}'):
        tap.note(output[-3000:])
    sys.exit(tap.end())


main()
