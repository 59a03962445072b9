# SPDX-License-Identifier: Apache-2.0
"""Cuts the pictures of docs/segment.md out of what the demo made: the photograph with its clicks beside the cut-out on
a checkerboard, pixel for pixel.

usage: crops.py build/demo PHOTO_FOLDER docs/pictures
"""
import pathlib
import sys

import numpy
from PIL import Image

# left, top, right, bottom: hair, whiskers, thin stalks, a small object, and what goes wrong
CROPS = {
    'chelsea.png': (211, 60, 451, 300),
    'astronaut.png': (120, 0, 360, 200),
    'coffee.png': (100, 100, 500, 400),
    'LadyBird.jpg': (1650, 680, 2010, 1000),
    'TwoWings.jpg': (1000, 480, 1560, 1000),
}
SQUARE = 8


def checkerboard(height, width):
    y, x = numpy.mgrid[:height, :width] // SQUARE
    return numpy.where((x + y) % 2 == 0, 204, 153)[..., None]


def crop(photo, mask, box):
    colours = numpy.array(Image.open(photo).convert('RGB').crop(box), float)
    coverage = numpy.array(Image.open(mask).crop(box), float)[..., None] / 255
    cut_out = colours * coverage + checkerboard(*coverage.shape[:2]) * (1 - coverage)
    return numpy.hstack([colours, numpy.full((colours.shape[0], 6, 3), 255), cut_out]).round().astype(numpy.uint8)


demo, photos, pictures = map(pathlib.Path, sys.argv[1:])
pictures.mkdir(parents=True, exist_ok=True)
for name, box in CROPS.items():
    photo = photos / name
    Image.fromarray(crop(photo, demo / f'{photo.stem}-mask.png', box)).save(pictures / f'{photo.stem}.jpg', quality=88)
