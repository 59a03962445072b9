# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts that run inside GIMP share: calling the procedure, reading pixels, telling what was found."""
import os

import gi

gi.require_version('Gimp', '3.0')
gi.require_version('Gegl', '0.4')
from gi.repository import Babl, Gegl, Gimp, Gio  # noqa: E402
import numpy  # noqa: E402

PROCEDURE = 'plug-in-gbrs-select'
RESULTS = open(os.environ['GBRS_RESULTS'], 'a', buffering=1, encoding='utf-8')
TYPES = {'u8': numpy.uint8, 'u16': numpy.uint16, 'u32': numpy.uint32, 'float': numpy.float32}


def check(passed, name, detail=''):
    RESULTS.write(f'{"ok" if passed else "not ok"} - {name}\n')
    if not passed and detail != '':
        RESULTS.write(f'# {detail}\n')
    return passed


def equal(found, wanted, name):
    check(found == wanted, name, f'found {found!r}, wanted {wanted!r}')


def same(found, wanted, name):
    """Arrays, number by number."""
    if found.shape != wanted.shape:
        check(False, name, f'sizes {found.shape} and {wanted.shape}')
        return
    different = found != wanted
    example = tuple(int(i) for i in numpy.argwhere(different)[0]) if different.any() else ()
    check(not different.any(), name, f'{int(different.sum())} differ, first at {example}: found '
          f'{found[example]}, wanted {wanted[example]}' if example else '')


def load(path):
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path)))


def call(image, drawables, mode=Gimp.RunMode.NONINTERACTIVE, name=PROCEDURE, **arguments):
    """Runs the procedure; returns (status, values or message)."""
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    if 'GBRS_MODEL' in os.environ:
        config.set_property('model', os.environ['GBRS_MODEL'])
    config.set_property('run-mode', mode)
    config.set_property('image', image)
    config.set_core_object_array('drawables', drawables)
    for argument, value in arguments.items():
        config.set_property(argument.replace('_', '-'), value)
    values = procedure.run(config)
    status = values.index(0)
    if status != Gimp.PDBStatusType.SUCCESS:
        return status, Gimp.get_pdb().get_last_error()
    return status, (values.index(1), values.index(2))


def encoding(drawable):
    return Babl.format_get_encoding(drawable.get_format())


def pixels(drawable, format_name):
    """The drawable's numbers in a format that has a type of TYPES."""
    width, height = drawable.get_width(), drawable.get_height()
    data = drawable.get_buffer().get(Gegl.Rectangle.new(0, 0, width, height), 1.0, format_name,
                                     Gegl.AbyssPolicy.NONE)
    values = numpy.frombuffer(data, TYPES[format_name.split()[1]])
    return values.reshape(height, width, -1).squeeze(2) if values.size == width * height else \
        values.reshape(height, width, -1)


def raw(drawable):
    """The numbers as the drawable has them; half and double as float."""
    model, kind = encoding(drawable).split()
    return pixels(drawable, f'{model} {kind if kind in TYPES else "float"}')


def selection(image):
    return raw(image.get_selection())
