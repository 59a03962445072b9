# SPDX-License-Identifier: Apache-2.0
"""`gbrs train matte` as its users call it: it learns, goes on after a signal, and refuses what is wrong.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from tap import Tap  # noqa: E402

PROGRAM = os.environ['GBRS_PROGRAM']
SEGMENT = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0]) / 'segment-small/weights.safetensors'
KINDS = ('hair', 'fur', 'lace', 'glass', 'blur')
RECIPE = {
    'architecture': 'matte-mnv2', 'samples': 12, 'type': 'float32', 'checkpoint_every': 4,
    'crops': [{'size': 65, 'batch': 2}, {'size': [49, 81], 'batch': 2}],
    'data': [{'cutouts': 'cut', 'backgrounds': ['photos'], 'weight': 3},
             *({'generated': kind, 'backgrounds': ['photos']} for kind in KINDS)],
    'optimiser': {'warm_up': 0, 'rate': 1e-3}}
tap = Tap()


def make_data(folder):
    """Red cut-outs with soft edges, and pictures of smooth noise."""
    random = numpy.random.default_rng(1)
    for name in ('cut/fg', 'cut/alpha', 'photos'):
        (folder / name).mkdir(parents=True)
    y, x = numpy.mgrid[0:60, 0:80]
    for i in range(3):
        alpha = numpy.clip((25 - numpy.hypot(x - 40, y - 30)) * (12 + 10 * i), 0, 255).astype(numpy.uint8)
        Image.fromarray(alpha).save(folder / f'cut/alpha/{i}.png')
        Image.new('RGB', (80, 60), (230, 30, 60 * i)).save(folder / f'cut/fg/{i}.png')
        noise = Image.fromarray(random.integers(0, 255, (9, 12, 3), numpy.uint8))
        noise.resize((120, 90), Image.Resampling.BICUBIC).save(folder / f'photos/{i}.png')


def run(folder, output, recipe=RECIPE, *options, weights=SEGMENT, task='matte'):
    path = folder / f'{output}.json'
    path.write_text(json.dumps(recipe))
    given = ('--from', weights) if weights is not None else ()
    command = (PROGRAM, 'train', task, path, '--data', folder / 'data', *given, '--out', folder / output, *options)
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, check=False)


def read_log(folder):
    with open(folder / 'log.csv') as file:
        return list(csv.DictReader(file))


def weights_of(folder):
    return (folder / 'weights.safetensors').read_bytes()


def check_training(folder):
    done = run(folder, 'whole')
    tap.check(done.returncode == 0 and 'finished after 12 samples' in done.stderr, 'a training ends', done.stderr)
    log = read_log(folder / 'whole')
    tap.check([line['samples'] for line in log] == ['12'] and 0 < float(log[0]['mse']) < float(log[0]['mad']) < 1,
              'log.csv has errors of alpha', str(log))
    again = run(folder, 'again')
    tap.check(again.returncode == 0 and weights_of(folder / 'again') == weights_of(folder / 'whole'),
              'the same again gives the same bytes', again.stderr)
    paused = run(folder, 'parts', RECIPE, '--minutes', '0.0001')
    done = run(folder, 'parts', RECIPE, '--resume', weights=None)
    tap.check('paused after' in paused.stderr and 'going on after' in done.stderr
              and weights_of(folder / 'parts') == weights_of(folder / 'whole'),
              'a training that was paused goes on to the same bytes', done.stderr)


def check_learning(folder):
    recipe = RECIPE | {'samples': 400, 'crops': [{'size': 49, 'batch': 4}], 'checkpoint_every': 1000,
                       'data': [{'cutouts': 'cut', 'backgrounds': ['photos']}]}
    done = run(folder, 'learning', recipe, weights=None)
    final = float(read_log(folder / 'learning')[-1]['mad']) if done.returncode == 0 else 9
    brief = run(folder, 'start', recipe | {'samples': 12}, weights=None)
    first = float(read_log(folder / 'start')[-1]['mad']) if brief.returncode == 0 else 0
    # the mean over the whole training against that of its first twelve samples
    tap.check(final < 0.8 * first, 'the error falls, from random weights on', f'{first} to {final} {done.stderr}')


def refused(folder, name, words, *arguments, status=1, **options):
    done = run(folder, *arguments, **options)
    last = done.stderr.rstrip('\n').split('\n')[-1]
    good = (done.returncode == status and done.stderr.count('gbrs: ') == 1 and last.startswith('gbrs: ')
            and words in last)
    tap.check(good, name, f'status {done.returncode}: {done.stderr}')


def check_refusals(folder):
    refused(folder, 'a recipe for the other task', 'data[1]', 'a', RECIPE, status=2, task='segment')
    refused(folder, 'an architecture for the other task', 'cannot be trained for matting', 'a',
            RECIPE | {'architecture': 'segment-mnv2-entering'})
    refused(folder, 'an unknown kind of object', 'generated', 'a',
            RECIPE | {'data': [{'generated': 'smoke', 'backgrounds': ['photos']}]}, status=2)
    refused(folder, 'a missing folder', 'no folder', 'a',
            RECIPE | {'data': [{'generated': 'fur', 'backgrounds': ['none']}]})
    refused(folder, 'weights of another network', 'not those of matte-mnv2', 'a',
            weights=SEGMENT.parent.parent / 'semantic-voc/weights.safetensors')
    opaque = folder / 'data/opaque'
    (opaque / 'fg').mkdir(parents=True)
    (opaque / 'alpha').mkdir()
    Image.new('RGB', (40, 40)).save(opaque / 'fg/0.png')
    Image.new('L', (30, 40), 255).save(opaque / 'alpha/0.png')
    refused(folder, 'a coverage of another size', 'another size', 'b',
            RECIPE | {'data': [{'cutouts': 'opaque', 'backgrounds': ['photos']}]})
    Image.new('L', (40, 40), 0).save(opaque / 'alpha/0.png')
    refused(folder, 'cut-outs without any coverage', 'partly covered', 'c',
            RECIPE | {'data': [{'cutouts': 'opaque', 'backgrounds': ['photos']}], 'trimaps': {'patches': 0}}, status=2)


with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    make_data(place / 'data')
    for check in (check_training, check_learning, check_refusals):
        check(place)
sys.exit(tap.end())
