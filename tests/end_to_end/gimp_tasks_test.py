#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of things and depth layers, with and without something to start from, in gimp-console, against what the command
line finds.

usage: gimp_tasks_test.py FOLDER       FOLDER keeps the profile and what the test writes
"""
import os
import pathlib
import shutil
import sys

import numpy
from PIL import Image

from gimp_support import Tap, check_script, gbrs, make_profile, read_gray


def make_starts(work):
    """Greys like another network's, with a detail that none gives, which mean 1 to 4 metres, and what a click makes of them
    in 8 bits."""
    depth = numpy.load(work / 'depth.npy')
    ramp = 0.1 + 0.7 * (depth - depth.min()) / (depth.max() - depth.min())
    ramp[::7] += 0.1
    numpy.save(work / 'ramp.npy', ramp)
    start, bent = work / 'start.tif', work / 'bent.tif'
    Image.fromarray(1 + 3 * (numpy.round(ramp * 255) / 255).astype(numpy.float32)).save(start)
    gbrs('depth', work / 'cat.png', '--start', start, '--click', '100,100,3', '-o', bent)
    numpy.save(work / 'bent.npy', numpy.array(Image.open(bent)))


def main():
    work = pathlib.Path(sys.argv[1])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tap = Tap()
    photo = pathlib.Path(os.environ.get('GBRS_PHOTOS', '/nonexistent')) / 'chelsea.png'
    if not photo.exists():
        tap.skip('kinds and depths', 'no photograph: GBRS_PHOTOS names no folder with chelsea.png')
        sys.exit(tap.end())
    Image.open(photo).convert('RGB').save(work / 'cat.png')
    gbrs('semantic', work / 'cat.png', '-o', work / 'labels.png', '--classes', 'cat', '--mask', work / 'mask.png')
    wide = read_gray(work / 'mask.png')
    gbrs('depth', work / 'cat.png', '-o', work / 'depth.tif')
    numpy.save(work / 'depth.npy', numpy.array(Image.open(work / 'depth.tif')))
    numpy.save(work / 'cat.npy', numpy.floor(wide / 65535 * 255 + 0.5).astype(numpy.uint8))
    make_starts(work)
    labels = read_gray(work / 'labels.png')
    tap.check(0.3 < (labels == 8).mean() < 0.95, 'most of the picture is the cat', (labels == 8).mean())
    profile = make_profile(work, os.environ['GBRS_PLUGIN'])
    check_script(tap, work, profile, 'task_checks.py')
    check_script(tap, work, profile, 'depth_start_checks.py')
    sys.exit(tap.end())


main()
