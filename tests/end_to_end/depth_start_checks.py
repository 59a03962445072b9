# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside GIMP (Python-Fu, no display): depth layers that go on from a layer or channel, against what the command
line makes of the same start.

Environment: GBRS_RESULTS (file for what was found), GBRS_WORK (folder with cat.png, depth.npy, what the network says, and
bent.npy, what a click makes of the ramp), GBRS_HERE (this folder).
"""
import os
import sys

sys.path.insert(0, os.environ['GBRS_HERE'])
from inside_gimp import *  # noqa: E402,F403

WORK = os.environ['GBRS_WORK']
DEPTH = 'plug-in-gbrs-depth'
SUCCESS, CALLING = Gimp.PDBStatusType.SUCCESS, Gimp.PDBStatusType.CALLING_ERROR
NEAR, FAR = 1.0, 4.0
CLICK = '100,100,3'


def ramp(height, width):
    """Greys 0..1, near black."""
    return numpy.load(f'{WORK}/ramp.npy')[:height, :width]


def fill(drawable, greys):
    """Numbers 0..1 as the drawable stores them."""
    colours = numpy.ascontiguousarray(numpy.repeat(greys[..., None], 3, 2).astype(numpy.float32))
    name = encoding(drawable)
    model = "R'G'B'" if "'" in name else 'R~G~B~' if '~' in name else 'RGB'
    buffer = drawable.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, greys.shape[1], greys.shape[0]), f'{model} float', colours.tobytes())
    buffer.flush()
    drawable.update(0, 0, greys.shape[1], greys.shape[0])


def add_layer(image, name, greys, kind=None, offset=(0, 0), parent=None):
    height, width = greys.shape
    kind = Gimp.ImageType.RGB_IMAGE if kind is None else kind
    layer = Gimp.Layer.new(image, name, width, height, kind, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, parent, 0)
    layer.set_offsets(*offset)
    fill(layer, greys)
    return layer


def run(image, **arguments):
    """The grey numbers 0..1 of the new image, or why there is none."""
    status, values = run_whole(image, **arguments)
    if status != SUCCESS:
        return status, values
    made = values.index(3)
    greys = raw(made.get_layers()[0]).astype(float) / 65535
    made.delete()
    return status, greys


def run_whole(image, **arguments):
    procedure = Gimp.get_pdb().lookup_procedure(DEPTH)
    config = procedure.create_config()
    config.set_property('run-mode', Gimp.RunMode.NONINTERACTIVE)
    config.set_property('image', image)
    config.set_core_object_array('drawables', [image.get_layers()[-1]])
    for argument, value in arguments.items():
        config.set_property(argument, value)
    values = procedure.run(config)
    return values.index(0), values if values.index(0) == SUCCESS else Gimp.get_pdb().get_last_error()


def close_to(found, wanted, most, name):
    status, greys = found
    worst = numpy.abs(greys - wanted).max() if status == SUCCESS else greys
    check(status == SUCCESS and worst <= most, name, worst)


def check_range_given():
    image = load(f'{WORK}/cat.png')
    greys = ramp(image.get_height(), image.get_width())
    stored = raw(add_layer(image, 'Ramp', greys))[..., 0] / 255
    given = {'start': 'Ramp', 'near': 'black', 'nearest': NEAR, 'farthest': FAR}
    close_to(run(image, **given), stored, 1e-4, 'start: without clicks the layer is what it was')
    bent = (numpy.load(f'{WORK}/bent.npy') - NEAR) / (FAR - NEAR)
    close_to(run(image, **given, clicks=CLICK), numpy.clip(bent, 0, 1), 1.5 / 255,
             'start: a click bends it as on the command line: the layer over the picture is not seen')
    close_to(run(image, **(given | {'near': 'white'})), stored, 1e-4, 'start: near may be white')
    close_to(run(image, **given, scale='disparity'), stored, 1e-4, 'start: greys may be inverse depths')
    inverse = 1 / NEAR + stored[100, 100] * (1 / FAR - 1 / NEAR)
    status, found = run(image, **given, scale='disparity', clicks=f'100,100,{1 / inverse + 0.25:.6f}')
    moved = (1 / (1 / inverse + 0.25) - 1 / NEAR) / (1 / FAR - 1 / NEAR)
    check(status == SUCCESS and abs(found[100, 100] - moved) < 2e-3, 'start: and a click says a depth of them',
          (found if status != SUCCESS else found[100, 100], moved))
    check([layer.get_visible() for layer in image.get_layers()] == [True, True], 'start: the image is as it was')
    image.delete()


def check_range_fitted():
    """Both ends at 0: least squares against what the network says."""
    image = load(f'{WORK}/cat.png')
    greys = ramp(image.get_height(), image.get_width())
    stored = raw(add_layer(image, 'Ramp', greys))[..., 0] / 255
    depth = numpy.load(f'{WORK}/depth.npy').astype(float)
    close_to(run(image, start='Ramp', near='black'), stored, 1e-4, 'fitted start: without clicks it is what it was')
    rise, first = numpy.polyfit(stored.ravel(), depth.ravel(), 1)
    wanted = first + rise * stored[100, 100] + 0.05
    status, found = run(image, start='Ramp', near='black', clicks=f'100,100,{wanted:.4f}')
    expected = (wanted - first) / rise
    check(status == SUCCESS and abs(found[100, 100] - expected) < 0.02, 'fitted start: a click of metres is where they are',
          (found if status != SUCCESS else found[100, 100], expected, first, first + rise))
    image.delete()


def check_kinds_of_start():
    image = load(f'{WORK}/cat.png')
    height, width = image.get_height(), image.get_width()
    greys = ramp(height, width)
    stored = raw(add_layer(image, 'Ramp', greys))[..., 0] / 255
    given = {'near': 'black', 'nearest': NEAR, 'farthest': FAR}
    channel = Gimp.Channel.new(image, 'Z', width, height, 50, Gegl.Color.new('red'))
    image.insert_channel(channel, None, 0)
    fill(channel, greys)
    close_to(run(image, start='Z', **given), raw(channel) / 255, 1e-4, 'start: a channel')
    group = Gimp.GroupLayer.new(image, 'renders')
    image.insert_layer(group, None, 0)
    margin = numpy.pad(greys, 8, mode='edge')
    add_layer(image, 'larger', margin, offset=(-8, -8), parent=group)
    close_to(run(image, start='larger', **given), stored, 1e-4, 'start: a layer in a group that reaches beyond the picture')
    close_to(run(image, start='renders', **given), stored, 1e-4, 'start: a group')
    image.delete()
    for precision in ('U16_NON_LINEAR', 'U16_LINEAR', 'U32_LINEAR', 'FLOAT_NON_LINEAR', 'FLOAT_LINEAR', 'U16_PERCEPTUAL'):
        image = load(f'{WORK}/cat.png')
        image.convert_precision(getattr(Gimp.Precision, precision))
        add_layer(image, 'Ramp', greys).set_visible(False)
        close_to(run(image, start='Ramp', **given), greys, 2e-5 + 1 / 65535, f'start: {precision}')
        if precision == 'FLOAT_LINEAR':
            add_layer(image, 'Metres', 2 + 5 * greys).set_visible(False)
            status, found = run(image, start='Metres', near='black')
            wanted = (2 + 5 * greys - 2 - 5 * greys.min()) / (5 * (greys.max() - greys.min()))
            check(status == SUCCESS and numpy.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.999,
                  'start: floats beyond 1', found if status != SUCCESS else '')
        image.delete()
    grey = load(f'{WORK}/cat.png')
    grey.convert_grayscale()
    stored = raw(add_layer(grey, 'Ramp', greys, Gimp.ImageType.GRAY_IMAGE)) / 255
    close_to(run(grey, start='Ramp', **given), stored, 1e-4, 'start: a grey image')
    grey.delete()


def check_bands():
    """A picture of more than one band: all of them are where they belong."""
    image = load(f'{WORK}/cat.png')
    width, height = 1300, 1900
    image.scale(width, height)
    greys = numpy.linspace(0, 1, height, dtype=numpy.float32)[:, None] * numpy.linspace(0.5, 1, width, dtype=numpy.float32)
    stored = raw(add_layer(image, 'Slope', greys))[..., 0] / 255
    given = {'start': 'Slope', 'near': 'black', 'nearest': NEAR, 'farthest': FAR}
    close_to(run(image, **given), stored, 1e-4, 'bands: a new image')
    status, values = run_whole(image, **given, output='layer')
    slope, depth = (raw(layer)[..., 0].astype(int) for layer in image.get_layers()[1::-1])
    check(status == SUCCESS and numpy.abs(slope - depth).max() <= 1, 'bands: a layer', numpy.abs(slope - depth).max())
    image.delete()


def check_refusals():
    image = load(f'{WORK}/cat.png')
    height, width = image.get_height(), image.get_width()
    greys = ramp(height, width)
    status, message = run(image, start=image.get_layers()[0].get_name())
    check(status != SUCCESS and 'only layer' in message, 'start: the picture itself is refused', message)
    add_layer(image, 'small', greys[10:, :-10], offset=(5, 5))
    clear = add_layer(image, 'clear', greys, Gimp.ImageType.RGBA_IMAGE)
    clear.get_buffer().set(Gegl.Rectangle.new(3, 3, 4, 4), 'RGBA float', numpy.zeros((4, 4, 4), numpy.float32).tobytes())
    colourful = add_layer(image, 'colourful', greys)
    colourful.get_buffer().set(Gegl.Rectangle.new(9, 9, 1, 1), "R'G'B' u8", bytes([200, 30, 30]))
    image.clean_all()
    layers = len(image.get_layers())
    for name, words in (('nowhere', 'no layer or channel'), ('small', f'{width - 10}×{height - 10}'),
                        ('clear', 'transparent'), ('colourful', 'colours')):
        for place in ('image', 'layer'):
            status, message = run_whole(image, start=name, output=place)
            check(status != SUCCESS and words in message and f'“{name}”' in message and len(message.splitlines()) == 1,
                  f'start, {name}: refused', message)
    check(len(image.get_layers()) == layers and not image.is_dirty(), 'start: the image is unchanged')
    image.delete()


check_range_given()
check_range_fitted()
check_kinds_of_start()
check_bands()
check_refusals()
RESULTS.write('# done\n')
