# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside GIMP (Python-Fu, no display): the procedure's outputs, number by number.

Environment: GBRS_RESULTS (file for what was found), GBRS_WORK (folder with disc.png, disc8.npy and disc16.npy: what
the command line answers to GBRS_CLICKS on it with GBRS_MODEL), GBRS_HERE (this folder).
"""
import json
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from gimp_support import segment, write_png  # noqa: E402
from inside_gimp import *  # noqa: E402,F403

WORK = os.environ['GBRS_WORK']
CLICKS = os.environ['GBRS_CLICKS']
MODEL = os.environ['GBRS_MODEL']
MASK8 = numpy.load(f'{WORK}/disc8.npy')
MASK16 = numpy.load(f'{WORK}/disc16.npy')
PRECISIONS = ['u8-non-linear', 'u8-linear', 'u8-perceptual', 'u16-non-linear', 'u16-linear', 'u32-linear',
              'half-linear', 'float-linear', 'float-non-linear', 'double-linear']
MASK_PRECISIONS = ['u8-non-linear', 'u16-linear', 'half-linear', 'float-non-linear']


def disc():
    image = load(f'{WORK}/disc.png')
    return image, image.get_layers()[0]


def disc_in_group():
    """The picture, a group on top, and a copy of the layer in it."""
    image, layer = disc()
    group = Gimp.GroupLayer.new(image, 'group')
    image.insert_layer(group, None, 0)
    inner = layer.copy()
    image.insert_layer(inner, group, 0)
    return image, group, inner


def exact(found, name, mask8):
    """Eight and sixteen bits are the command line's bytes; more bits are nearer than it can tell."""
    if found.dtype == numpy.uint8:
        same(found, mask8, name)
    elif found.dtype == numpy.uint16:
        same(found, MASK16, name)
    else:
        largest = 4294967295.0 if found.dtype == numpy.uint32 else 1.0
        error = numpy.abs(found / largest - MASK16 / 65535.0).max()
        check(error <= 0.51 / 65535, name, f'largest difference {error * 65535:.2f} of 65535')
        if found.dtype == numpy.float32:
            steps = found * 65535.0
            check(numpy.abs(steps - numpy.round(steps)).max() > 0.1, f'{name}: not quantised')


def half(found, name, _):
    error = numpy.abs(found - MASK16 / 65535.0).max()
    check(error <= 0.51 / 65535 + 2.0 ** -12, name, f'largest difference {error}')


def check_precisions():
    for name in PRECISIONS:
        image, layer = disc()
        if name != 'u8-non-linear':
            image.convert_precision(getattr(Gimp.Precision, name.upper().replace('-', '_')))
        mask8 = MASK8
        if name == 'u8-linear':  # has lost shades: another picture
            write_png(f'{WORK}/linear.png', pixels(layer, "R'G'B' u8"))
            mask8 = segment(f'{WORK}/linear.png', CLICKS, f'{WORK}/linear8.png', 8, '--model', MODEL)
        compare = half if name.startswith('half') else exact
        # masks are stored as selections are: fewer of them will do
        for output in ('selection', 'channel', 'layer-mask') if name in MASK_PRECISIONS else ('selection', 'channel'):
            status, values = call(image, [layer], clicks=CLICKS, output=output)
            if status != Gimp.PDBStatusType.SUCCESS:
                check(False, f'{name}: {output}', values)
                continue
            made = {'selection': image.get_selection, 'channel': lambda: image.get_channels()[0],
                    'layer-mask': layer.get_mask}[output]()
            compare(raw(made), f'{name}: {output} ({encoding(made)}) is exact', mask8)
        image.delete()


def check_report():
    image, layer = disc()
    status, values = call(image, [layer], clicks=CLICKS)
    unsatisfied, report = values
    equal(unsatisfied, 0, 'no click is unsatisfied')
    report = json.loads(report)
    equal(len(report['clicks']), len(CLICKS.split()), 'the report has the clicks')
    equal(len(report['steps']), len(CLICKS.split()), 'each click is a step of its own')
    x, y, _ = CLICKS.split()[0].split(',')
    shapes = '20,20,75,70 100,15,-,4;104,18,-,4'
    wanted = segment(f'{WORK}/disc.png', shapes, f'{WORK}/shapes.png', 8, '--model', MODEL)
    status, values = call(image, [layer], clicks=shapes)
    same(selection(image), wanted, 'a box and a stroke are those of the command line')
    equal([(step.get('box'), step['clicks']) for step in json.loads(values[1])['steps']],
          [([20, 20, 75, 70], 0), (None, 2)], 'and steps of the report')
    status, values = call(image, [layer], clicks=f'{x},{y},+ {x},{y},-')
    equal(values[0], 1, 'of two contradicting clicks one is unsatisfied')
    equal(len(image.get_layers()), 1, 'no layer is left behind')
    image.delete()


