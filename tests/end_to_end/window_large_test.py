#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window on a picture of 24 megapixels: its memory over many clicks, Escape while the answer is applied, closing
while the engine computes, and Escape while a depth layer is written. GBRS_LARGE_CLICKS=COUNT clicks so often (12), as
`./dev test large COUNT` does.

usage: window_large_test.py FOLDER       FOLDER keeps profile, log and screenshots
"""
import os
import pathlib
import random
import re
import sys
import time

import numpy
from PIL import Image

import window_checks
from desktop import Desktop, answered, begin, outcome, wait_for
from gimp_support import make_profile

SIZE = (6000, 4000)
WARM = 60                   # clicks until caches have their size
MOST_MB = 1500
MOST_GROWTH_MB = 1          # per 100 clicks
CLOSING_S = 1
PATIENCE = 5                # machines that do something else, too
FIRST = (0.52, 0.45)
OBJECT = (0.30, 0.75, 0.25, 0.70)   # where the butterfly is: left, right, top, bottom as shares of the picture


def memory_mb(process, name):
    status = pathlib.Path(f'/proc/{process}/status').read_text()
    return int(re.search(rf'^{name}:\s+(\d+) kB', status, re.MULTILINE)[1]) / 1024


def opened(tap, desktop, count):
    window = desktop.showing(before=count - 1)
    tap.check(window is not None, 'the window opens')
    return window


def settled(desktop, clicks):
    """The final answer to so many clicks."""
    return answered(desktop, clicks) is not None


def spots(count):
    """Places and buttons: the object first, then any, never on a marker that is there."""
    left, right, top, bottom = OBJECT
    columns, rows = 20, 14
    places = [(left + (right - left) * x / columns, top + (bottom - top) * y / rows)
              for y in range(rows) for x in range(columns)]
    chance = random.Random(1)
    chance.shuffle(places)
    return [(FIRST, 1)] + [(place, chance.choice((1, 3))) for place in places
                           if abs(place[0] - FIRST[0]) > 0.02][:count - 1]


def check_memory(tap, desktop, window, clicks):
    process = desktop.plugin_process()
    used = []
    for number, (place, button) in enumerate(spots(clicks)):
        desktop.click(window, place[0] * SIZE[0], place[1] * SIZE[1], button)
        if not settled(desktop, number + 1):
            tap.check(False, f'click {number + 1} is answered')
            return
        used.append(memory_mb(process, 'VmRSS'))
    most = memory_mb(process, 'VmHWM')
    tap.check(most <= MOST_MB, f'{clicks} clicks: {most:.0f} MB at most', f'more than {MOST_MB}')
    tap.note('MB after each click: ' + ' '.join(f'{value:.1f}' for value in used))
    if clicks >= 2 * WARM:
        growth = (used[-1] - used[WARM]) * 100 / (clicks - WARM)
        tap.check(growth <= MOST_GROWTH_MB, f'it grows by {growth:.1f} MB per 100 clicks', f'more than {MOST_GROWTH_MB}')


def check_stopping(tap, desktop, window, shot):
    messages = len(desktop.messages('message'))
    desktop.xdotool('windowfocus', '--sync', window, 'key', 'alt+a', 'sleep', '0.3', 'key', 'Escape')
    said = wait_for(lambda: [' '.join(words) for words in desktop.messages('message')[messages:]], 20)
    tap.equal(said, ['Stopped. The image is as it was.'], 'Escape stops applying')
    desktop.screenshot(shot, window)


def check_closing(tap, desktop, window, clicks):
    desktop.click(window, 0.5 * SIZE[0], 0.9 * SIZE[1], 3)
    time.sleep(0.1)
    start = time.monotonic()
    desktop.press(window, 'alt+c')
    tap.check(bool(wait_for(lambda: desktop.plugin_process() is None, 60)), 'Cancel while it computes ends the process')
    took = time.monotonic() - start
    tap.check(took <= CLOSING_S * PATIENCE, f'after {took:.2f} s', f'more than {CLOSING_S * PATIENCE}')
    facts = outcome(desktop, 'run-0')
    selection = numpy.load(desktop.work / 'run-0.npy', mmap_mode='r')
    tap.check(facts is not None and facts['status'] == 'cancel' and facts['same'] and not selection.any(),
              'the image is unchanged', facts)


def check_applying(tap, desktop, clicks):
    window = opened(tap, desktop, 2)
    wait_for(lambda: desktop.messages('offer'), 20)
    desktop.click(window, FIRST[0] * SIZE[0], FIRST[1] * SIZE[1], 1)
    tap.check(settled(desktop, 1), 'a click is answered')
    (desktop.work / 'depth.txt').touch()
    (desktop.work / 'end.txt').touch()
    desktop.press(window, 'alt+a')
    facts = outcome(desktop, 'run-1')
    selection = numpy.load(desktop.work / 'run-1.npy', mmap_mode='r')
    tap.check(facts is not None and facts['status'] == 'success' and selection.shape == SIZE[::-1] and
              0.02 < float((selection[::8, ::8] > 127).mean()) < 0.9, 'Apply writes all of it', facts)


def check_stopping_depths(tap, desktop):
    window = window_checks.opened(tap, desktop, 'depth', 2, 'with what the network says')
    check_stopping(tap, desktop, window, 'depth-stopped')
    desktop.press(window, 'alt+c')
    facts = outcome(desktop, 'depth')
    tap.check(facts is not None and facts['status'] == 'cancel' and facts['same'] and facts['balanced'],
              'nothing is left of the depth layer', facts)


def main():
    work, tap = begin()
    photo = pathlib.Path(os.environ.get('GBRS_PHOTOS', '/nonexistent')) / 'TwoWings.jpg'
    if not photo.exists():
        tap.skip('24 megapixels', 'no photograph: GBRS_PHOTOS names no folder with TwoWings.jpg')
        sys.exit(tap.end())
    Image.open(photo).convert('RGB').resize(SIZE, Image.BICUBIC).save(work / 'large.png', compress_level=1)
    clicks = int(os.environ.get('GBRS_LARGE_CLICKS', '12'))
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    with Desktop(work, environment, work / 'large.png', 'window_runs_drive.py') as desktop:
        window = opened(tap, desktop, 1)
        check_memory(tap, desktop, window, clicks)
        desktop.screenshot('clicked', window)
        check_stopping(tap, desktop, window, 'stopped')
        check_closing(tap, desktop, window, clicks)
        check_applying(tap, desktop, clicks)
        check_stopping_depths(tap, desktop)
        if tap.failed:
            tap.note(f'screenshots and gimp.log are in {work}')
    sys.exit(tap.end())


main()
