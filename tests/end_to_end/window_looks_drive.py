# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: opens our window once and keeps the selection that comes of it.

Environment: GBRS_WORK (folder for looked.json and looked.npy), GBRS_HERE.
"""
import json
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

WORK = os.environ['GBRS_WORK']
image = Gimp.get_images()[0]
status, _ = call(image, image.get_selected_drawables(), mode=Gimp.RunMode.INTERACTIVE)
numpy.save(f'{WORK}/looked.npy', selection(image))
with open(f'{WORK}/looked.tmp', 'w', encoding='utf-8') as file:
    json.dump({'status': status.value_nick}, file)
os.rename(f'{WORK}/looked.tmp', f'{WORK}/looked.json')