def check_operations():
    rules = {'replace': lambda a, b: b, 'add': numpy.maximum, 'subtract': lambda a, b: numpy.minimum(a, 255 - b),
             'intersect': numpy.minimum}
    for operation, rule in rules.items():
        image, layer = disc()
        Gimp.context_set_feather(True)
        Gimp.context_set_feather_radius(6, 6)
        image.select_ellipse(Gimp.ChannelOps.REPLACE, 30, 20, 50, 60)
        before = selection(image).copy()
        call(image, [layer], clicks=CLICKS, operation=operation)
        same(selection(image), rule(before, MASK8), f'{operation} with a soft selection')
        image.delete()
    image, layer = disc()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 50, 90)
    before = selection(image).copy()
    call(image, [layer], clicks=CLICKS, operation='intersect', output='channel')
    same(raw(image.get_channels()[0]), numpy.minimum(before, MASK8), 'the operation applies to other outputs too')
    same(selection(image), before, 'which leave the selection alone')
    image.delete()


def padded(mask, x, y, width, height):
    result = numpy.zeros((height, width), mask.dtype)
    top, left = max(y, 0), max(x, 0)
    bottom, right = min(y + height, mask.shape[0]), min(x + width, mask.shape[1])
    if top < bottom and left < right:
        result[top - y:bottom - y, left - x:right - x] = mask[top:bottom, left:right]
    return result


def check_offsets():
    for x, y, width, height in ((-15, -20, 200, 150), (30, 25, 40, 30), (60, -10, 100, 60), (500, 500, 20, 10)):
        image, _ = disc()
        layer = Gimp.Layer.new(image, 'elsewhere', width, height, Gimp.ImageType.RGBA_IMAGE, 100,
                               Gimp.LayerMode.NORMAL)
        image.insert_layer(layer, None, 0)
        layer.set_offsets(x, y)
        status, values = call(image, [layer], clicks=CLICKS, output='layer-mask')
        name = f'mask of a layer at {x},{y} of {width}x{height}'
        if status != Gimp.PDBStatusType.SUCCESS:
            check(False, name, values)
        else:
            same(raw(layer.get_mask()), padded(MASK8, x, y, width, height), name)
        image.delete()


def check_outputs():
    image, layer = disc()
    old = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(old)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 10, 10)
    call(image, [layer], clicks=CLICKS, output='layer-mask')
    same(raw(layer.get_mask()), MASK8, 'an old mask is replaced, beside the selection too')
    call(image, [layer.get_mask()], clicks=CLICKS, output='layer-mask')
    same(raw(layer.get_mask()), MASK8, 'a selected mask means its layer')
    image.delete()

    image, layer = disc()
    before = pixels(layer, "R'G'B' u8").copy()
    call(image, [layer], clicks=CLICKS, output='new-layer')
    layers = image.get_layers()
    equal(len(layers), 2, 'the new layer is one more')
    check(layers[0].get_name().startswith(layer.get_name()), 'its name begins with the layer\'s', layers[0].get_name())
    same(pixels(layers[0], "R'G'B' u8"), before, 'it has the layer\'s pixels')
    same(raw(layers[0].get_mask()), MASK8, 'and the object as its mask')
    check(layer.get_mask() is None, 'the layer itself has none')
    image.delete()

    image, layer = disc()
    layer.add_alpha()
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.BLACK))
    layer.set_apply_mask(False)
    call(image, [layer], clicks=CLICKS, output='new-layer')
    top = image.get_layers()[0]
    check((pixels(top, "R'G'B'A u8")[..., 3] == 255).all(), 'a mask that is off hides nothing of a new layer')
    same(raw(top.get_mask()), MASK8, 'whose own mask is the object')
    image.delete()

    image, layer = disc()
    layer.add_alpha()
    call(image, [layer], clicks=CLICKS, output='cut-out')
    top = image.get_layers()[0]
    check(top.get_mask() is None and len(image.get_layers()) == 2, 'a cut-out is a layer without a mask')
    same(pixels(top, "R'G'B'A u8")[..., 3], MASK8, 'whose opacity is the object')
    inside = MASK8 > 0
    same(pixels(top, "R'G'B' u8")[inside], before[inside], 'and whose colours are the layer\'s')
    image.delete()

    image, group, inner = disc_in_group()
    call(image, [inner], clicks=CLICKS, output='new-layer')
    equal(len(group.get_children()), 2, 'a layer in a group is copied within the group')
    status, values = call(image, [group], clicks=CLICKS, output='layer-mask')
    check(status == Gimp.PDBStatusType.SUCCESS and group.get_mask() is not None, 'a group can have the mask', values)
    image.delete()

    image, layer = disc()
    other = layer.copy()
    image.insert_layer(other, None, 0)
    status, values = call(image, [layer, other], clicks=CLICKS)
    equal(status, Gimp.PDBStatusType.SUCCESS, 'a selection needs no single layer')
    same(selection(image), MASK8, 'and is the same with two')
    image.delete()


