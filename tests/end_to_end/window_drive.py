# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: calls the procedure interactively and tells what came of it.

Environment: GBRS_WORK (folder for NAME.json and NAME.npy), GBRS_HERE. Steps: "applied" when the user has applied;
"undone" when the selection is empty again; "repeated" after a run with the last values.
"""
import json
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403
from window_telling import tell, wait_until  # noqa: E402

WORK = os.environ['GBRS_WORK']


def run(step, mode):
    status, values = call(image, image.get_selected_drawables(), mode=mode)
    numpy.save(f'{WORK}/{step}.npy', selection(image))
    report = json.loads(values[1]) if status == Gimp.PDBStatusType.SUCCESS else str(values)
    tell(step, status=status.value_nick, report=report, empty=Gimp.Selection.is_empty(image))


image = Gimp.get_images()[0]
run('applied', Gimp.RunMode.INTERACTIVE)
tell('undone', empty=wait_until(lambda: Gimp.Selection.is_empty(image)), dirty=image.is_dirty())
run('repeated', Gimp.RunMode.WITH_LAST_VALS)
Gimp.Selection.none(image)
image.clean_all()  # so that GIMP closes it without asking
tell('ended')
