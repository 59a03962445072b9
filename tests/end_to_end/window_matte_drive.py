# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: opens the window of mattes again and again on one image that has a rough selection,
and tells what came of it.

Environment: GBRS_WORK (folder for NAME.json and NAME.npy), GBRS_HERE.
"""
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403
from window_telling import tell, wait_until  # noqa: E402

WORK = os.environ['GBRS_WORK']
MATTE = 'plug-in-gbrs-matte'
ROUGH = (160, 180, 150, 90, 190, 15, 260, 10, 300, 80, 300, 170, 340, 220, 440, 280, 470, 511, 20, 511, 40, 300, 110, 220)


def run(step, mode=Gimp.RunMode.INTERACTIVE, **arguments):
    status, values = call(image, [photo], mode=mode, name=MATTE, **arguments)
    mask = photo.get_mask()
    if mask is not None:
        numpy.save(f'{WORK}/{step}.npy', raw(mask))
    tell(step, status=status.value_nick, layers=[layer.get_name() for layer in image.get_layers()],
         has_mask=mask is not None, said=str(values)[:300])


image = Gimp.get_images()[0]
photo = image.get_layers()[0]
image.select_polygon(Gimp.ChannelOps.REPLACE, ROUGH)
run('killed')
run('applied')
tell('undone', undone=wait_until(lambda: photo.get_mask() is None))
run('repeated', mode=Gimp.RunMode.WITH_LAST_VALS)
photo.remove_mask(Gimp.MaskApplyMode.DISCARD)
run('layer')  # the output is chosen in the window: it begins with that of the last run
if len(image.get_layers()) > 1:
    numpy.save(f'{WORK}/layer.npy', raw(image.get_layers()[0].get_mask()))
Gimp.Selection.none(image)
run('nothing')  # last, because GIMP tells about it in a window of its own
image.clean_all()  # so that GIMP closes it without asking
