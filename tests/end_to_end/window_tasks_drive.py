# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: opens the windows of depths and of kinds again and again on one image, and tells
what came of it.

Environment: GBRS_WORK (folder for NAME.json and NAME.npy), GBRS_HERE.
"""
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403
from window_telling import tell, wait_until  # noqa: E402

WORK = os.environ['GBRS_WORK']
DEPTH, SEMANTIC = 'plug-in-gbrs-depth', 'plug-in-gbrs-semantic'


def run(step, name, mode=Gimp.RunMode.INTERACTIVE, **arguments):
    status, values = call(image, image.get_selected_drawables(), mode=mode, name=name, **arguments)
    numpy.save(f'{WORK}/{step}.npy', raw(image.get_layers()[0]) if name == DEPTH else selection(image))
    tell(step, status=status.value_nick, layers=[layer.get_name() for layer in image.get_layers()],
         channels=[channel.get_name() for channel in image.get_channels()],
         empty=Gimp.Selection.is_empty(image), said=str(values)[:300])


image = Gimp.get_images()[0]
photo = image.get_layers()[0]
run('depth-killed', DEPTH, output='layer')
run('depth', DEPTH, output='layer')
tell('depth-undone', undone=wait_until(lambda: len(image.get_layers()) == 1))
image.set_selected_layers([photo])
run('depth-repeated', DEPTH, mode=Gimp.RunMode.WITH_LAST_VALS)
for layer in image.get_layers()[:-1]:
    image.remove_layer(layer)
image.set_selected_layers([photo])
run('kinds-killed', SEMANTIC)
run('kinds', SEMANTIC)
tell('kinds-undone', undone=wait_until(lambda: Gimp.Selection.is_empty(image)))
run('kinds-repeated', SEMANTIC, mode=Gimp.RunMode.WITH_LAST_VALS)
run('kinds-channels', SEMANTIC)  # the output is chosen in the window: it begins with that of the last run
Gimp.Selection.none(image)
image.set_selected_layers([photo])
run('depth-made', DEPTH, mode=Gimp.RunMode.WITH_LAST_VALS)
run('depth-start', DEPTH)  # from that layer, which is chosen in the window
tell('depth-kept', text=bytes(image.get_parasite('gbrs-depth').get_data()).decode(errors='replace'))
run('depth-typed', DEPTH)  # from it once more
for layer in image.get_layers()[:-1]:
    image.remove_layer(layer)
image.set_selected_layers([photo])
run('kinds-street', SEMANTIC)  # the model is chosen in the window
image.clean_all()  # so that GIMP closes it without asking
