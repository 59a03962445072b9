#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window in the real GIMP on a virtual screen: clicks, drags for a radius, flips, wheel, views, adjustments
of the edge, undo and redo, apply, one undo in GIMP, run with the last values, and an image that is closed under the
window.

usage: window_test.py FOLDER       FOLDER keeps profile, log and screenshots
"""
import os
import pathlib
import sys
import time

import numpy

from desktop import Desktop, answered, answered_as, begin, outcome, wait_for
from gimp_support import disc, make_profile, write_png

# image pixels on the object and beside it
PHOTO = [(190, 110, 1), (130, 75, 1), (310, 200, 1), (430, 250, 3)]
DISC = [(48, 45, 1), (60, 50, 1), (40, 40, 1), (100, 15, 3)]


def check_clicking(tap, desktop, clicks):
    window = desktop.showing()
    if not tap.check(window is not None, 'the window opens and shows the picture'):
        return None
    log = desktop.log.read_text(errors='replace')
    tap.check(0 < log.find('window: shown') < log.find('session: made'),
              'the window is on screen before the engine is started')
    for count, (x, y, button) in enumerate(clicks, 1):
        desktop.click(window, x, y, button)
        answer = answered(desktop, count)
        if not tap.check(answer is not None, f'click {count} is answered'):
            return None
        click = answer['clicks'][-1]
        tap.check(int(click['x']) in (x - 1, x, x + 1) and int(click['y']) in (y - 1, y, y + 1) and
                  click['target'] == ('+' if button == 1 else '-'), f'click {count} is where and what was clicked',
                  click)
    desktop.press(window, 'ctrl+z')
    tap.check(answered(desktop, len(clicks) - 1) is not None, 'Ctrl+Z takes the last click back')
    desktop.press(window, 'ctrl+shift+z')
    tap.check(answered(desktop, len(clicks)) is not None, 'Ctrl+Shift+Z brings it again')
    time.sleep(1)
    desktop.screenshot('window', window)
    desktop.screenshot('desktop')
    return window


def check_gestures(tap, desktop, window, clicks):
    """Beyond plain clicks; leaves the clicks as they were."""
    count = len(clicks)
    x, y, _ = clicks[0]
    reach = 24  # image pixels; from the first click's marker no other one lies that way
    start, end = (x, y + 12), (x + 16, y + 12 + 18)  # 16 and 18 make 24.08
    desktop.drag(window, start, end)
    dragged = answered_as(desktop, lambda found: len(found) == count + 1)
    if not tap.check(dragged is not None, 'a drag is a click'):
        return
    tap.check(dragged[-1]['radius_given'] and abs(dragged[-1]['radius'] - reach) <= 1 and
              abs(dragged[-1]['y'] - start[1] - 0.5) <= 1, 'where it began, with the radius dragged', dragged[-1])
    desktop.point(window, *start)
    desktop.shown('hovered', window)
    desktop.drag(window, (x, y + 12 + reach), (x, y + 12 + reach + 10))
    rim = answered_as(desktop, lambda found: len(found) == count + 1 and found[-1]['radius'] != dragged[-1]['radius'])
    tap.check(rim is not None and abs(rim[-1]['radius'] - reach - 10) <= 1.5, 'its rim can be dragged',
              rim and rim[-1])
    desktop.point(window, *start)
    desktop.press(window, 'f')
    flipped = answered_as(desktop, lambda found: len(found) == count + 1 and found[-1]['target'] == '-')
    tap.check(flipped is not None, 'F flips the click under the pointer')
    desktop.press(window, 'a')
    automatic = answered_as(desktop, lambda found: len(found) == count + 1 and not found[-1]['radius_given'])
    tap.check(automatic is not None, 'A makes its radius automatic')
    desktop.press(window, 'F9')
    time.sleep(1)
    desktop.point(window, *start)
    desktop.xdotool('click', '--repeat', 2, '--delay', 60, 1)
    back = answered_as(desktop, lambda found: len(found) == count + 1 and found[-1]['target'] == '+')
    tap.check(back is not None, 'a double click flips it back')
    time.sleep(1)
    desktop.xdotool('click', 1)
    desktop.press(window, 'Tab')  # to the list, where the click is chosen
    desktop.xdotool('key', 'Return')
    again = answered_as(desktop, lambda found: len(found) == count + 1 and found[-1]['target'] == '-')
    tap.check(again is not None, 'Enter flips it in the list')
    desktop.point(window, 2, 2)
    desktop.shown('list', window)
    desktop.press(window, 'Delete')
    tap.check(answered(desktop, count) is not None, 'Delete removes the one that is chosen there')
    desktop.press(window, 'F9')
    time.sleep(1)
    desktop.drag(window, start, end, abandon=True)
    desktop.drag(window, start, end, button=3)
    excluded = answered_as(desktop, lambda found: len(found) > count)
    tap.check(excluded is not None and len(excluded) == count + 1 and excluded[-1]['target'] == '-' and
              excluded[-1]['radius_given'], 'Escape abandons a drag; one with the right button excludes', excluded)
    desktop.press(window, 'ctrl+z')
    answered(desktop, count)


def check_wheel(tap, desktop, window, place):
    desktop.turn_wheel(window, place, -3, 'ctrl')  # a picture smaller than the canvas stays in its middle
    before, after = desktop.turn_wheel(window, place, -3, 'ctrl')
    under = [(view[1] + (place[0] + 0.5) * view[0], view[2] + (place[1] + 0.5) * view[0]) for view in (before, after)]
    tap.check(after[0] > 1.5 * before[0] and numpy.abs(numpy.subtract(*under)).max() <= 3,
              'Ctrl and wheel zoom at the pointer', (before, after))
    before, after = desktop.turn_wheel(window, place, 1)
    tap.check(after[0] == before[0] and after[1] == before[1] and after[2] < before[2], 'the wheel scrolls',
              (before, after))
    before, after = desktop.turn_wheel(window, place, 1, 'shift')
    tap.check(after[0] == before[0] and after[1] < before[1] and after[2] == before[2], 'with Shift sideways',
              (before, after))
    desktop.shown('zoomed', window)
    desktop.press(window, '0')
    time.sleep(1)


def check_views(tap, desktop, window, clicks):
    """By the pixels beside the excluding click's marker, and beside an including one's."""
    scale, left, top = desktop.view()

    def colours(shot):
        # a square of 9 pixels on the upper left of the marker; the last click excludes, the third includes
        places = (clicks[-1], clicks[2])
        corners = [(round(left + (x + 0.5) * scale) - 24, round(top + (y + 0.5) * scale) - 24) for x, y, _ in places]
        return [shot[v:v + 9, u:u + 9].reshape(-1, 3) for u, v in corners]

    desktop.point(window, 2, 2)
    desktop.xdotool('keydown', 'o')
    original = colours(desktop.shown('view-original', window))
    desktop.xdotool('keyup', 'o')
    shots = {}
    for key, name in zip('tlbwmc', ('tint', 'outline', 'black', 'white', 'mask', 'checks')):
        desktop.press(window, key)
        shots[name] = colours(desktop.shown(f'view-{name}', window))
    outside = {name: shot[0] for name, shot in shots.items()}
    inside = {name: shot[1] for name, shot in shots.items()}
    tap.check(outside['black'].max() < 40 and outside['white'].min() > 215 and outside['mask'].max() < 40,
              'beside the object there is black, white, and a black mask',
              [float(outside[name].mean()) for name in ('black', 'white', 'mask')])
    greys = outside['checks']
    tap.check(numpy.abs(greys - greys[:, :1]).max() < 20 and 80 < greys.mean() < 180, 'or a checkerboard',
              greys.mean(axis=0).tolist())
    tap.check(all(numpy.abs(inside[name] - original[1]).max() < 60 for name in ('black', 'white', 'checks')) and
              inside['mask'].min() > 195, 'the object itself stays')
    tap.check(inside['tint'][:, 2].mean() > original[1][:, 2].mean() + 20 and
              numpy.abs(outside['outline'] - original[0]).max() <= 1, 'the tint colours it, the outline nothing')
    desktop.press(window, 't')
    desktop.xdotool('keydown', 'p')
    desktop.shown('view-previous', window)
    desktop.xdotool('keyup', 'p')


def check_edge(tap, desktop, window):
    """Adjusts the edge; what is applied later, and again with the last values, has it."""
    desktop.press(window, 'F8')
    desktop.press(window, 'b')
    time.sleep(1)
    plain = desktop.shown('edge-found', window)
    desktop.press(window, 'alt+f')
    desktop.xdotool('key', 'ctrl+a')
    desktop.xdotool('type', '3\t')
    desktop.press(window, 'alt+n')
    desktop.xdotool('key', 'ctrl+a')
    desktop.xdotool('type', '50\t')
    adjusted = desktop.shown('edge-adjusted', window)
    tap.check((numpy.abs(plain - adjusted)[:200].max(axis=2) > 10).sum() > 20, 'the edge is adjusted live')
    desktop.press(window, 'F8')
    desktop.press(window, 't')
    time.sleep(1)


def check_applying(tap, desktop, window, clicks):
    desktop.press(window, 'alt+a')
    applied = outcome(desktop, 'applied')
    if not tap.check(applied is not None and applied['status'] == 'success', 'Apply ends the procedure with success',
                     applied):
        return
    tap.check(desktop.plugin_window() is None, 'the window is gone')
    selection = numpy.load(desktop.work / 'applied.npy')
    for count, (x, y, button) in enumerate(clicks, 1):
        value = int(selection[y, x])
        tap.check(value >= 128 if button == 1 else value < 128, f'the selection obeys click {count}', value)
    time.sleep(1)
    desktop.screenshot('selection')
    main = desktop.xdotool('search', '--onlyvisible', '--name', 'GIMP$')
    tap.check(bool(main), 'GIMP\'s window is found')
    desktop.press(main[0], 'ctrl+z')
    undone = outcome(desktop, 'undone')
    tap.check(undone is not None and undone['empty'] and not undone['dirty'], 'one undo in GIMP restores the image',
              undone)
    repeated = outcome(desktop, 'repeated')
    if tap.check(repeated is not None and repeated['status'] == 'success', 'it runs with the last values', repeated):
        different = int((numpy.load(desktop.work / 'repeated.npy') != selection).sum())
        tap.equal(different, 0, 'which gives the same selection byte for byte')


def check_closing(tap, desktop):
    """From the menu: GIMP holds an image that a script passed on until the script ends."""
    outcome(desktop, 'ended')
    main = desktop.xdotool('search', '--onlyvisible', '--name', 'GIMP$')
    sessions = len(desktop.messages('session'))
    desktop.press(main[0], 'slash')  # the search for commands
    time.sleep(2)
    desktop.xdotool('type', '--delay', '50', 'object by clicks')
    time.sleep(2)
    desktop.screenshot('search')
    desktop.xdotool('key', 'Return')
    if not tap.check(bool(wait_for(desktop.plugin_window)), 'GIMP finds the menu entry and opens the window'):
        return
    wait_for(lambda: len(desktop.messages('session')) > sessions)
    desktop.press(main[0], 'ctrl+w')
    tap.check(bool(wait_for(lambda: desktop.plugin_window() is None, 20)), 'an image closed in GIMP closes the window')


def main():
    work, tap = begin()
    photo = pathlib.Path(os.environ.get('GBRS_PHOTOS', '')) / 'chelsea.png'
    clicks = PHOTO
    if not photo.is_file():
        tap.skip('a photograph', 'GBRS_PHOTOS names no folder with chelsea.png; a drawn picture takes its place')
        photo, clicks = work / 'disc.png', DISC
        write_png(photo, disc()[0])
    with Desktop(work, make_profile(work, os.environ['GBRS_PLUGIN']), photo, 'window_drive.py') as desktop:
        window = check_clicking(tap, desktop, clicks)
        if window:
            check_gestures(tap, desktop, window, clicks)
            check_wheel(tap, desktop, window, clicks[0][:2])
            check_views(tap, desktop, window, clicks)
            check_edge(tap, desktop, window)
            check_applying(tap, desktop, window, clicks)
            check_closing(tap, desktop)
        if tap.failed:
            tap.note(f'screenshots and gimp.log are in {work}')
    sys.exit(tap.end())


main()
