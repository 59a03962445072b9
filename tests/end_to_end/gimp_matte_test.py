#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mattes in gimp-console, against what the command line gives from the same start; the network has random weights.

usage: gimp_matte_test.py FOLDER       FOLDER keeps the profile and what the test writes
"""
import os
import pathlib
import shutil
import sys

import numpy

from gimp_support import Tap, check_script, gbrs, make_profile, read_gray, write_png
from matte_model import import_model
from pictures import soft_disc, trimap_of

CLICKS = ('70,32,0.25', '48,11,@2,2')
PAINTED = (('unknown', 5, (10, 10), (30, 12)), ('keep', 4, (48, 32), (60, 35)), ('drop', 3, (90, 60)), ('keep', 3, (5, 50)))
VALUES = {'keep': 255, 'drop': 0, 'unknown': 128}
tap = Tap()


def painted_over(trimap):
    """What lies within the radius of each stroke's way, which has one part at most."""
    result = trimap.copy()
    y, x = numpy.mgrid[0:trimap.shape[0], 0:trimap.shape[1]]
    for kind, radius, start, *rest in PAINTED:
        start, end = numpy.array(start), numpy.array((rest or [start])[0])
        along = end - start
        share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / max(along @ along, 1)
        share = numpy.clip(share, 0, 1)
        near = numpy.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1]) <= radius
        result[near] = VALUES[kind]
    return result


def main():
    work = pathlib.Path(sys.argv[1])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    model, _ = import_model(work)
    pixels, alpha, _ = soft_disc()
    write_png(work / 'disc.png', pixels)
    starts = {'rough': numpy.where(alpha > 0.5, 255, 0), 'soft': numpy.round(255 * alpha),
              'trimap': trimap_of(alpha), 'painted': painted_over(trimap_of(alpha))}
    for name, values in starts.items():
        write_png(work / f'{name}.png', values.astype(numpy.uint8))
    clicks = [part for click in CLICKS for part in ('--click', click)]
    for name, arguments in (('of_rough', ('--mask', work / 'rough.png', '--band', 8)),
                            ('of_trimap', ('--trimap', work / 'trimap.png')),
                            ('of_painted', ('--trimap', work / 'painted.png')),
                            ('of_soft', ('--start', work / 'soft.png'))):
        gbrs('matte', work / 'disc.png', '--model', model, *arguments, *clicks, '-o', work / f'{name}.png')
        numpy.save(work / f'{name}.npy', read_gray(work / f'{name}.png'))
    numpy.save(work / 'alpha.npy', alpha)
    painted = '; '.join(f'{kind},{radius}:' + ' '.join(f'{x},{y}' for x, y in way) for kind, radius, *way in PAINTED)
    check_script(tap, work, make_profile(work, os.environ['GBRS_PLUGIN']), 'matte_checks.py', GBRS_MODEL=model,
                 GBRS_CLICKS=' '.join(CLICKS), GBRS_PAINTED=painted)
    sys.exit(tap.end())


main()
