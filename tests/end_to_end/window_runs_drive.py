# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: opens our window again and again on the same image and tells what each time has
left; on request, runs clicks without a window, and in the end opens the window of depths once.

Environment: GBRS_WORK (folder; wanted-N.txt holds clicks, wanted-N.npy becomes their selection; end.txt ends it all;
run-N.json and run-N.npy tell of each window; depth.txt asks for depths, depth.json tells of them), GBRS_HERE.
"""
import json
import os
import pathlib
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

WORK = pathlib.Path(os.environ['GBRS_WORK'])


def answer_requests(image):
    for request in sorted(WORK.glob('wanted-*.txt')):
        copy = image.duplicate()
        status, _ = call(copy, [copy.get_layers()[0]], clicks=request.read_text())
        if status == Gimp.PDBStatusType.SUCCESS:
            save(request.with_suffix('.npy'), selection(copy))
        copy.delete()
        request.unlink()


def save(path, values):
    numpy.save(path.with_suffix('.new.npy'), values)
    os.rename(path.with_suffix('.new.npy'), path)


def others(image):
    """All but the selection that the procedure could change."""
    return [(item.get_name(), raw(item).tobytes()) for item in (*image.get_layers(), *image.get_channels())]


def tell_of_window(image, step, **arguments):
    before = others(image)
    status, _ = call(image, image.get_selected_drawables(), mode=Gimp.RunMode.INTERACTIVE, **arguments)
    save(WORK / f'{step}.npy', selection(image))
    # a group of undo steps that was left open would swallow the next ones
    image.undo_group_start()
    facts = {'status': status.value_nick, 'same': others(image) == before,
             'balanced': image.undo_group_end() and image.undo_is_enabled()}
    (WORK / 'run.tmp').write_text(json.dumps(facts))
    os.rename(WORK / 'run.tmp', WORK / f'{step}.json')
    Gimp.Selection.none(image)


image = Gimp.get_images()[0]
run = 0
while not (WORK / 'end.txt').exists():
    answer_requests(image)
    tell_of_window(image, f'run-{run}')
    run += 1
if (WORK / 'depth.txt').exists():
    tell_of_window(image, 'depth', name='plug-in-gbrs-depth', output='layer')
image.clean_all()
