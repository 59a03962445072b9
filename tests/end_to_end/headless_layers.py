# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside GIMP: keeps the layers of an image as arrays, "pixels N" and "mask N" from the top one down.

Environment: GBRS_IMAGE, GBRS_FOUND (.npz to write), GBRS_HERE, GBRS_RESULTS.
"""
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

found = {}
for number, layer in enumerate(load(os.environ['GBRS_IMAGE']).get_layers()):
    found[f'pixels {number}'] = raw(layer)
    if layer.get_mask():
        found[f'mask {number}'] = raw(layer.get_mask())
numpy.savez(os.environ['GBRS_FOUND'], **found)
