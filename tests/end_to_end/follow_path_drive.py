# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: does to the image's path what the test outside asks for, one file at a time.

Environment: GBRS_WORK (folder; WORK/ask-N.json asks, WORK/told-N.json answers), GBRS_HERE.
"""
import json
import os
import sys
import time

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

WORK = os.environ['GBRS_WORK']
PATIENCE_S = 300
image = Gimp.get_images()[0]


def path():
    found = image.get_paths()
    if found:
        return found[0]
    made = Gimp.Path.new(image, 'object')
    image.insert_path(made, None, 0)
    image.set_selected_paths([made])
    return made


def points(x, y):
    return [x, y] * 3  # control point, anchor, control point


def anchors():
    found = []
    for each in image.get_paths():
        for stroke in each.get_strokes():
            numbers = each.stroke_get_points(stroke)[1]
            found += [(numbers[at + 2], numbers[at + 3]) for at in range(0, len(numbers), 6)]
    return found


def obey(word, numbers):
    if word == 'add':
        path().stroke_new_from_points(Gimp.PathStrokeType.BEZIER, points(*numbers), False)
    elif word == 'move':
        path().stroke_translate(path().get_strokes()[0], *numbers)
    elif word == 'remove':
        path().remove_stroke(path().get_strokes()[-1])
    elif word == 'delete':
        for each in image.get_paths():
            image.remove_path(each)
    mask = selection(image)
    return {'anchors': anchors(), 'selected': [int(mask[int(y), int(x)]) for x, y in anchors()],
            'corner': int(mask[0, 0]), 'size': int((mask >= 128).sum())}


count, deadline = 0, time.monotonic() + PATIENCE_S
while time.monotonic() < deadline:
    asked = f'{WORK}/ask-{count}.json'
    if not os.path.exists(asked):
        time.sleep(0.1)
        continue
    with open(asked, encoding='utf-8') as file:
        words, *values = json.load(file)
    if words == 'end':
        break
    told = obey(words, values)
    with open(f'{WORK}/told-{count}.tmp', 'w', encoding='utf-8') as file:
        json.dump(told, file)
    os.rename(f'{WORK}/told-{count}.tmp', f'{WORK}/told-{count}.json')
    count += 1
image.clean_all()  # so that GIMP closes it without asking