def check_starts():
    """Each start is what the command line makes of the same mask."""
    def ellipse(image):
        Gimp.context_set_feather(False)
        image.select_ellipse(Gimp.ChannelOps.REPLACE, 20, 15, 60, 50)
        return selection(image).copy()

    def expect(start, coverage, name):
        write_png(f'{WORK}/start.png', coverage)
        wanted = segment(f'{WORK}/disc.png', '100,15,-', f'{WORK}/started.png', 8, '--model', MODEL, '--mask',
                         f'{WORK}/start.png')
        status, values = call(image, [layer], clicks='100,15,-', start=start)
        if check(status == Gimp.PDBStatusType.SUCCESS, f'{name}: it runs', values):
            same(selection(image), wanted, f'{name} is what --mask gives on the command line')

    image, layer = disc()
    wanted = ellipse(image)
    expect('selection', wanted, 'from the selection')
    wanted = ellipse(image)
    channel = Gimp.Selection.save(image)
    Gimp.Selection.none(image)
    image.set_selected_channels([channel])
    expect('channel', wanted, 'from a channel')
    image.delete()

    image, layer = disc()
    ellipse(image)
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.SELECTION))
    layer.set_apply_mask(False)  # what is seen stays the picture
    Gimp.Selection.none(image)
    expect('layer-mask', raw(layer.get_mask()), 'from the layer mask')
    image.delete()

    image, bottom = disc()
    layer = Gimp.Layer.new(image, 'clear', 50, 40, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    layer.set_offsets(30, 25)
    layer.fill(Gimp.FillType.WHITE)
    layer.set_visible(False)
    expect('alpha', padded(numpy.full((40, 50), 255, numpy.uint8), -30, -25, *MASK8.shape[::-1]), 'from transparency')
    image.delete()

    image, layer = disc()
    for start, words in (('selection', 'no selection'), ('layer-mask', 'mask'), ('alpha', 'alpha'),
                         ('channel', 'Channels')):
        refused(image, [layer], words, f'a start from {start} that is not there', Gimp.PDBStatusType.CALLING_ERROR,
                clicks=CLICKS, start=start)
    image.delete()


def refused(image, drawables, words, name, status=None, **arguments):
    """The call fails with a sentence that has these words, and the image is as before."""
    layers, channels = len(image.get_layers()), len(image.get_channels())
    before = selection(image).copy()
    image.clean_all()
    found, message = call(image, drawables, **arguments)
    check(found in ((status,) if status else (Gimp.PDBStatusType.CALLING_ERROR, Gimp.PDBStatusType.EXECUTION_ERROR)),
          f'{name}: refused', found)
    check(all(word in str(message) for word in words.split('|')), f'{name}: the sentence says why', message)
    unchanged = (len(image.get_layers()), len(image.get_channels())) == (layers, channels) and \
        (selection(image) == before).all() and not image.is_dirty() and \
        all(layer.get_mask() is None for layer in image.get_layers())
    check(unchanged, f'{name}: the image is unchanged')


def check_refusals():
    calling, execution = Gimp.PDBStatusType.CALLING_ERROR, Gimp.PDBStatusType.EXECUTION_ERROR
    image, layer = disc()
    for clicks, words in (('', 'click'), ('abc', 'abc'), ('10,10', '10,10'), ('10,10,?', '10,10,?'), ('9,9,2,2', '9,9,2,2'), ('500,500,600,600', '500,500,600,600'),
                          ('nan,10,+', 'nan'), ('500,10,+', '500'), ('-3,10,+', 'outside'), ('10,10,+,-5', '-5')):
        refused(image, [layer], words, f'clicks "{clicks}"', calling, clicks=clicks)
    refused(image, [layer], 'no-such-model', 'an unknown model', calling, clicks=CLICKS, model='no-such-model')
    refused(image, [layer], 'click', 'last values that there are not', calling,
            mode=Gimp.RunMode.WITH_LAST_VALS)
    other = layer.copy()
    image.insert_layer(other, None, 0)
    refused(image, [layer, other], 'layer', 'a mask for two layers', calling, clicks=CLICKS, output='layer-mask')
    image.remove_layer(other)
    layer.set_lock_content(True)
    refused(image, [layer], 'locked|' + layer.get_name(), 'a mask for a locked layer', execution, clicks=CLICKS,
            output='layer-mask')
    status, values = call(image, [layer], clicks=CLICKS, output='new-layer')
    equal(status, Gimp.PDBStatusType.SUCCESS, 'a locked layer can be copied')
    image.delete()

    image, group, inner = disc_in_group()
    group.set_lock_content(True)
    refused(image, [inner], 'locked', 'a mask for a layer in a locked group', execution, clicks=CLICKS,
            output='layer-mask')
    refused(image, [inner], 'locked', 'a copy in a locked group', execution, clicks=CLICKS, output='new-layer')
    group.set_lock_content(False)
    refused(image, [group], 'group', 'a group to cut out', execution, clicks=CLICKS, output='cut-out')
    image.delete()
    empty = Gimp.Image.new(30, 20, Gimp.ImageBaseType.RGB)
    refused(empty, [], 'nothing to see', 'an image without layers', execution, clicks='5,5,+')
    empty.delete()


for step in (check_precisions, check_report, check_operations, check_offsets, check_outputs, check_starts,
             check_refusals):
    try:
        step()
    except Exception as error:  # the others are still to be heard
        check(False, f'{step.__name__} ends', f'{type(error).__name__}: {error}')
RESULTS.write('# done\n')
