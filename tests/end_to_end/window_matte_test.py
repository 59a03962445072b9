#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window of mattes in the real GIMP, on a photograph with a rough selection: views, clicks in each of their modes, the
number written, turned by the wheel and dragged, strokes over the trimap and what they do to clicks, undo over both, what is
kept after a kill and brought back, the band, apply, one undo in GIMP, the last values again byte for byte, and a new layer.

usage: window_matte_test.py FOLDER       FOLDER keeps profile, log and screenshots
"""
import os
import pathlib
import sys
import time

import numpy

from desktop import Desktop, answered, answered_as, begin, outcome, wait_for
from gimp_support import make_profile
from window_checks import check_kill, check_views, differing, last, opened, show_list, undo_in_gimp

HAIR_LEFT, HAIR_RIGHT, SHOULDER = (155, 135), (300, 120), (390, 250)    # on the selection's edge: unknown
BESIDE_HAIR = (335, 120)    # a wide band reaches it
WALL = (60, 60)     # far from it: known


def targets(desktop, count):
    """What the clicks ask for, once there are so many; None where it is another place's."""
    clicks = answered_as(desktop, lambda clicks: len(clicks) == count)
    return clicks and [click['target'] for click in clicks]


def say(desktop, wanted):
    """Waits until the clicks ask for that."""
    return answered_as(desktop, lambda clicks: [click['target'] for click in clicks] == wanted) is not None


def write_number(desktop, window, text):
    desktop.press(window, 'n')
    desktop.xdotool('key', 'ctrl+a')
    desktop.xdotool('type', text)
    desktop.xdotool('key', 'Return')


def seen(desktop, window, name):
    """A screenshot while the pointer is elsewhere."""
    desktop.xdotool('mousemove', 1398, 998)
    return desktop.shown(name, window)


def check_numbers(tap, desktop, window):
    desktop.click(window, *WALL, 1)
    refused = wait_for(lambda: [words for words in desktop.messages('message') if 'known' in words], 20)
    tap.check(bool(refused), 'a click on what is known is refused', desktop.messages('message'))
    desktop.click(window, *HAIR_LEFT, 1)
    tap.equal(targets(desktop, 1), [1], 'the left button says 1')
    desktop.click(window, *HAIR_RIGHT, 3)
    tap.equal(targets(desktop, 2), [1, 0], 'the right button says 0')
    write_number(desktop, window, '0.3')
    desktop.click(window, *SHOULDER, 1)
    tap.equal(targets(desktop, 3), [1, 0, 0.3], 'N, a number and Enter: the left button says it from then on')
    desktop.xdotool('click', 4)
    turned = answered_as(desktop, lambda clicks: len(clicks) == 3 and clicks[2]['target'] > 0.3)
    tap.check(turned is not None and abs(turned[2]['target'] - 0.35) < 1e-9, 'the wheel over the mark changes it', last(desktop))
    desktop.press(window, 'ctrl+z')
    tap.check(answered_as(desktop, lambda clicks: clicks[2:] and clicks[2]['target'] == 0.3) is not None, 'Ctrl+Z takes that back')
    desktop.drag(window, SHOULDER, WALL)
    time.sleep(3)
    tap.check(abs(last(desktop)[2]['x'] - SHOULDER[0]) <= 1, 'a mark is not moved to where all is known', last(desktop))
    desktop.shown('matte-numbers', window)


def knob(first, second):
    """Where the slider's knob is in the second: what differs beside the picture has it lowest, and to the right of where it
    was in the first."""
    panel = 236
    beside = numpy.abs(first - second)[:-130, -panel:].max(axis=2) > 10
    rows = numpy.flatnonzero(beside.any(axis=1))
    top = rows[numpy.flatnonzero(numpy.diff(rows, prepend=-9) > 2)[-1]]
    right = numpy.flatnonzero(beside[top:rows[-1] + 1].any(axis=0))[-1]
    return first.shape[1] - panel + right - (rows[-1] - top) / 2, (top + rows[-1]) / 2


