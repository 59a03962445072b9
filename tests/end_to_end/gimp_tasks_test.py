#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of things and depth layers in gimp-console, against what the command line finds.

usage: gimp_tasks_test.py FOLDER       FOLDER keeps the profile and what the test writes
"""
import os
import pathlib
import shutil
import sys

import numpy
from PIL import Image

from gimp_support import Tap, check_script, gbrs, make_profile, read_gray


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
    labels = read_gray(work / 'labels.png')
    tap.check(0.3 < (labels == 8).mean() < 0.95, 'most of the picture is the cat', (labels == 8).mean())
    check_script(tap, work, make_profile(work, os.environ['GBRS_PLUGIN']), 'task_checks.py')
    sys.exit(tap.end())


main()
