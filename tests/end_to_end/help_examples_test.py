#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the help page in gimp-console: they run as they stand there, and do what the page says.

usage: help_examples_test.py FOLDER       FOLDER keeps the profile and what the examples write
"""
import html
import os
import pathlib
import re
import shutil
import sys

import numpy

from gimp_support import SOURCE, Tap, disc, make_profile, run_console, run_python, write_png

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = re.compile(r'<pre data-language="([\w-]+)">(.*?)</pre>', re.DOTALL)
INCLUDED, EXCLUDED = (45, 48), (15, 100)  # row and column of the examples' clicks


def examples():
    page = (SOURCE / 'data/help/en/index.html').read_text(encoding='utf-8')
    return {language: html.unescape(text) for language, text in EXAMPLE.findall(page)}


def run_example(tap, work, environment, language, text):
    """Returns the layers that the example has saved and what it printed; nothing where it failed."""
    saved, layers = work / f'{language}.xcf', work / f'{language}.npz'
    script = text.replace('PHOTO', str(work / 'disc.png')).replace('RESULT', str(saved))
    tap.check('PHOTO' in text and 'RESULT' in text, f'{language}: the example names what to replace')
    if language == 'script-fu':
        status, output = run_console(environment, 'plug-in-script-fu-eval', script)
    else:
        (work / 'example.py').write_text(script, encoding='utf-8')
        status, output = run_python(environment, work / 'example.py')
    if not tap.check(status == 0 and saved.exists(), f'{language}: the example runs and saves', output[-2000:]):
        return {}, output
    _, loaded = run_python(environment, HERE / 'headless_layers.py', GBRS_RESULTS=os.devnull, GBRS_HERE=str(HERE),
                           GBRS_IMAGE=str(saved), GBRS_FOUND=str(layers))
    tap.check(layers.exists(), f'{language}: GIMP reads what was saved', loaded[-2000:])
    return dict(numpy.load(layers)) if layers.exists() else {}, output


def check_clicks(tap, coverage, name):
    tap.check(coverage is not None and coverage[INCLUDED] >= 128 and coverage[EXCLUDED] < 128, name,
              coverage is not None and (coverage[INCLUDED], coverage[EXCLUDED]))


def main():
    work = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tap = Tap()
    picture = disc()[0]
    write_png(work / 'disc.png', picture)
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    found = examples()
    tap.equal(sorted(found), ['python-fu', 'script-fu'], 'the help page has an example for each language')

    layers, _ = run_example(tap, work, environment, 'script-fu', found['script-fu'])
    tap.equal(sorted(layers), ['mask 0', 'pixels 0'], 'script-fu: the layer has a mask')
    check_clicks(tap, layers.get('mask 0'), 'script-fu: which obeys the clicks')

    layers, output = run_example(tap, work, environment, 'python-fu', found['python-fu'])
    tap.equal(sorted(layers), ['pixels 0', 'pixels 1'], 'python-fu: there is a new layer')
    if 'pixels 1' in layers:
        check_clicks(tap, layers['pixels 0'][..., -1], 'python-fu: whose opacity obeys the clicks')
        tap.check((layers['pixels 1'][..., :3] == picture).all(), 'python-fu: the old one is as it was')
    tap.check('clicks that could not be obeyed: 0' in output, 'python-fu: it prints that every click is obeyed',
              output[-2000:])
    sys.exit(tap.end())


main()
