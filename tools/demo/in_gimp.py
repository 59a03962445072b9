# SPDX-License-Identifier: Apache-2.0
"""The part of the demo that runs inside GIMP: see demo.py, which waits for the files written here."""
import json
import os
import pathlib

import gi

gi.require_version('Gimp', '3.0')
gi.require_version('Gegl', '0.4')
from gi.repository import Babl, Gegl, Gimp, Gio  # noqa: E402

job = json.loads(os.environ['GBRS_DEMO'])
exchange = pathlib.Path(job['exchange'])


def call(name, image, **arguments):
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    config.set_property('run-mode', Gimp.RunMode.NONINTERACTIVE)
    config.set_property('image', image)
    config.set_core_object_array('drawables', image.get_selected_drawables())
    for argument, value in arguments.items():
        config.set_property(argument, value)
    values = procedure.run(config)
    if values.index(0) != Gimp.PDBStatusType.SUCCESS:
        raise RuntimeError(Gimp.get_pdb().get_last_error())
    return values


def select(image, clicks):
    """Number of unsatisfied clicks and the engine's report."""
    values = call('plug-in-gbrs-select', image, clicks=' '.join(clicks))
    return values.index(1), json.loads(values.index(2))


def refine_edge(image):
    """The selection's edge becomes a matte, and that the selection."""
    call('plug-in-gbrs-matte', image, start='selection', output='selection')
    write('matte', bytes(selected_bytes(image)))


def find_kinds(image, kinds):
    """Selects them."""
    found = call('plug-in-gbrs-semantic', image, classes=kinds).index(3)
    pixels = selected_bytes(image)
    write('kinds.json', json.dumps({'found': found, 'share': sum(pixels) / 255 / len(pixels)}).encode())
    write('kinds', bytes(pixels))


def make_depth(image, clicks, path):
    values = call('plug-in-gbrs-depth', image, clicks=clicks)
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, values.index(3), Gio.File.new_for_path(path), None)
    values.index(3).delete()
    write('depth.json', json.dumps({'report': json.loads(values.index(2)), 'unsatisfied': values.index(1)}).encode())


def selected_bytes(image):
    """The selection, 0..255, row by row."""
    area = Gegl.Rectangle.new(0, 0, image.get_width(), image.get_height())
    return Gimp.Image.get_selection(image).get_buffer().get(area, 1.0, 'Y u8', Gegl.AbyssPolicy.NONE)


def write(name, data):
    """Complete or not at all: the reader polls."""
    (exchange / 'part').write_bytes(data)
    (exchange / 'part').rename(exchange / name)


try:
    photograph = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(job['photo']))
    pixels = b''
    for count in range(1, len(job['clicks']) + 1):
        unsatisfied, report = select(photograph, job['clicks'][:count])
        pixels = selected_bytes(photograph)
        write(f'{count}.json', json.dumps({
            'unsatisfied': unsatisfied, 'report': report, 'share': sum(pixels) / 255 / len(pixels),
            'width': photograph.get_width(), 'height': photograph.get_height()}).encode())
    channel = Gimp.Selection.save(photograph)
    channel.set_name('Object by clicks')
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, photograph, Gio.File.new_for_path(job['xcf']), None)
    write('mask', bytes(pixels))
    if job.get('matte'):
        refine_edge(photograph)
    if 'kinds' in job:
        find_kinds(photograph, job['kinds'])
    if 'depth' in job:
        make_depth(photograph, job['depth'], job['depth_path'])
except Exception as problem:  # told to the one who waits
    write('error', str(problem).encode())
