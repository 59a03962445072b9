# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside GIMP (Python-Fu, no display): kills the plug-in's process while the procedure runs.

Environment: GBRS_RESULTS (file for what was found), GBRS_WORK (folder with disc.png), GBRS_CLICKS, GBRS_MODEL,
GBRS_KILLS (how many), GBRS_SEED, GBRS_KILL_OUTPUTS (names of outputs), GBRS_HERE (this folder).
"""
import os
import pathlib
import random
import signal
import statistics
import sys
import threading
import time

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

CLICKS = os.environ['GBRS_CLICKS']
KILLS = int(os.environ['GBRS_KILLS'])
RANDOM = random.Random(int(os.environ['GBRS_SEED']))
# not cut-out: GIMP applies a mask in the image only, so that a kill may leave the layer with its mask
OUTPUTS = os.environ.get('GBRS_KILL_OUTPUTS', 'selection layer-mask channel new-layer').split()


def disc():
    """A picture with a soft selection."""
    image = load(f'{os.environ["GBRS_WORK"]}/disc.png')
    Gimp.context_set_feather(True)
    Gimp.context_set_feather_radius(6, 6)
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 30, 20, 50, 60)
    image.clean_all()
    return image


def state(image):
    """All that the procedure can change."""
    def described(item):
        mask = item.get_mask() if isinstance(item, Gimp.Layer) else None
        return item.get_name(), raw(item).tobytes(), None if mask is None else raw(mask).tobytes()
    return {'selection': selection(image).tobytes(), 'layers': [described(item) for item in image.get_layers()],
            'channels': [described(item) for item in image.get_channels()], 'dirty': image.is_dirty()}


def different(found, wanted):
    return [name for name in wanted if found[name] != wanted[name]]


class Killer(threading.Thread):
    """Waits for a process of the plug-in, then `delay` seconds, and kills it."""

    def __init__(self, delay):
        super().__init__()
        self.delay = delay
        self.seen = 0.0
        self.killed = False
        self.is_over = threading.Event()
        self.start()

    def plugin_process(self):
        for entry in pathlib.Path('/proc').iterdir():
            try:
                name, _, rest = (entry / 'stat').read_text().rpartition(')')
                if name.endswith('(gbrs') and int(rest.split()[1]) == os.getppid():     # a child of GIMP, as we are
                    return int(entry.name)
            except (OSError, ValueError):
                pass
        return None

    def run(self):
        process = None
        while process is None and not self.is_over.wait(0.001):
            process = self.plugin_process()
        self.seen = time.monotonic()
        if process is None or self.delay is None or self.is_over.wait(self.delay):
            return
        try:
            os.kill(process, signal.SIGKILL)
            self.killed = True
        except ProcessLookupError:
            pass

    def end(self):
        self.is_over.set()
        self.join()


def run(output, delay):
    """Returns (status, state, whether it was killed, seconds from the process to the end of the call)."""
    image = disc()
    killer = Killer(delay)
    status, _ = call(image, [image.get_layers()[0]], clicks=CLICKS, output=output)
    end = time.monotonic()
    killer.end()
    found = state(image)
    # a group that was left open would swallow the next steps
    image.clean_all()
    image.undo_group_start()
    balanced = image.undo_group_end() and image.undo_is_enabled()
    image.delete()
    return status, found, killer.killed, end - killer.seen, balanced


def main():
    image = disc()
    untouched = state(image)
    image.delete()
    complete, durations = {}, []
    for output in OUTPUTS:
        status, complete[output], _, duration, _ = run(output, None)
        durations.append(duration)
        check(status == Gimp.PDBStatusType.SUCCESS and complete[output]['dirty'],
              f'{output}: a call that is left alone works')
        check(different(complete[output], untouched), f'{output}: and changes the image')
    whole = statistics.median(durations)
    kills = unchanged = changed = 0
    tries = 0
    while kills < KILLS and tries < 4 * KILLS:
        output = OUTPUTS[tries % len(OUTPUTS)]
        # every other time near the end, where the image is written
        delay = whole * (RANDOM.uniform(0, 1.1) if tries // len(OUTPUTS) % 2 == 0 else RANDOM.gauss(1, 0.07))
        tries += 1
        status, found, was_killed, _, balanced = run(output, max(delay, 0))
        kills += was_killed
        name = f'{output}, killed {delay:.3f} s of {whole:.3f} s after its start'
        # GIMP calls the image modified as soon as a group of undo steps begins, before there is a step in it
        if set(different(found, untouched)) <= {'dirty'}:
            unchanged += was_killed
            good = status != Gimp.PDBStatusType.SUCCESS
        else:
            changed += was_killed
            good = not different(found, complete[output])
        if not good or not balanced:
            check(False, f'{name}: the image is unchanged or completely changed',
                  f'status {status}, undo {balanced}, unlike before {different(found, untouched)}, '
                  f'unlike the end {different(found, complete[output])}')
    check(kills == KILLS, f'{kills} kills', f'in {tries} tries')
    check(unchanged > 0, f'{unchanged} of them left the image unchanged, {changed} completely changed')
    for output in OUTPUTS:
        status, found, _, _, _ = run(output, None)
        equal(different(found, complete[output]), [], f'{output}: GIMP goes on as before')


main()
RESULTS.write('# done\n')
