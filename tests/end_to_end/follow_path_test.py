#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The selection follows a path in the real GIMP: anchors added, moved and removed by a script and clicked with the
Paths tool, Stop, and a path that is deleted.

usage: follow_path_test.py FOLDER       FOLDER keeps profile, log and screenshots
"""
import json
import os
import sys
import time

from desktop import Desktop, begin, wait_for
from gimp_support import disc, make_profile, write_png

ENLARGED = 4
ON_DISC, BESIDE_MIDDLE = (48 * ENLARGED, 45 * ENLARGED), (60 * ENLARGED, 50 * ENLARGED)


class Inside:
    """The script inside GIMP, which does one thing after the other."""

    def __init__(self, work):
        self.work, self.count = work, 0

    def ask(self, *words):
        path = self.work / f'ask-{self.count}.json'
        path.with_suffix('.tmp').write_text(json.dumps(words))
        path.with_suffix('.tmp').rename(path)
        told = self.work / f'told-{self.count}.json'
        self.count += 1
        return json.loads(told.read_text()) if words[0] != 'end' and wait_for(told.exists, 60) else None


def followed(desktop):
    """How many clicks each written selection had, oldest first."""
    return [int(words[0]) for words in desktop.messages('following') if words[0].isdigit()]


def told_after(desktop, inside, *words):
    """What there is to see after the selection has followed."""
    before = len(followed(desktop))
    inside.ask(*words)
    wait_for(lambda: len(followed(desktop)) > before, 60)
    time.sleep(1.5)  # it is written
    return inside.ask('look')


def start(desktop, main):
    begun = desktop.messages('following').count(['begun'])
    desktop.press(main, 'slash')  # the search for commands
    time.sleep(2)
    desktop.xdotool('type', '--delay', '50', 'object follows path')
    time.sleep(2)
    desktop.xdotool('key', 'Return')
    return bool(wait_for(lambda: desktop.messages('following').count(['begun']) > begun, 60))


def window_of(desktop):
    found = desktop.xdotool('search', '--onlyvisible', '--name', '^Object Follows Path$')
    return found[0] if found else None


def check_script(tap, desktop, inside):
    told = told_after(desktop, inside, 'add', *ON_DISC)
    tap.check(told['selected'][0] >= 128 and told['corner'] < 128 and told['size'] > 1000,
              'an anchor on the object selects it', told)
    size = told['size']
    told = told_after(desktop, inside, 'add', *BESIDE_MIDDLE)
    tap.check(len(told['selected']) == 2 and min(told['selected']) >= 128, 'a second one is followed', told)
    told = told_after(desktop, inside, 'move', -20, 12)
    tap.check(followed(desktop)[-1] == 2 and min(told['selected']) >= 128, 'an anchor that moves is followed', told)
    told = told_after(desktop, inside, 'remove')
    tap.check(followed(desktop)[-1] == 1 and abs(told['size'] - size) < 0.2 * size, 'one that is removed, too', told)
    desktop.screenshot('following')


def check_tool(tap, desktop, inside, main):
    """Clicks with the Paths tool on the disc, as it lies in a new window of GIMP's."""
    known = inside.ask('look')['anchors']
    before = len(followed(desktop))
    desktop.press(main, 'b')
    time.sleep(1)
    for x, y in ((365, 300), (400, 280)):
        desktop.xdotool('mousemove', '--window', main, x, y)
        time.sleep(0.5)
        desktop.xdotool('mousedown', 1)
        time.sleep(0.3)
        desktop.xdotool('mouseup', 1)
        time.sleep(3)
    wait_for(lambda: len(followed(desktop)) > before, 60)
    time.sleep(2)
    told = inside.ask('look')
    desktop.screenshot('paths-tool')
    new = [anchor for anchor in told['anchors'] if anchor not in known]
    tap.check(len(new) > 0 and len(followed(desktop)) > before, 'anchors of the Paths tool are followed as they are made',
              (told, followed(desktop)))


def check_stop(tap, desktop, main):
    window = window_of(desktop)
    desktop.press(window, 'alt+s')
    tap.check(bool(wait_for(lambda: ['ended'] in desktop.messages('following'), 20)), 'Stop ends it')
    tap.check(bool(wait_for(lambda: window_of(desktop) is None, 20)), 'and its window is gone')


def check_deleted(tap, desktop, inside, main):
    if not tap.check(start(desktop, main), 'it is begun again'):
        return
    wait_for(lambda: followed(desktop), 30)
    time.sleep(4)
    inside.ask('delete')
    tap.check(bool(wait_for(lambda: desktop.messages('following').count(['ended']) == 2, 30)),
              'a path that is deleted ends it')


def main():
    work, tap = begin()
    pixels, _ = disc()
    write_png(work / 'disc.png', pixels.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1))
    inside = Inside(work)
    with Desktop(work, make_profile(work, os.environ['GBRS_PLUGIN']), work / 'disc.png',
                 'follow_path_drive.py') as desktop:
        inside.ask('look')
        window = desktop.xdotool('search', '--onlyvisible', '--name', 'GIMP$')[0]
        if tap.check(start(desktop, window), 'GIMP finds the menu entry, and it begins without a path'):
            time.sleep(1)
            desktop.screenshot('begun')
            check_script(tap, desktop, inside)
            check_tool(tap, desktop, inside, window)
            check_stop(tap, desktop, window)
            check_deleted(tap, desktop, inside, window)
        if tap.failed:
            tap.note(f'screenshots and gimp.log are in {work}')
        inside.ask('end')
    sys.exit(tap.end())


main()
