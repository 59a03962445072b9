# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: opens our window, and once more, and keeps the selections that come of it.

Environment: GBRS_WORK (folder for NAME.json and NAME.npy), GBRS_HERE.
"""
import json
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

WORK = os.environ['GBRS_WORK']


def run(step):
    status, _ = call(image, image.get_selected_drawables(), mode=Gimp.RunMode.INTERACTIVE)
    numpy.save(f'{WORK}/{step}.npy', selection(image))
    with open(f'{WORK}/{step}.tmp', 'w', encoding='utf-8') as file:
        json.dump({'status': status.value_nick}, file)
    os.rename(f'{WORK}/{step}.tmp', f'{WORK}/{step}.json')


image = Gimp.get_images()[0]
run('looked')
run('reopened')
