#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The procedure in gimp-console, without a display: from Python-Fu and Script-Fu, against the command line's masks.

usage: gimp_headless_test.py FOLDER       FOLDER keeps the profile and what the test writes
"""
import os
import pathlib
import shutil
import subprocess
import sys

import numpy
from PIL import Image

from gimp_support import (GERMAN, Tap, check_script, disc, has_german, make_profile, read_gray, run_console, run_python,
                          segment, small_model, write_png)

HERE = pathlib.Path(__file__).resolve().parent
CLICKS = '48,45,+ 100,15,- 60.25,50.5,+,12'
PHOTO_CLICKS = '190,110,+ 130,75,+ 310,200,+ 430,250,-'


def check_torch_free(tap, plugin):
    libraries = subprocess.run(['ldd', plugin], capture_output=True, text=True, check=False).stdout
    tap.check('libgbrs.so' in libraries and 'torch' not in libraries,
              'the plug-in does not pull libtorch in: GIMP\'s query does not load it', libraries)


def check_outputs(tap, work, environment):
    """Precisions, operations, offsets, refusals: headless_checks.py."""
    write_png(work / 'disc.png', disc()[0])
    for depth in (8, 16):
        numpy.save(work / f'disc{depth}.npy',
                   segment(work / 'disc.png', CLICKS, work / f'disc{depth}.png', depth, '--model', work / 'model'))
    check_script(tap, work, environment, 'headless_checks.py', GBRS_CLICKS=CLICKS, GBRS_MODEL=str(work / 'model'))


def check_colours(tap, work, environment):
    """Pictures of other kinds: the network sees the same as on the command line."""
    colours, _ = disc()
    alpha = numpy.full(colours.shape[:2], 255, numpy.uint8)
    alpha[:, 100:] = 90
    gray = colours[..., 0]
    pictures = {
        'gray': gray,
        'gray with alpha': numpy.dstack([gray, alpha]),
        '16 bit': colours.astype(numpy.uint16) * 257 - 100,
        'alpha': numpy.dstack([colours, alpha]),
    }
    for name, pixels in pictures.items():
        path = work / f'{name.replace(" ", "-")}.png'
        write_png(path, pixels)
        compare_with_program(tap, work, environment, path, CLICKS, f'a picture with {name}', work / 'model')

    palette = work / 'palette.png'
    Image.fromarray(colours).quantize(64).save(palette)
    compare_with_program(tap, work, environment, palette, CLICKS, 'a picture with a palette', work / 'model')
    profile = work / 'adobe.icc'
    profile.unlink(missing_ok=True)
    run_console(environment, 'python-fu-eval', 'from gi.repository import Gimp; '
                f'open({str(profile)!r}, "wb").write(bytes(Gimp.ColorProfile.new_rgb_adobe().get_icc_profile()))')
    if tap.check(profile.exists(), 'GIMP gives the Adobe RGB profile'):
        adobe = work / 'adobe.png'
        Image.fromarray(colours).save(adobe, icc_profile=profile.read_bytes())
        compare_with_program(tap, work, environment, adobe, CLICKS, 'a picture in Adobe RGB', work / 'model')
        plain = segment(work / 'disc.png', CLICKS, work / 'plain.png', 8, '--model', work / 'model')
        tap.check((read_gray(work / 'program.png') != plain).any(), 'its profile makes a difference')


def check_photo(tap, work, environment):
    photos = os.environ.get('GBRS_PHOTOS', '')
    path = pathlib.Path(photos) / 'chelsea.png'
    name = 'a photograph'
    if not photos or not path.exists():
        tap.skip(name, 'GBRS_PHOTOS names no folder with chelsea.png')
        return
    compare_with_program(tap, work, environment, path, PHOTO_CLICKS, name, 'segment-small')


def compare_with_program(tap, work, environment, path, clicks, name, model):
    mask = work / 'program.png'
    depth = 16 if '16' in path.name else 8
    wanted = segment(path, clicks, mask, depth, '--model', model)
    found = work / 'selection.npy'
    found.unlink(missing_ok=True)
    status, output = run_python(environment, HERE / 'headless_selection.py', GBRS_RESULTS=os.devnull,
                                GBRS_HERE=str(HERE), GBRS_IMAGE=str(path), GBRS_CLICKS=clicks, GBRS_MODEL=str(model),
                                GBRS_FOUND=str(found))
    if not tap.check(status == 0 and found.exists(), f'{name}: a selection is made', output[-2000:]):
        return
    selection = numpy.load(found)
    different = int((selection != wanted).sum()) if selection.shape == wanted.shape else -1
    tap.check(different == 0, f'{name}: GIMP and the command line give the same bytes', f'{different} pixels differ')
    tap.check(wanted.min() < wanted.max(), f'{name}: the mask is neither empty nor full')


def check_script_fu(tap, work, environment):
    call = (f'(plug-in-gbrs-select #:run-mode RUN-NONINTERACTIVE #:image i #:drawables (vector l) '
            f'#:clicks "CLICKS" #:model "{work}/model" #:output "selection")')
    told = work / 'script-fu.txt'  # what is printed may be broken by GIMP's own messages
    script = (f'(let* ((i (car (gimp-file-load RUN-NONINTERACTIVE "{work}/disc.png"))) '
              f'(l (vector-ref (car (gimp-image-get-layers i)) 0)) (unsatisfied (car {call})) '
              f'(port (open-output-file "{told}"))) '
              f'(write (list unsatisfied (gimp-selection-value i 48 45) (gimp-selection-value i 100 15)) port) '
              f'(close-output-port port))')
    status, output = run_console(environment, 'plug-in-script-fu-eval', script.replace('CLICKS', CLICKS))
    mask = read_gray(work / 'disc8.png')
    wanted = f'(0 ({mask[45, 48]}) ({mask[15, 100]}))'
    found = told.read_text() if told.exists() else ''
    tap.check(status == 0 and found == wanted, 'Script-Fu calls it and reads what it returns',
              f'status {status}, wanted {wanted}, found {found}: {output[-1500:]}')
    status, output = run_console(environment, 'plug-in-script-fu-eval', script.replace('CLICKS', '1,2'))
    tap.check(status != 0 and '1,2' in output, 'Script-Fu stops at a bad click', f'status {status}: {output[-1500:]}')


def check_comma_locale(tap, work, environment):
    name = 'a locale with a decimal comma changes nothing'
    if not has_german():
        tap.skip(name, 'there is no locale de_DE.UTF-8')
        return
    compare_with_program(tap, work, dict(environment, **GERMAN), work / 'disc.png',
                         '48.5,45.25,+ 100.75,15.5,-,20.5', name, work / 'model')


def main():
    work = pathlib.Path(sys.argv[1])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tap = Tap()
    plugin = os.environ['GBRS_PLUGIN']
    environment = make_profile(work, plugin)
    small_model(work / 'model')
    check_torch_free(tap, plugin)
    check_outputs(tap, work, environment)
    check_script(tap, work, environment, 'headless_hints.py', GBRS_MODEL='segment-small')
    check_colours(tap, work, environment)
    check_photo(tap, work, environment)
    check_script_fu(tap, work, environment)
    check_comma_locale(tap, work, environment)
    sys.exit(tap.end())


main()