def check_slider(tap, desktop, window):
    desktop.click(window, *SHOULDER, 1)     # on its mark: it is the chosen one
    before = seen(desktop, window, 'matte-slider-before')
    write_number(desktop, window, '0.6')
    tap.check(say(desktop, [1, 0, 0.6]), 'N and a number change the chosen click', last(desktop))
    x, y = knob(before, seen(desktop, window, 'matte-slider'))
    desktop.xdotool('mousemove', '--window', window, round(x), round(y), 'mousedown', 1)
    for step in range(1, 13):
        desktop.xdotool('mousemove', '--window', window, round(x) - 8 * step, round(y))
        time.sleep(0.1)
    time.sleep(1)
    desktop.shown('matte-slider-dragged', window)
    desktop.xdotool('mouseup', 1)
    dragged = answered_as(desktop, lambda clicks: len(clicks) == 3 and clicks[2]['target'] < 0.4)
    tap.check(dragged is not None, 'so does the slider', last(desktop))
    desktop.press(window, 'ctrl+z')
    tap.check(say(desktop, [1, 0, 0.6]), 'one Ctrl+Z takes all of its way back', last(desktop))
    desktop.press(window, 'ctrl+z')
    tap.check(say(desktop, [1, 0, 0.3]), 'and another one the number', last(desktop))


def check_pairs_and_pushes(tap, desktop, window):
    view = desktop.view()
    desktop.press(window, 'e')
    time.sleep(0.5)
    tap.equal(desktop.view(), view, 'the choice, which is bold, does not move the picture')
    desktop.click(window, 155, 120, 1)
    desktop.click(window, 300, 100, 1)
    pair = answered_as(desktop, lambda clicks: len(clicks) == 4)
    tap.check(pair is not None and pair[3]['target'] is None, 'E and two clicks say "as opaque as there"', last(desktop))
    desktop.press(window, 'u')
    desktop.click(window, 300, 140, 1)
    pushed = answered_as(desktop, lambda clicks: len(clicks) == 5)
    tap.check(pushed is not None and pushed[4]['target'] == '+', 'U and the left button push', last(desktop))
    desktop.press(window, 'f')
    tap.check(answered_as(desktop, lambda clicks: clicks[4:] and clicks[4]['target'] == '-') is not None,
              'F turns it into less', last(desktop))
    desktop.press(window, 'd')
    show_list(desktop, window, 'matte-list')
    for _ in range(3):
        desktop.press(window, 'ctrl+z')
    tap.equal(targets(desktop, 3), [1, 0, 0.3], 'all of it is undone')


def strokes(desktop):
    return [part.strip() for part in ' '.join(desktop.messages('painted')[-1]).split(';') if part.strip()]


def painted(desktop, count):
    """The strokes, once there are so many."""
    return wait_for(lambda: strokes(desktop) if len(strokes(desktop)) == count else None, 30)


def check_painting(tap, desktop, window):
    """Over the wall that is known, and over a click."""
    desktop.press(window, 'r')
    before = seen(desktop, window, 'matte-trimap')
    answers = len(desktop.messages('answer'))
    desktop.press(window, 'g')
    desktop.drag(window, (90, 60), (60, 60))
    found = painted(desktop, 1)
    tap.check(bool(found) and found[0].startswith('unknown,') and found[0].endswith('60,60'), 'G and a drag paint a stroke', found)
    wait_for(lambda: len(desktop.messages('answer')) > answers)
    tap.check(differing(before, seen(desktop, window, 'matte-painted')) > 0.002, 'which is seen in the trimap')
    tap.equal(targets(desktop, 3), [1, 0, 0.3], 'the clicks stay')
    desktop.press(window, 'Escape')
    desktop.click(window, *WALL, 3)
    tap.equal(targets(desktop, 4), [1, 0, 0.3, 0], 'Escape puts the brush away; what is unknown now takes a click')
    desktop.press(window, 'k')
    desktop.drag(window, (SHOULDER[0] - 6, SHOULDER[1]), (SHOULDER[0] + 6, SHOULDER[1]))
    tap.equal(targets(desktop, 3), [1, 0, 0], 'K and a drag say that it is the object, and take the click beneath away')
    tap.check(painted(desktop, 2) is not None, 'they are two strokes', strokes(desktop))
    desktop.shown('matte-kept', window)
    desktop.press(window, 'ctrl+z')
    tap.equal(targets(desktop, 4), [1, 0, 0.3, 0], 'Ctrl+Z brings the click back')
    tap.check(painted(desktop, 1) is not None, 'and takes the stroke away', strokes(desktop))
    for _ in range(2):
        desktop.press(window, 'ctrl+z')
    tap.equal(targets(desktop, 3), [1, 0, 0.3], 'twice more: the click before')
    tap.check(painted(desktop, 0) is not None, 'and the first stroke', strokes(desktop))
    desktop.press(window, 'ctrl+z')
    tap.equal(targets(desktop, 2), [1, 0], 'and again a click, from before it was painted')
    for _ in range(4):
        desktop.press(window, 'ctrl+shift+z')
    tap.equal(targets(desktop, 3), [1, 0, 0], 'Ctrl+Shift+Z does all of it again')
    tap.check(painted(desktop, 2) is not None, 'with both strokes', strokes(desktop))
    desktop.press(window, 's')
    desktop.press(window, 'c')


