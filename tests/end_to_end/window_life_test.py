#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's life in the real GIMP: killed and opened again with its clicks, one object after the other, another
start, a picture that changes under it, in German and in the light theme.

usage: window_life_test.py FOLDER       FOLDER keeps profile, log and screenshots
"""
import os
import signal
import sys
import time

import numpy

from desktop import Desktop, answered, answered_as, begin, outcome, wait_for
from gimp_support import disc, make_profile, write_png

FIRST, SECOND = (48, 45), (100, 25)     # on the large disc and on the small one


def picture(path):
    """A large disc, and a small one of another colour."""
    pixels, _ = disc()
    y, x = numpy.mgrid[:pixels.shape[0], :pixels.shape[1]]
    small = numpy.hypot(x - SECOND[0], y - SECOND[1]) < 12
    pixels[small] = [60, 200, 90]
    write_png(path, pixels.repeat(4, axis=0).repeat(4, axis=1))


def place(point):
    return tuple(4 * number + 2 for number in point)


def opened(tap, desktop, before, words):
    window = desktop.showing(before)
    tap.check(window is not None, f'the window opens {words}')
    return window


def offers(desktop):
    return [' '.join(words) for words in desktop.messages('offer')]


def closed(desktop):
    return wait_for(lambda: desktop.plugin_window() is None, 30)


def kill_plugin(desktop):
    process = desktop.plugin_process()
    if process:
        os.kill(process, signal.SIGKILL)
    return process is not None


def check_kill(tap, desktop):
    window = opened(tap, desktop, 0, 'on a new image')
    tap.equal(offers(desktop), [], 'nothing is offered where nothing was kept')
    x, y = place(FIRST)
    desktop.drag(window, (x, y), (x + 100, y))
    tap.check(answered(desktop, 1) is not None, 'a drag is answered')
    desktop.click(window, *place(SECOND), 3)
    before = answered(desktop, 2)
    tap.check(before is not None, 'a second click, too')
    tap.check(kill_plugin(desktop), 'the plug-in is killed')
    ended = outcome(desktop, 'killed')
    tap.check(ended is not None and ended['status'] != 'success' and ended['empty'] and not ended['dirty'],
              'GIMP lives on, the image is unchanged', ended)
    return before


def check_reopening(tap, desktop, before):
    window = opened(tap, desktop, 1, 'again')
    tap.check(bool(wait_for(lambda: offers(desktop), 20)) and '2 clicks' in offers(desktop)[-1],
              'the clicks are offered', offers(desktop))
    desktop.screenshot('offer', window)
    answers = len(desktop.messages('answer'))
    desktop.press(window, 'alt+b')
    wait_for(lambda: len(desktop.messages('answer')) > answers)
    after = answered(desktop, 2)
    same = after and [{key: click[key] for key in ('x', 'y', 'target', 'radius', 'radius_given')}
                      for click in after['clicks']]
    tap.equal(same, [{key: click[key] for key in ('x', 'y', 'target', 'radius', 'radius_given')}
                     for click in before['clicks']], 'they are the same')
    desktop.press(window, 'alt+a')
    applied = outcome(desktop, 'reopened')
    tap.check(applied is not None and applied['status'] == 'success', 'they are applied', applied)
    repeated = outcome(desktop, 'repeated')
    if tap.check(repeated is not None and repeated['status'] == 'success', 'and run without a window', repeated):
        first, second = (numpy.load(desktop.work / f'{name}.npy') for name in ('reopened', 'repeated'))
        tap.equal(int((first != second).sum()), 0, 'the answer is the same byte for byte')


def check_next(tap, desktop):
    window = opened(tap, desktop, 2, 'a third time')
    wait_for(lambda: len(offers(desktop)) > 1, 20)
    tap.equal(len(offers(desktop)), 2, 'the applied clicks are offered, too')
    answers = len(desktop.messages('answer'))
    desktop.click(window, *place(FIRST), 1)
    tap.check(bool(wait_for(lambda: len(desktop.messages('answer')) > answers)) and answered(desktop, 1) is not None,
              'who clicks instead begins anew')
    desktop.press(window, 'alt+x')
    tap.check(bool(wait_for(lambda: desktop.messages('applied'), 30)), 'Apply and next applies')
    time.sleep(1)
    tap.check(desktop.plugin_window() is not None, 'and leaves the window open')
    desktop.screenshot('next', window)
    answers = len(desktop.messages('answer'))
    desktop.click(window, *place(SECOND), 1)
    wait_for(lambda: len(desktop.messages('answer')) > answers)
    tap.check(answered(desktop, 1) is not None, 'the next object is clicked')
    desktop.press(window, 'alt+a')
    outcome(desktop, 'next')
    selection = numpy.load(desktop.work / 'next.npy')
    values = [int(selection[y, x]) for x, y in map(place, (FIRST, SECOND))]
    tap.check(min(values) >= 128 and selection[-2, -2] < 128, 'both objects are selected', values)


def check_change(tap, desktop):
    window = opened(tap, desktop, 3, 'a fourth time')
    wait_for(lambda: len(offers(desktop)) > 2, 20)
    desktop.click(window, *place(FIRST), 1)
    tap.check(bool(answered(desktop, 1)), 'a click is answered')
    before = len(desktop.messages('picture'))
    main = desktop.xdotool('search', '--onlyvisible', '--name', 'GIMP$')
    desktop.press(main[0], 'slash')  # the search for commands
    time.sleep(2)
    desktop.xdotool('type', '--delay', '50', 'linear invert')
    time.sleep(2)
    desktop.xdotool('key', 'Return')
    tap.check(bool(wait_for(lambda: 'changed' in (offers(desktop) or [''])[-1], 30)),
              'a picture that changed in GIMP is noticed', offers(desktop))
    desktop.screenshot('changed', window)
    desktop.press(window, 'alt+r')
    tap.check(bool(wait_for(lambda: len(desktop.messages('picture')) > before, 30)), 'it is read again')
    tap.check(bool(answered_as(desktop, lambda clicks: len(clicks) == 1)), 'the click is still there')
    time.sleep(1)
    desktop.screenshot('read-again', window)
    desktop.press(window, 'alt+m')
    time.sleep(1)
    desktop.screenshot('method', window)
    desktop.press(window, 'alt+c')
    tap.check(closed(desktop), 'Cancel closes the window')


def main():
    work, tap = begin()
    picture(work / 'discs.png')
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    with Desktop(work, environment, work / 'discs.png', 'window_life_drive.py') as desktop:
        before = check_kill(tap, desktop)
        if before:
            check_reopening(tap, desktop, before)
            check_next(tap, desktop)
            check_change(tap, desktop)
        if tap.failed:
            tap.note(f'screenshots and gimp.log are in {work}')
    sys.exit(tap.end())


main()
