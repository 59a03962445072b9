# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside GIMP (Python-Fu, no display): kinds of things and depths, against what the command line found.

Environment: GBRS_RESULTS (file for what was found), GBRS_WORK (folder with cat.png, mask.png's numbers as cat.npy, and
depth.npy), GBRS_HERE (this folder).
"""
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

WORK = os.environ['GBRS_WORK']
SEMANTIC, DEPTH = 'plug-in-gbrs-semantic', 'plug-in-gbrs-depth'
SUCCESS, CALLING = Gimp.PDBStatusType.SUCCESS, Gimp.PDBStatusType.CALLING_ERROR


def run(name, image, **arguments):
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    config.set_property('run-mode', Gimp.RunMode.NONINTERACTIVE)
    config.set_property('image', image)
    config.set_core_object_array('drawables', [image.get_layers()[0]])
    for argument, value in arguments.items():
        config.set_property(argument, value)
    values = procedure.run(config)
    return values.index(0), values if values.index(0) == SUCCESS else Gimp.get_pdb().get_last_error()


def raw_labels(image):
    """The colours of the layer that is made, which goes again."""
    run(SEMANTIC, image, output='labels')
    layer = image.get_layers()[0]
    colours = raw(layer)
    image.remove_layer(layer)
    return colours


def check_kinds():
    image = load(f'{WORK}/cat.png')
    status, values = run(SEMANTIC, image, classes='cat')
    check(status == SUCCESS, 'kinds: it runs', values)
    check(status == SUCCESS and 'cat' in values.index(3).split(', '), 'kinds: the cat is found', values)
    # the file has 16 bits, so that a half may be rounded twice
    worst = numpy.abs(selection(image).astype(int) - numpy.load(f'{WORK}/cat.npy')).max()
    check(worst <= 1, 'kinds: the selection is the command line\'s mask', worst)
    status, values = run(SEMANTIC, image, output='channel')
    names = [channel.get_name() for channel in image.get_channels()]
    found = values.index(3).split(', ') if status == SUCCESS else []
    check(sorted(names) == sorted(found), 'kinds: a channel for each', names)
    status, values = run(SEMANTIC, image, output='new-layer', classes='cat')
    top = image.get_layers()[0]
    worst = numpy.abs(raw(top.get_mask()).astype(int) - numpy.load(f'{WORK}/cat.npy')).max() if top.get_mask() else 'no mask'
    check(status == SUCCESS and top.get_name() == 'cat' and worst <= 1, 'kinds: a layer with a mask of the same numbers',
          (top.get_name(), worst))
    status, values = run(SEMANTIC, image, output='labels')
    top = image.get_layers()[0]
    colours = numpy.unique(raw(top).reshape(-1, 3), axis=0)
    check(status == SUCCESS and len(image.get_layers()) == 3 and len(colours) == len(found),
          'kinds: a layer with a colour for each', (len(colours), found))
    image.delete()
    image = load(f'{WORK}/cat.png')
    small = raw_labels(image)
    image.scale(3 * image.get_width(), 4 * image.get_height())    # more than one band
    large = raw_labels(image)[2::4, 1::3]
    alike = (small == large).all(axis=2).mean()
    check(alike > 0.95, 'kinds: a large layer has its colours where a small one has them', alike)
    image.delete()


def check_kind_refusals():
    image = load(f'{WORK}/cat.png')
    image.clean_all()
    for words, arguments in (('a class that there is not', {'classes': 'unicorn'}),
                             ('a click of a class that there is not', {'clicks': '10,10,99'}),
                             ('a click beside the picture', {'clicks': '9999,10,8'}),
                             ('a kind that the picture does not show', {'classes': 'bus'}),
                             ('a model of another task', {'model': 'segment-small'})):
        status, message = run(SEMANTIC, image, **arguments)
        check(status == CALLING and message.rstrip().endswith('.'), f'kinds, {words}: refused', message)
    check(Gimp.Selection.is_empty(image) and not image.is_dirty(), 'kinds: the image is unchanged')
    image.delete()


def check_depth():
    depth = numpy.load(f'{WORK}/depth.npy').astype(float)
    farness = (depth - depth.min()) / (depth.max() - depth.min())
    image = load(f'{WORK}/cat.png')
    status, values = run(DEPTH, image)
    check(status == SUCCESS, 'depth: it runs', values)
    new = values.index(3)
    layer = new.get_layers()[0]
    check(encoding(layer) == "Y' u16" and new.get_base_type() == Gimp.ImageBaseType.GRAY, 'depth: a grey image of 16 bits',
          encoding(layer))
    worst = numpy.abs(raw(layer).astype(float) - 65535 * (1 - farness)).max()
    check(worst <= 2, 'depth: its numbers are the command line\'s, near is white', worst)
    new.delete()
    near, far = 1.0, 3.0
    status, values = run(DEPTH, image, scale='disparity', nearest=near, farthest=far)
    wanted = 65535 * (1 - numpy.clip((1 / numpy.maximum(depth, 1e-3) - 1 / near) / (1 / far - 1 / near), 0, 1))
    worst = numpy.abs(raw(values.index(3).get_layers()[0]).astype(float) - wanted).max()
    check(worst <= 20, 'depth: disparity between two depths', worst)
    values.index(3).delete()
    status, values = run(DEPTH, image, output='layer', near='black', nearest=2.0, farthest=0.0)
    top = image.get_layers()[0]
    check(status == SUCCESS and len(image.get_layers()) == 2, 'depth: a layer in the image', values)
    worst = numpy.abs(raw(top)[..., 0].astype(float) - 255 * farness).max()
    check(worst <= 1, 'depth: its numbers are right in 8 bits, near is black', worst)
    image.delete()
    image = load(f'{WORK}/cat.png')
    found = {}
    for layer in ('none', 'rgb'):
        status, values = run(DEPTH, image, layer=layer, clicks='10,10,2.4', nearest=0.4, farthest=4.4)
        check(status == SUCCESS, f'depth: it runs with the layer {layer}', values)
        found[layer] = raw(values.index(3).get_layers()[0]).astype(float)
        values.index(3).delete()
    clicked = found['rgb'][10, 10] / 65535
    change = numpy.abs(found['rgb'] - found['none']).mean() / 65535
    check(abs(clicked - 0.5) <= 0.01 and change > 0.001, 'depth: a click obeyed by changing the picture', (clicked, change))
    image.delete()


def check_depth_refusals():
    image = load(f'{WORK}/cat.png')
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16, False, False, '')
    image.clean_all()
    status, message = run(DEPTH, image, output='layer')
    check(status != SUCCESS and 'indexed' in message, 'depth: an indexed image takes no layer', message)
    status, message = run(DEPTH, image, nearest=3.0, farthest=2.0)
    check(status == CALLING and 'nearest' in message, 'depth: a range that is none', message)
    status, message = run(DEPTH, image, clicks='10,10,-1')
    check(status == CALLING and len(message.splitlines()) == 1, 'depth: a click of a negative depth', message)
    status, message = run(DEPTH, image, model='semantic-voc')
    check(status == CALLING, 'depth: a model of another task', message)
    check(len(image.get_layers()) == 1 and not image.is_dirty(), 'depth: the image is unchanged')
    image.delete()


check_kinds()
check_kind_refusals()
check_depth()
check_depth_refusals()
RESULTS.write('# done\n')