def check_keyboard(tap, desktop, window):
    for key in ('g', 'Up', 'Return', 'Right', 'Right', 'Return'):
        desktop.press(window, key)
    tap.check(painted(desktop, 3) is not None, 'arrows and Enter paint a stroke', strokes(desktop))
    desktop.press(window, 'ctrl+z')
    tap.check(painted(desktop, 2) is not None, 'Ctrl+Z takes it away', strokes(desktop))
    desktop.press(window, 'd')


def write_band(desktop, window, text):
    """By keyboard: Alt+N goes there. The picture is read again, and looked at."""
    shown, answers = len(desktop.messages('picture')), len(desktop.messages('answer'))
    desktop.press(window, 'alt+n')
    desktop.xdotool('key', 'ctrl+a')
    desktop.xdotool('type', text)
    desktop.xdotool('key', 'Return')
    return bool(wait_for(lambda: len(desktop.messages('picture')) > shown and len(desktop.messages('answer')) > answers, 60))


def check_band(tap, desktop, window):
    desktop.press(window, 'r')
    before = seen(desktop, window, 'matte-band-usual')
    write_band(desktop, window, '40')
    tap.equal(targets(desktop, 3), [1, 0, 0], 'with another band the clicks stay')
    tap.check(differing(before, seen(desktop, window, 'matte-band')) > 0.01, 'and more is unknown')
    tap.equal(len(strokes(desktop)), 2, 'and what was painted')
    desktop.click(window, *BESIDE_HAIR, 3)
    tap.equal(targets(desktop, 4), [1, 0, 0, 0], 'which can be clicked on')
    said = len(desktop.messages('message'))
    tap.check(write_band(desktop, window, 'automatic'), 'the word for the band that suits the object can be typed')
    tap.equal(targets(desktop, 3), [1, 0, 0], 'what it does not reach is known: a click there is left out')
    told = wait_for(lambda: [words for words in desktop.messages('message')[said:] if 'left' in words], 20)
    tap.check(bool(told) and told[0][:2] == ['1', 'click'], 'and the window says how many are', told)
    seen(desktop, window, 'matte-left-out')
    write_band(desktop, window, '40')
    tap.equal(targets(desktop, 4), [1, 0, 0, 0], 'a wide band brings it back')
    desktop.press(window, 'ctrl+z')
    tap.equal(targets(desktop, 3), [1, 0, 0], 'Enter gave the keyboard back to the picture: Ctrl+Z takes it away')
    desktop.press(window, 'alt+n')
    desktop.press(window, 'ctrl+shift+z')
    tap.equal(targets(desktop, 4), [1, 0, 0, 0], 'in an entry Ctrl+Shift+Z is of the clicks, too')
    desktop.press(window, 'ctrl+z')
    tap.equal(targets(desktop, 3), [1, 0, 0], 'and Ctrl+Z')
    write_band(desktop, window, '0')
    tap.equal(targets(desktop, 3), [1, 0, 0], '0 is the same as the word')
    tap.check(differing(before, seen(desktop, window, 'matte-band-automatic')) < 0.001, 'all is as it was')
    shown = len(desktop.messages('picture'))
    desktop.press(window, 'alt+n')
    desktop.xdotool('type', 'broad')
    desktop.xdotool('key', 'Return')
    time.sleep(2)
    tap.equal(len(desktop.messages('picture')), shown, 'a word that means nothing changes nothing')
    desktop.press(window, 'c')


