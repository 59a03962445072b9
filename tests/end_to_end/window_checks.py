# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the tasks' windows have in common."""
import os
import time

import numpy

from desktop import answered, outcome, wait_for


def opened(tap, desktop, task, before, words):
    """Waits for what the network says before any click; before: how many windows there were."""
    kind = {'depth': 'depths', 'semantic': 'kinds', 'matte': 'answer'}[task]
    window = desktop.showing(before, task)
    ready = wait_for(lambda: desktop.messages(kind, shown=before + 1))
    tap.check(bool(window and ready), f'{task}: the window opens {words}')
    return window


def differing(first, second):
    """The share of pixels that differ, between the buttons on top of the window and the progress below."""
    return float((numpy.abs(first - second)[60:-130].max(axis=2) > 10).mean())


def check_views(tap, desktop, window, task, keys, bare=None):
    """Each view is another picture; while O is held, the picture alone is seen, as in the view `bare`, or whatever the view is."""
    desktop.xdotool('mousemove', 1398, 998)
    shots = {}
    for key in keys:
        desktop.press(window, key)
        shots[key] = desktop.shown(f'{task}-view-{key}', window)
    least = min(differing(shots[a], shots[b]) for a in keys for b in keys if a < b)
    tap.check(least > 0.002, f'{task}: the views look different', least)
    originals = [shots[bare]] if bare else []
    for key in keys[0] if bare else keys[:2]:
        desktop.press(window, key)
        time.sleep(0.5)
        desktop.xdotool('keydown', 'o')
        originals.append(desktop.shown(f'{task}-original', window))
        desktop.xdotool('keyup', 'o')
    tap.check(differing(*originals) < 0.02, f'{task}: O shows the picture alone', differing(*originals))
    for way, key in (('keydown', 'o'), ('keydown', 'Control_L'), ('keyup', 'o'), ('keyup', 'Control_L')):
        desktop.xdotool(way, key)
    desktop.press(window, keys[0])
    difference = differing(desktop.shown(f'{task}-let-go', window), shots[keys[0]])
    tap.check(difference < 0.002, f'{task}: until it is let go, whatever is held beside it then', difference)


def last(desktop):
    return desktop.messages('answer')[-1]['clicks']


def show_list(desktop, window, name):
    """A screenshot with the list of clicks beside the picture."""
    desktop.press(window, 'F9')
    desktop.xdotool('mousemove', 1398, 998)
    desktop.shown(name, window)
    desktop.press(window, 'F9')
    time.sleep(1)


def check_keyboard(tap, desktop, window, task, count):
    for key in ('Up', 'Up', 'Right', 'Return'):
        desktop.press(window, key)
    tap.check(answered(desktop, count + 1) is not None, f'{task}: arrows and Enter make a click')
    desktop.press(window, 'Delete')
    tap.check(answered(desktop, count) is not None, f'{task}: Delete removes it')


def check_kill(tap, desktop, task, step, count, windows):
    process = desktop.plugin_process()
    before = last(desktop)
    os.kill(process, 9)
    ended = outcome(desktop, step)
    tap.check(ended is not None and ended['status'] != 'success' and ended['layers'] == ended['layers'][-1:],
              f'{task}: after a kill the image is unchanged', ended)
    window = opened(tap, desktop, task, windows, 'again')
    wait_for(lambda: desktop.messages('offer'), 30)
    tap.check(f'{count} clicks' in ' '.join(desktop.messages('offer')[-1]), f'{task}: the clicks are offered',
              desktop.messages('offer'))
    desktop.screenshot(f'{task}-offer', window)
    answers = len(desktop.messages('answer'))
    desktop.press(window, 'alt+b')
    wait_for(lambda: len(desktop.messages('answer')) > answers)
    after = answered(desktop, count)
    keys = ('x', 'y', 'target', 'radius_given')
    tap.equal(after and [[click[key] for key in keys] for click in after['clicks']],
              [[click[key] for key in keys] for click in before], f'{task}: and brought back')
    return window


def undo_in_gimp(desktop):
    main = desktop.xdotool('search', '--onlyvisible', '--name', 'GIMP$')
    time.sleep(1)
    desktop.press(main[0], 'ctrl+z')
