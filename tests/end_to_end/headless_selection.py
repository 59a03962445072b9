# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside GIMP: clicks on a picture, keeps the selection as an array.

Environment: GBRS_IMAGE, GBRS_CLICKS, GBRS_MODEL, GBRS_FOUND (.npy to write), GBRS_HERE, GBRS_RESULTS.
"""
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

image = load(os.environ['GBRS_IMAGE'])
status, values = call(image, image.get_layers(), clicks=os.environ['GBRS_CLICKS'], model=os.environ['GBRS_MODEL'])
if status != Gimp.PDBStatusType.SUCCESS:
    raise SystemExit(f'{status}: {values}')
numpy.save(os.environ['GBRS_FOUND'], selection(image))
