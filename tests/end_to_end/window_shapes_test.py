#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""More than points in the real window: a preview of a click, a box by mouse and by keyboard, its sides, an outline that
marches, strokes with the brush, their lines in the list, undo; and all of it kept with the image and brought back to the
same selection.

usage: window_shapes_test.py FOLDER       FOLDER keeps profile, log and screenshots
"""
import os
import sys
import time

import numpy

from desktop import Desktop, begin, outcome, wait_for
from gimp_support import disc, make_profile, write_png

ENLARGED = 4


def steps_answered(desktop, wanted):
    """Waits for a final answer whose steps are wanted."""
    return wait_for(lambda: next((answer['steps'] for answer in desktop.messages('answer')[-1:]
                                  if wanted(answer['steps'])), None), 60)


def counted(desktop, count):
    return steps_answered(desktop, lambda steps: len(steps) == count)


def drag_with(desktop, window, key, start, end, name=None):
    desktop.point(window, *start)
    desktop.xdotool('keydown', key, 'mousedown', 1)
    for part in (0.3, 0.7, 1):
        desktop.point(window, *(a + (b - a) * part for a, b in zip(start, end)))
        time.sleep(0.05)
    if name:
        time.sleep(0.3)
        desktop.screenshot(name, window)
    desktop.xdotool('mouseup', 1, 'keyup', key)


def differing(first, second):
    """Pixels that differ, between the buttons on top of the window and the progress below."""
    return int((numpy.abs(first - second)[60:-130].max(axis=2) > 10).sum())


def check_preview(tap, desktop, window, on_object):
    """The first one, which is shown however slow the computer is: nothing was measured before."""
    desktop.xdotool('mousemove', 1398, 998)
    plain = desktop.shown('no-preview', window)
    desktop.point(window, *on_object)
    shown = wait_for(lambda: desktop.messages('preview'), 30)
    tap.check(bool(shown), 'where the pointer rests a preview is shown', desktop.messages('preview'))
    preview = desktop.shown('preview', window)
    tap.check(differing(plain, preview) > 1000, 'of the object', differing(plain, preview))
    desktop.press(window, 'v')
    tap.check(differing(plain, desktop.shown('preview-off', window)) < 1000, 'V switches it off')
    tap.equal([len(answer['steps']) for answer in desktop.messages('answer') if answer['steps']], [],
              'a preview is no click')


def check_marching(tap, desktop, window):
    desktop.point(window, 2, 2)
    tinted = desktop.shown('tinted', window)
    desktop.press(window, 'l')
    wait_for(lambda: differing(tinted, desktop.shown('outlined', window)) > 20000, 30)  # a busy machine draws it late
    first, second = desktop.shown('marching-1', window), desktop.shown('marching-2', window)
    for _ in range(3):  # the same phase again, by chance
        if differing(first, second):
            break
        second = desktop.shown('marching-2', window)
    tap.check(20 < differing(first, second) < 20000, 'the outline marches, and nothing else', differing(first, second))
    desktop.press(window, 't')
    tap.equal(differing(desktop.shown('still-1', window), desktop.shown('still-2', window)), 0,
              'another view stands still')


def check_box(tap, desktop, window, box):
    left, top, right, bottom = box
    drag_with(desktop, window, 'shift', (left, top), (right, bottom), 'box-drawn')
    steps = counted(desktop, 1)
    found = steps and steps[0].get('box')
    if not tap.check(found and numpy.abs(numpy.subtract(found, box)).max() <= 2, 'Shift and drag make a box', found):
        return
    tap.check(steps[0]['clicks'] == 0, 'which has no clicks')
    middle = (top + bottom) // 2
    desktop.drag(window, (right, middle), (right + 24, middle))
    wider = steps_answered(desktop, lambda steps: len(steps) == 1 and steps[0]['box'][2] != found[2])
    tap.check(wider and wider[0]['box'][:2] == found[:2] and wider[0]['box'][3] == found[3] and
              abs(wider[0]['box'][2] - found[2] - 24) <= 2, 'a side of it is dragged', wider)
    desktop.press(window, 'ctrl+z')
    tap.check(steps_answered(desktop, lambda steps: len(steps) == 1 and steps[0]['box'] == found) is not None,
              'Ctrl+Z takes that back')
    time.sleep(1)
    desktop.screenshot('box', window)


def check_keyboard_box(tap, desktop, window):
    for key in ('Up', 'r', *['Right'] * 8, *['Down'] * 6):
        desktop.press(window, key)
    time.sleep(0.5)
    desktop.screenshot('box-by-keyboard', window)
    desktop.xdotool('key', 'Return')
    steps = counted(desktop, 2)
    tap.check(steps is not None and 'box' in steps[1], 'R, arrows and Enter make a box', steps)
    desktop.press(window, 'ctrl+z')
    counted(desktop, 1)


def paint(desktop, window, way, button, name):
    desktop.point(window, *way[0])
    desktop.xdotool('mousedown', button)
    for place in way[1:]:
        desktop.point(window, *place)
        time.sleep(0.02)
    time.sleep(0.3)
    desktop.screenshot(name, window)
    desktop.xdotool('mouseup', button)


def check_strokes(tap, desktop, window, way):
    desktop.press(window, 's')
    first = wait_for(lambda: desktop.messages('brush'), 10)
    desktop.press(window, 'bracketright')
    wait_for(lambda: len(desktop.messages('brush')) > len(first or []), 10)
    sizes = [int(words[0]) for words in desktop.messages('brush')]
    tap.check(len(sizes) > 1 and sizes[-1] > sizes[0], 'S takes the brush, ] makes it larger', sizes)
    paint(desktop, window, way, 3, 'stroke-drawn')
    steps = counted(desktop, 2)
    if not tap.check(steps is not None and 1 < steps[1]['clicks'] <= 32, 'a stroke is one step of some clicks', steps):
        return
    clicks = desktop.messages('answer')[-1]['clicks']
    tap.check(all(click['target'] == '-' and click['radius'] == sizes[-1] for click in clicks),
              'with the right button they exclude, as far as the brush reaches', clicks)
    desktop.press(window, 'ctrl+z')
    tap.check(counted(desktop, 1) is not None, 'Ctrl+Z takes the whole stroke')
    desktop.press(window, 'ctrl+shift+z')
    tap.check(counted(desktop, 2) is not None, 'Ctrl+Shift+Z brings it again')
    for key in ('Left', 'shift+Return', *['Down'] * 6, 'Right', 'Return'):
        desktop.press(window, key)
    drawn = counted(desktop, 3)
    tap.check(drawn is not None and drawn[2]['clicks'] > 1 and desktop.messages('answer')[-1]['clicks'][-1]['target'] == '-',
              'Shift+Enter, arrows and Enter paint one, too', drawn)
    desktop.press(window, 'ctrl+z')
    counted(desktop, 2)
    desktop.press(window, 's')
    desktop.press(window, 'F9')
    time.sleep(1)
    desktop.point(window, 2, 2)
    middle = clicks[len(clicks) // 2]
    desktop.click(window, int(middle['x']), int(middle['y']), 1)
    time.sleep(1)
    desktop.screenshot('list', window)
    for key in ('Tab', 'Tab', 'ctrl+a'):
        desktop.press(window, key)
    desktop.xdotool('type', '21\t')
    resized = steps_answered(desktop, lambda steps: len(steps) == 2 and
                             all(click['radius'] == 21 for click in desktop.messages('answer')[-1]['clicks']))
    tap.check(resized is not None, 'its radius is written beside the list', desktop.messages('answer')[-1]['clicks'])
    desktop.press(window, 'f')
    flipped = steps_answered(desktop, lambda steps: len(steps) == 2 and
                             all(click['target'] == '+' for click in desktop.messages('answer')[-1]['clicks']))
    tap.check(flipped is not None, 'F flips all of it')
    desktop.press(window, 'Delete')
    tap.check(counted(desktop, 1) is not None, 'Delete removes all of it')
    for count in (2, 2, 2):
        desktop.press(window, 'ctrl+z')
        counted(desktop, count)
    steps_answered(desktop, lambda steps: desktop.messages('answer')[-1]['clicks'][0]['target'] == '-')
    desktop.press(window, 'F9')
    time.sleep(1)


def check_keeping(tap, desktop, window):
    desktop.press(window, 'alt+a')
    tap.equal(outcome(desktop, 'looked'), {'status': 'success'}, 'they are applied')
    window = wait_for(desktop.plugin_window)
    wait_for(lambda: desktop.messages('offer'), 30)
    tap.check('2 clicks' in ' '.join(desktop.messages('offer')[-1]), 'kept, and offered', desktop.messages('offer'))
    time.sleep(1)
    answers = len(desktop.messages('answer'))
    desktop.press(window, 'alt+b')
    wait_for(lambda: len(desktop.messages('answer')) > answers, 30)
    steps = counted(desktop, 2)
    tap.check(steps is not None and 'box' in steps[0], 'the box and the stroke come back', steps)
    desktop.press(window, 'alt+a')
    tap.equal(outcome(desktop, 'reopened'), {'status': 'success'}, 'and are applied again')
    first, second = (numpy.load(desktop.work / f'{name}.npy') for name in ('looked', 'reopened'))
    tap.equal(int((first != second).sum()), 0, 'to the same selection byte for byte')


def main():
    work, tap = begin()
    pixels, inside = disc()
    write_png(work / 'disc.png', pixels.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1))
    rows, columns = (ENLARGED * indices for indices in numpy.nonzero(inside))
    box = (columns.min() - 8, rows.min() - 8, columns.max() + 12, rows.max() + 12)
    way = [(int(box[2]) + 8 + x // 4, int(box[1]) + x) for x in range(0, 120, 6)]
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    with Desktop(work, environment, work / 'disc.png', 'window_looks_drive.py') as desktop:
        window = desktop.showing()
        if tap.check(window is not None, 'the window opens'):
            check_preview(tap, desktop, window, (int(box[0] + box[2]) // 2, int(box[1] + box[3]) // 2))
            check_box(tap, desktop, window, box)
            check_marching(tap, desktop, window)
            check_keyboard_box(tap, desktop, window)
            check_strokes(tap, desktop, window, way)
            check_keeping(tap, desktop, window)
        if tap.failed:
            tap.note(f'screenshots and gimp.log are in {work}')
    sys.exit(tap.end())


main()
