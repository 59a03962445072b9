# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside GIMP (Python-Fu, no display): mattes from all starts into all outputs, against the command line's.

Environment: GBRS_RESULTS (file for what was found), GBRS_WORK (folder with disc.png, rough.png, soft.png, trimap.png,
what the command line made of them as of_*.npy, and alpha.npy), GBRS_MODEL, GBRS_CLICKS, GBRS_PAINTED, GBRS_HERE
(this folder).
"""
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

WORK, CLICKS = os.environ['GBRS_WORK'], os.environ['GBRS_CLICKS']
MATTE = 'plug-in-gbrs-matte'
SUCCESS = Gimp.PDBStatusType.SUCCESS


def numbers(name):
    """What the command line gave, 16 bits."""
    return numpy.load(f'{WORK}/{name}.npy')


def start_pixels(name):
    image = load(f'{WORK}/{name}.png')
    values = raw(image.get_layers()[0])
    image.delete()
    return values


def new_channel(image, name):
    """A selected channel with the numbers of a grey picture."""
    values = start_pixels(name)
    channel = Gimp.Channel.new(image, name, image.get_width(), image.get_height(), 50, Gegl.Color.new('red'))
    image.insert_channel(channel, None, 0)
    write(channel, values)
    image.set_selected_channels([channel])
    return channel


def write(drawable, values):
    """8-bit numbers, as the drawable stores them."""
    buffer = drawable.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, values.shape[1], values.shape[0]), f'{encoding(drawable).split()[0]} u8', values.tobytes())
    buffer.flush()
    drawable.update(0, 0, values.shape[1], values.shape[0])


def select(image, name):
    channel = new_channel(image, name)
    image.select_item(Gimp.ChannelOps.REPLACE, channel)
    image.remove_channel(channel)


def matte(image, **arguments):
    return call(image, [image.get_layers()[0]], name=MATTE, clicks=CLICKS, **arguments)


def check_selection():
    image = load(f'{WORK}/disc.png')
    select(image, 'rough')
    before = selection(image)
    status, values = matte(image, start='selection', band=8.0)
    check(status == SUCCESS and values[0] == 0, 'selection: it runs, and clicks are obeyed', values)
    mask = image.get_layers()[0].get_mask()
    # the file has 16 bits, so that a half may be rounded twice
    worst = numpy.abs(raw(mask).astype(float) - numbers('of_rough') / 257).max()
    check(encoding(mask) == 'Y u8' and worst <= 0.51, 'selection: the layer mask is the command line\'s alpha', worst)
    same(selection(image), before, 'selection: it is left as it is')
    status, values = matte(image, start='selection', band=8.0, output='selection')
    same(selection(image), raw(mask), 'selection: it becomes the same')
    image.delete()


def check_trimap():
    image = load(f'{WORK}/disc.png')
    image.convert_precision(Gimp.Precision.U16_LINEAR)
    new_channel(image, 'trimap')
    status, values = matte(image, start='trimap', output='channel')
    check(status == SUCCESS, 'trimap: it runs', values)
    names = [channel.get_name() for channel in image.get_channels()]
    check(len(names) == 2, 'trimap: a new channel', names)
    found = raw(image.get_channels()[0])
    worst = numpy.abs(found.astype(int) - numbers('of_trimap')).max()
    check(found.dtype == numpy.uint16 and worst <= 1, 'trimap: its 16 bits are the command line\'s', worst)
    image.delete()


def check_painted():
    """Over a trimap, which the command line is given painted."""
    image = load(f'{WORK}/disc.png')
    new_channel(image, 'trimap')
    status, values = matte(image, start='trimap', output='selection', painted=os.environ['GBRS_PAINTED'])
    check(status == SUCCESS and values[0] == 0, 'painted: it runs', values)
    found = selection(image)
    worst = numpy.abs(found.astype(float) - numbers('of_painted') / 257).max()
    check(worst <= 0.51, 'painted: the result is that of the command line with the painted trimap', worst)
    image.delete()


def check_keeping():
    image = load(f'{WORK}/disc.png')
    layer = image.get_layers()[0]
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.WHITE))
    write(layer.get_mask(), start_pixels('soft'))
    status, values = matte(image, start='layer-mask', keep=True)
    check(status == SUCCESS, 'layer mask: it runs', values)
    worst = numpy.abs(raw(layer.get_mask()).astype(float) - numbers('of_soft') / 257).max()
    check(worst <= 0.51, 'layer mask: it goes on from its own opacity', worst)
    image.delete()


def check_alpha():
    image = load(f'{WORK}/disc.png')
    layer = image.get_layers()[0]
    select(image, 'rough')
    layer.add_alpha()
    Gimp.Selection.invert(image)
    layer.edit_clear()
    Gimp.Selection.none(image)
    status, values = matte(image, start='alpha', band=8.0, output='selection')
    found = selection(image)
    check(status == SUCCESS and ((found > 0) & (found < 255)).any(), 'transparency: it runs', values)
    image.delete()


def check_new_layer():
    alpha = numpy.load(f'{WORK}/alpha.npy')
    image = load(f'{WORK}/disc.png')
    before = raw(image.get_layers()[0])
    new_channel(image, 'soft')
    status, values = call(image, [image.get_layers()[0]], name=MATTE, start='channel', keep=True, output='new-layer')
    layers = image.get_layers()
    check(status == SUCCESS and len(layers) == 2 and layers[0].get_mask() is not None, 'new layer: it is there, with a mask', values)
    same(raw(layers[0].get_mask()), start_pixels('soft'), 'new layer: without clicks the mask is the start')
    same(raw(layers[1]), before, 'new layer: the old one is unchanged')
    colours = raw(layers[0])[..., :3]
    soft = (alpha > 0.1) & (alpha < 0.9)
    error = numpy.abs(colours[soft].astype(float) - [220, 120, 30]).mean()
    error_before = numpy.abs(before[soft][:, :3].astype(float) - [220, 120, 30]).mean()
    check(error < error_before / 4, 'new layer: colours without those of the background', (error, error_before))
    same(colours[alpha == 1], before[alpha == 1][:, :3], 'new layer: wholly opaque pixels keep theirs')
    image.delete()


def check_repeating():
    image = load(f'{WORK}/disc.png')
    new_channel(image, 'trimap')
    matte(image, start='trimap', output='selection')
    first = selection(image)
    Gimp.Selection.none(image)
    status, values = matte(image, mode=Gimp.RunMode.WITH_LAST_VALS, start='trimap', output='selection')
    check(status == SUCCESS, 'again: with the last values', values)
    same(selection(image), first, 'again: the same')
    image.delete()


def check_refusals():
    image = load(f'{WORK}/disc.png')
    layer = image.get_layers()[0]
    trimap = new_channel(image, 'trimap')
    image.clean_all()
    for words, part, arguments in (
            ('no selection', 'selection', {'start': 'selection'}),
            ('no layer mask', 'mask', {'start': 'layer-mask'}),
            ('no transparency', 'alpha', {'start': 'alpha'}),
            ('alpha 3', '3', {'start': 'trimap', 'clicks': '70,32,3'}),
            ('a click where all is known', 'trimap', {'start': 'trimap', 'clicks': '2,2,0.5'}),
            ('a stroke of no kind', 'painted stroke "hold,3:2,2"', {'start': 'trimap', 'painted': 'keep,2:9,9; hold,3:2,2'}),
            ('a stroke without places', 'painted stroke', {'start': 'trimap', 'painted': 'keep,2:'}),
            ('a stroke beside the picture', 'leaves the picture', {'start': 'trimap', 'painted': 'keep,2:9,9 4000,9'}),
            ('a stroke over a click', 'trimap', {'start': 'trimap', 'clicks': '70,32,0.25', 'painted': 'keep,2:70,32'}),
            ('a model of another task', 'segment-small', {'start': 'trimap', 'model': 'segment-small'})):
        status, message = call(image, [layer], name=MATTE, **arguments)
        check(status == Gimp.PDBStatusType.CALLING_ERROR and part in message and len(message.splitlines()) == 1,
              f'{words}: refused', message)
    write(trimap, numpy.full((image.get_height(), image.get_width()), 255, numpy.uint8))
    image.clean_all()
    status, message = call(image, [layer], name=MATTE, start='trimap')
    check(status == Gimp.PDBStatusType.CALLING_ERROR and 'background' in message, 'a trimap without background: refused', message)
    image.remove_channel(trimap)
    status, message = call(image, [layer], name=MATTE, start='channel')
    check(status == Gimp.PDBStatusType.CALLING_ERROR and 'channel' in message, 'no channel is selected: refused', message)
    layer.set_lock_content(True)
    image.clean_all()
    status, message = call(image, [layer], name=MATTE, start='trimap')
    check(status == Gimp.PDBStatusType.EXECUTION_ERROR and 'locked' in message, 'a locked layer: refused', message)
    check(layer.get_mask() is None and len(image.get_layers()) == 1 and not image.is_dirty(), 'the image is unchanged')
    image.delete()
    image = load(f'{WORK}/disc.png')
    new_channel(image, 'trimap')
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16, False, False, '')
    status, message = matte(image, start='trimap', output='new-layer')
    check(status == Gimp.PDBStatusType.EXECUTION_ERROR and 'indexed' in message, 'an indexed image takes no new layer', message)
    status, message = matte(image, start='trimap', output='layer-mask')
    check(status == SUCCESS, 'an indexed image takes a layer mask', message)
    image.delete()


check_selection()
check_trimap()
check_painted()
check_keeping()
check_alpha()
check_new_layer()
check_repeating()
check_refusals()
RESULTS.write('# done\n')
