#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the window's process at random moments of encoding, refining, keeping clicks and applying: GIMP lives on,
the image is as before or completely changed, and the window opened next comes to the same answer byte for byte.
GBRS_KILLS=COUNT kills so often (6), as `./dev test kill COUNT` does; GBRS_SEED repeats the moments.

usage: window_kill_test.py FOLDER       FOLDER keeps profile, log and screenshots
"""
import os
import random
import sys
import time

import numpy

from desktop import Desktop, answered, begin, outcome, wait_for
from gimp_support import disc, make_profile, write_png

ENLARGED = 4
PLACES = ((48, 45, 1), (100, 15, 3), (60, 50, 1))   # pixel of the picture before it is enlarged, mouse button
REFINING_S, APPLYING_S = 0.8, 0.2                   # a moment within is about as long as what is to be interrupted
KEYS = ('x', 'y', 'target', 'radius_given')


def written(click):
    """The click as the procedure takes it."""
    return f'{float(click["x"])!r},{float(click["y"])!r},{click["target"]}'


class Trial:
    """One GIMP, in which the window is opened again and again."""

    def __init__(self, tap, desktop, seed):
        self.tap, self.desktop, self.random = tap, desktop, random.Random(seed)
        self.run = self.kills = self.unchanged = self.changed = 0
        self.clicks, self.wanted = [], {0: None}
        self.kept = {0}     # how many clicks may be kept with the image

    def open(self):
        """The window that GIMP opens by itself, ready for clicks; each shows its picture once."""
        window = self.desktop.showing(before=self.run)
        if window is None:
            raise TimeoutError(f'window {self.run} does not open')
        return window

    def click(self, window, number):
        x, y, button = PLACES[number]
        self.desktop.click(window, ENLARGED * x + 2, ENLARGED * y + 2, button)

    def kill(self):
        """False: it has ended by itself."""
        process = self.desktop.plugin_process()
        if process is None:
            return False
        try:
            os.kill(process, 9)
        except ProcessLookupError:
            return False
        self.kills += 1
        return True

    def ended(self):
        """What the window that has just ended left: facts and selection."""
        facts = outcome(self.desktop, f'run-{self.run}')
        selection = numpy.load(self.desktop.work / f'run-{self.run}.npy') if facts else None
        if not facts or not facts['same'] or not facts['balanced']:
            self.tap.check(False, f'window {self.run}: GIMP lives on, with the rest of the image as it was', facts)
        self.run += 1
        return facts, selection

    def check_left_alone(self):
        """All clicks, applied; what they select is what the procedure without a window selects."""
        window = self.open()
        for number in range(len(PLACES)):
            self.click(window, number)
            self.clicks = answered(self.desktop, number + 1)['clicks']
        self.desktop.press(window, 'alt+a')
        facts, selection = self.ended()
        self.kept = {len(PLACES)}
        self.tap.check(facts['status'] == 'success', 'a window that is left alone applies', facts)
        for count in range(1, len(PLACES) + 1):
            request = self.desktop.work / f'wanted-{count}.txt'
            request.write_text(' '.join(map(written, self.clicks[:count])))
        # GIMP sees to them between two windows
        self.desktop.press(self.open(), 'alt+c')
        self.ended()
        for count in range(1, len(PLACES) + 1):
            path = self.desktop.work / f'wanted-{count}.npy'
            self.wanted[count] = numpy.load(path) if wait_for(path.exists) else None
        self.tap.check(self.wanted[3] is not None and (self.wanted[3] == selection).all(),
                       'and selects what the procedure selects without a window')

    def kill_while_clicking(self):
        window = self.open()
        count = self.random.randint(1, len(PLACES))
        for number in range(count):
            self.click(window, number)
            if number + 1 < count:
                answered(self.desktop, number + 1)
        time.sleep(self.random.uniform(0, REFINING_S))
        self.kill()
        facts, selection = self.ended()
        if facts['status'] == 'success' or selection.any():
            self.tap.check(False, f'window {self.run}, killed while clicking: the image is unchanged', facts)
        # the last one may have been kept or not
        self.kept = {count, count - 1} if count > 1 else {count} | self.kept

    def offered(self, offers):
        wait_for(lambda: len(self.desktop.messages('offer')) > offers, 10)
        found = self.desktop.messages('offer')[offers:]
        return int(found[0][0]) if found else 0

    def bring_back(self, with_kill):
        """The kept clicks give the same answer; perhaps a kill while it is applied."""
        offers = len(self.desktop.messages('offer'))
        window = self.open()
        count = self.offered(offers)
        name = f'window {self.run}, opened after a kill'
        if count not in self.kept:
            self.tap.check(False, f'{name}: the clicks are offered', f'{count} are, {self.kept} were kept')
        answers = len(self.desktop.messages('answer'))
        self.desktop.press(window, 'alt+b')
        wait_for(lambda: len(self.desktop.messages('answer')) > answers)
        answer = answered(self.desktop, count)
        found = answer and [{key: click[key] for key in KEYS} for click in answer['clicks']]
        if found != [{key: click[key] for key in KEYS} for click in self.clicks[:count]]:
            self.tap.check(False, f'{name}: they are the same', found)
        self.desktop.press(window, 'alt+a')
        was_killed = False
        if with_kill:
            time.sleep(self.random.uniform(0, APPLYING_S))
            was_killed = self.kill()
        facts, selection = self.ended()
        self.kept = {count}
        is_unchanged, is_whole = not selection.any(), (selection == self.wanted[count]).all()
        self.unchanged += was_killed and is_unchanged
        self.changed += was_killed and is_whole
        if not is_whole and not (was_killed and is_unchanged):
            self.tap.check(False, f'{name}: {count} clicks give the same answer byte for byte, or none', facts)


def main():
    work, tap = begin()
    pixels, _ = disc()
    write_png(work / 'disc.png', pixels.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1))
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    kills = int(os.environ.get('GBRS_KILLS', '6'))
    seed = os.environ.get('GBRS_SEED', str(random.randrange(1 << 31)))
    tap.note(f'GBRS_SEED={seed}')
    with Desktop(work, environment, work / 'disc.png', 'window_runs_drive.py') as desktop:
        trial = Trial(tap, desktop, int(seed))
        trial.check_left_alone()
        while trial.kills < kills and not tap.failed:
            trial.kill_while_clicking()
            trial.bring_back(with_kill=trial.random.random() < 0.5)
        (work / 'end.txt').touch()
        if not tap.failed:
            trial.bring_back(with_kill=False)
        tap.check(trial.kills >= kills, f'{trial.kills} kills; of those while applying {trial.unchanged} left the image '
                  f'unchanged, {trial.changed} completely changed')
        if tap.failed:
            tap.note(f'screenshots and gimp.log are in {work}')
    sys.exit(tap.end())


main()