def check_result(tap, desktop, window):
    """With another band, which Enter does not end: Apply waits for it."""
    shown = len(desktop.messages('picture'))
    desktop.press(window, 'alt+n')
    desktop.xdotool('key', 'ctrl+a')
    desktop.xdotool('type', '14')
    desktop.press(window, 'alt+a')
    made = outcome(desktop, 'applied')
    tap.equal(len(desktop.messages('picture')), shown + 1, 'what is being typed counts when Apply is pressed')
    if not tap.check(made is not None and made['status'] == 'success' and made['has_mask'], 'Apply makes the layer mask', made):
        return
    alpha = numpy.load(desktop.work / 'applied.npy')
    soft = ((alpha > 8) & (alpha < 247)).mean()
    tap.check(0.002 < soft < 0.3 and alpha[400, 250] == 255 and alpha[20, 480] == 0, 'which is soft near the edge', soft)
    time.sleep(1)
    desktop.screenshot('matte-applied')
    undo_in_gimp(desktop)
    tap.equal(outcome(desktop, 'undone'), {'undone': True}, 'one undo in GIMP takes it away')
    repeated = outcome(desktop, 'repeated')
    if tap.check(repeated is not None and repeated['status'] == 'success', 'it runs with the last values', repeated):
        tap.equal(int((numpy.load(desktop.work / 'repeated.npy') != alpha).sum()), 0, 'which gives the same mask byte for byte')


def check_layer(tap, desktop):
    window = opened(tap, desktop, 'matte', len(desktop.messages('picture')), 'for a new layer')
    desktop.press(window, 'alt+u')
    for _ in range(3):
        desktop.xdotool('key', 'Down')
    desktop.shown('matte-output', window)
    desktop.press(window, 'alt+a')
    made = outcome(desktop, 'layer')
    tap.check(made is not None and made['status'] == 'success' and len(made['layers']) == 2, 'Apply makes a layer', made)
    time.sleep(1)
    desktop.screenshot('matte-layer')
    told = outcome(desktop, 'nothing')
    tap.check(told is not None and told['status'] == 'calling-error' and 'Object by Clicks' in told['said'],
              'without anything to start from no window opens, and it is said what to do', told)


def main():
    work, tap = begin()
    photo = pathlib.Path(os.environ.get('GBRS_PHOTOS', '/nonexistent')) / 'astronaut.png'
    if not photo.is_file():
        tap.skip('the window of mattes', 'GBRS_PHOTOS names no folder with astronaut.png')
        sys.exit(tap.end())
    with Desktop(work, make_profile(work, os.environ['GBRS_PLUGIN']), photo, 'window_matte_drive.py') as desktop:
        if not (window := opened(tap, desktop, 'matte', 0, 'with what the network says')):
            sys.exit(tap.end())
        check_views(tap, desktop, window, 'matte', 'cbwmtr')
        check_numbers(tap, desktop, window)
        check_slider(tap, desktop, window)
        check_pairs_and_pushes(tap, desktop, window)
        check_painting(tap, desktop, window)
        check_keyboard(tap, desktop, window)
        window = check_kill(tap, desktop, 'matte', 'killed', 3, windows=len(desktop.messages('picture')))
        tap.equal(len(strokes(desktop)), 2, 'the strokes are brought back, too')
        check_band(tap, desktop, window)
        check_result(tap, desktop, window)
        check_layer(tap, desktop)
        if tap.failed:
            tap.note(f'screenshots and gimp.log are in {work}')
    sys.exit(tap.end())


main()
