# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside GIMP (Python-Fu, no display): selecting by what is drawn on GIMP's own canvas.

Environment: GBRS_RESULTS (file for what was found), GBRS_WORK (a folder), GBRS_MODEL, GBRS_HERE (this folder).
"""
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from gimp_support import disc as drawn_disc, write_png  # noqa: E402
from inside_gimp import *  # noqa: E402,F403

FROM_SELECTION = 'plug-in-gbrs-select-from-selection'
FROM_PATH = 'plug-in-gbrs-select-from-path'
FROM_STROKES = 'plug-in-gbrs-select-from-strokes'
PIXELS, TRUTH = drawn_disc()
CALLING = Gimp.PDBStatusType.CALLING_ERROR


def disc():
    write_png(f'{os.environ["GBRS_WORK"]}/hinted.png', PIXELS)
    image = load(f'{os.environ["GBRS_WORK"]}/hinted.png')
    return image, image.get_layers()[0]


def iou(image):
    found = selection(image) > 127
    return (found & TRUTH).sum() / (found | TRUTH).sum()


def select(image, drawables, name, words, **arguments):
    status, values = call(image, drawables, name=name, **arguments)
    check(status == Gimp.PDBStatusType.SUCCESS, f'{words}: it runs', values)
    return values


def refused(image, drawables, name, sentence, words, wanted=CALLING):
    before = selection(image).copy()
    image.clean_all()
    status, message = call(image, drawables, name=name)
    check(status == wanted and sentence in str(message), f'{words}: refused with a reason', message)
    check((selection(image) == before).all() and not image.is_dirty(), f'{words}: the image is unchanged')


def middle():
    y, x = numpy.argwhere(TRUTH).mean(axis=0)
    radius = (TRUTH.sum() / numpy.pi) ** 0.5
    return x, y, radius


def paint(image, layer, colour, points):
    """A brush stroke of 5 pixels, as rectangles: no brush is loaded without a display."""
    palette = Gegl.Color.new(colour)
    Gimp.context_set_foreground(palette)
    for x, y in points:
        image.select_rectangle(Gimp.ChannelOps.REPLACE, x - 2, y - 2, 5, 5)
        layer.edit_fill(Gimp.FillType.FOREGROUND)
    Gimp.Selection.none(image)


def transparent(image, name):
    layer = Gimp.Layer.new(image, name, image.get_width(), image.get_height(), Gimp.ImageType.RGBA_IMAGE, 100,
                           Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    return layer


def check_selection():
    x, y, radius = middle()
    image, layer = disc()
    # a lasso by an unsteady hand: larger than the disc, and beside it
    image.select_ellipse(Gimp.ChannelOps.REPLACE, x - 1.1 * radius, y - 1.3 * radius, 2.5 * radius, 2.4 * radius)
    rough = iou(image)
    select(image, [layer], FROM_SELECTION, 'a rough selection')
    check(rough < 0.8 < 0.9 < iou(image), 'it becomes the object', f'{rough:.3f} becomes {iou(image):.3f}')
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 0, 0)
    Gimp.Selection.none(image)
    refused(image, [layer], FROM_SELECTION, 'no selection', 'nothing selected')
    image.delete()


def add_path(image, name, *anchors):
    path = Gimp.Path.new(image, name)
    image.insert_path(path, None, 0)
    points = [number for x, y in anchors for number in (x, y) * 3]
    path.stroke_new_from_points(Gimp.PathStrokeType.BEZIER, points, False)
    return path


def check_path():
    x, y, radius = (round(number) for number in middle())
    image, layer = disc()
    refused(image, [layer], FROM_PATH, 'no path', 'no path')
    on, beside = ((x + 0.5, y + 0.25), (x + radius // 2, y)), ((x + 2 * radius, y - radius),)
    including = add_path(image, 'Path', *on)
    add_path(image, 'excluded', *beside)
    clicks = ' '.join([f'{float(u)},{float(v)},+' for u, v in on] + [f'{float(u)},{float(v)},-' for u, v in beside])
    select(image, [layer], PROCEDURE, 'the same clicks', clicks=clicks)
    wanted = selection(image).copy()
    Gimp.Selection.none(image)
    values = select(image, [layer], FROM_PATH, 'paths')
    equal(values[0], 0, 'every anchor is obeyed')
    same(selection(image), wanted, 'anchors are clicks')
    check(iou(image) > 0.9, 'the path finds the object', iou(image))
    add_path(image, 'elsewhere', (3.5, 3.5))
    image.set_selected_paths([including])
    select(image, [layer], FROM_PATH, 'with a third path')
    same(selection(image), wanted, 'the selected path is meant')
    image.delete()


def check_strokes():
    x, y, radius = (round(number) for number in middle())
    image, picture = disc()
    refused(image, [picture], FROM_STROKES, 'transparent layer', 'a layer without transparency')
    layer = transparent(image, 'strokes')
    refused(image, [layer], FROM_STROKES, 'no paint', 'nothing painted')
    paint(image, layer, 'white', [(x + step, y) for step in range(-radius // 2, radius // 2, 3)])
    paint(image, layer, 'black', [(x + 2 * radius, y + step) for step in range(-radius, radius, 3)])
    image.clean_all()
    values = select(image, [layer], FROM_STROKES, 'strokes')
    check(iou(image) > 0.9, 'they find the object', iou(image))
    equal(values[0], 0, 'every one is obeyed')
    equal((len(image.get_layers()), layer.get_visible()), (2, True), 'their layer stays as it is')
    equal(len(Gimp.get_images()), 1, 'no copy of the image is left')
    wanted = selection(image).copy()
    layer.set_visible(False)
    call(image, [layer], name=FROM_STROKES)
    same(selection(image), wanted, 'what is painted on is looked at, not the paint')
    call(image, [layer], name=FROM_STROKES, output='channel')
    same(raw(image.get_channels()[0]), wanted, 'the outputs are those of the other procedure')
    image.remove_layer(picture)
    refused(image, [layer], FROM_STROKES, 'nothing to see', 'strokes on no picture',
            Gimp.PDBStatusType.EXECUTION_ERROR)
    image.delete()


for step in (check_selection, check_path, check_strokes):
    try:
        step()
    except Exception as error:  # the others are still to be heard
        check(False, f'{step.__name__} ends', f'{type(error).__name__}: {error}')
RESULTS.write('# done\n')
