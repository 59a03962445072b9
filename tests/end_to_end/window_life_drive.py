# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: opens our window again and again on the same image, and tells what came of it.

Environment: GBRS_WORK (folder for NAME.json and NAME.npy), GBRS_HERE.
"""
import json
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

WORK = os.environ['GBRS_WORK']


def run(step, mode=Gimp.RunMode.INTERACTIVE, **arguments):
    status, values = call(image, image.get_selected_drawables(), mode=mode, **arguments)
    numpy.save(f'{WORK}/{step}.npy', selection(image))
    facts = {'status': status.value_nick, 'dirty': image.is_dirty(), 'empty': Gimp.Selection.is_empty(image)}
    with open(f'{WORK}/{step}.tmp', 'w', encoding='utf-8') as file:
        json.dump(facts, file)
    os.rename(f'{WORK}/{step}.tmp', f'{WORK}/{step}.json')


image = Gimp.get_images()[0]
run('killed')
run('reopened')
run('repeated', Gimp.RunMode.WITH_LAST_VALS)
Gimp.Selection.none(image)
run('next')
run('changed')
