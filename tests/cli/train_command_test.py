# SPDX-License-Identifier: Apache-2.0
"""`gbrs train segment` as its users call it: it learns, goes on after being killed, and refuses what is wrong.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import csv
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import numpy
from PIL import Image, ImageDraw

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from tap import Tap  # noqa: E402

PROGRAM = os.environ['GBRS_PROGRAM']
WEIGHTS = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0]) / 'segment-small/weights.safetensors'
RECIPE = {
    'architecture': 'segment-mnv2-entering', 'samples': 16, 'type': 'float32', 'checkpoint_every': 4,
    'crops': [{'size': 65, 'batch': 2}, {'size': [49, 81], 'batch': 2}],
    'data': [{'folder': 'toys', 'weight': 3, 'several': 0.2},
             {'cutouts': 'cut', 'backgrounds': ['toys']}],
    'geometry': {'views': [{'box': [1.2, 3]}, {}]},
    'optimiser': {'warm_up': 0, 'rate': 5e-4}}
tap = Tap()


def make_data(folder):
    """Striped ellipses on noise, two ids a picture in palette files of 8, 4 and 2 bits, and cut-outs with soft edges."""
    random = numpy.random.default_rng(1)
    for name in ('toys/images', 'toys/masks', 'cut/fg', 'cut/alpha'):
        (folder / name).mkdir(parents=True)
    for i in range(10):
        size = (110 + 7 * i, 120 - 4 * i)
        picture = Image.fromarray(random.integers(90, 160, (size[1], size[0], 3), numpy.uint8))
        labels = Image.new('P', size)
        labels.putpalette([255, 0, 255, 3, 2, 1, 3, 2, 1, 0, 0, 9] + [7, 7, 7] * 252)  # colours say nothing
        for identity, colour in ((1, (220, 60, 40)), (2, (40, 200, 90))):
            x, y = random.integers(20, 70, 2)
            box = [int(x), int(y), int(x + 30 + 3 * i), int(y + 36 - i)]
            ImageDraw.Draw(picture).ellipse(box, fill=colour)
            ImageDraw.Draw(labels).ellipse(box, fill=identity)
        picture.save(folder / f'toys/images/{i}.{"jpg" if i % 2 else "png"}')
        labels.save(folder / f'toys/masks/{i}.png', bits=(8, 4, 2)[i % 3])
    for i in range(3):
        y, x = numpy.mgrid[0:60, 0:80]
        alpha = numpy.clip((25 - numpy.hypot(x - 40, y - 30)) * 40, 0, 255).astype(numpy.uint8)
        Image.fromarray(alpha).save(folder / f'cut/alpha/{i}.png')
        Image.new('RGB', (80, 60), (230, 200, 60 * i)).save(folder / f'cut/fg/{i}.png')


def command(folder, output, recipe=RECIPE, *options, weights=WEIGHTS):
    path = folder / f'{output}.json'
    path.write_text(json.dumps(recipe) if isinstance(recipe, dict) else recipe)
    given = ('--from', weights) if weights is not None else ()
    return [str(part) for part in (PROGRAM, 'train', 'segment', path, '--data', folder / 'data', *given, '--out',
                                   folder / output, *options)]


def run(*arguments, **options):
    return subprocess.run(command(*arguments, **options), capture_output=True, text=True, timeout=300, check=False)


def read_log(folder):
    with open(folder / 'log.csv') as file:
        return list(csv.DictReader(file))


def weights_of(folder):
    return (folder / 'weights.safetensors').read_bytes()


def interrupt(folder, output, number):
    """Starts, waits for the first checkpoint, and sends a signal."""
    process = subprocess.Popen(command(folder, output), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(3000):
        if (folder / output / 'weights.safetensors').exists() or process.poll() is not None:
            break
        time.sleep(0.02)
    process.send_signal(number)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def check_training(folder):
    done = run(folder, 'whole')
    tap.check(done.returncode == 0 and 'finished after 16 samples' in done.stderr, 'a training ends', done.stderr)
    whole = weights_of(folder / 'whole')
    tap.equal(done.stdout, f'{folder}/whole/weights.safetensors\nsha256 {hashlib.sha256(whole).hexdigest()}\n',
              'it prints where the weights are and their SHA-256')
    tap.check('seed 1, 1 threads' in done.stderr, 'it says what it can be repeated with', done.stderr)
    log = read_log(folder / 'whole')
    tap.equal([line['samples'] for line in log], ['16'], 'log.csv has a last line')

    for number, name in ((signal.SIGTERM, 'ended'), (signal.SIGKILL, 'killed')):
        status, out, err = interrupt(folder, name, number)
        if number == signal.SIGTERM:
            tap.check(status == 0 and 'paused after' in err and '--resume' in err, 'SIGTERM pauses with a checkpoint', err)
        else:
            tap.equal(status, -signal.SIGKILL, 'SIGKILL kills')
        done = run(folder, name, RECIPE, '--resume', weights=None)
        tap.check(done.returncode == 0 and 'going on after' in done.stderr and weights_of(folder / name) == whole,
                  f'a training that was {name} goes on to the same bytes', done.stderr)
    tap.equal(sorted(path.name for path in (folder / 'killed').iterdir()),
              ['checkpoint.safetensors', 'log.csv', 'weights.safetensors'], 'nothing else is left')

    done = run(folder, 'brief', RECIPE, '--minutes', '0.0001')
    tap.check(done.returncode == 0 and 'paused after' in done.stderr, '--minutes pauses', done.stderr)


def check_learning(folder):
    recipe = RECIPE | {'samples': 120, 'crops': [{'size': 49, 'batch': 4}], 'checkpoint_every': 1000,
                       'data': [{'folder': 'toys'}], 'clicks': {'counts': [1], 'starts': 0}}
    done = run(folder, 'learning', recipe, weights=None)
    final = float(read_log(folder / 'learning')[-1]['loss']) if done.returncode == 0 else 9
    brief = run(folder, 'start', recipe | {'samples': 12}, weights=None)
    first = float(read_log(folder / 'start')[-1]['loss']) if brief.returncode == 0 else 0
    # the mean over the whole training against that of its first twelve samples
    tap.check(final < 0.8 * first, 'the loss falls, from random weights on', f'{first} to {final} {done.stderr}')


def check_result(folder):
    """The result is a model."""
    model = folder / 'model'
    model.mkdir()
    manifest = json.loads((WEIGHTS.parent / 'manifest.json').read_text())
    manifest['architecture'] = RECIPE['architecture']
    manifest['name'] = 'model'
    manifest['weights']['sha256'] = hashlib.sha256(weights_of(folder / 'whole')).hexdigest()
    (model / 'manifest.json').write_text(json.dumps(manifest))
    shutil.copy(folder / 'whole/weights.safetensors', model)
    done = subprocess.run([PROGRAM, 'segment', folder / 'data/toys/images/0.png', '--click', '40,40,+', '--threads', '1',
                           '--model', f'{model}/', '-o', folder / 'mask.png'], capture_output=True, text=True, check=False)
    tap.check(done.returncode == 0, 'gbrs segment takes the trained weights', done.stderr)


def refused(folder, name, words, *arguments, status=1, **options):
    done = run(folder, *arguments, **options)
    # what is found in a picture comes after the first lines of a training
    last = done.stderr.rstrip('\n').split('\n')[-1]
    good = done.returncode == status and done.stderr.count('gbrs: ') == 1 and last.startswith('gbrs: ') and words in last
    tap.check(good, name, f'status {done.returncode}: {done.stderr}')


def check_refusals(folder):
    refused(folder, 'an unknown key', 'optimiser.speed', 'a', RECIPE | {'optimiser': {'speed': 1}}, status=2)
    refused(folder, 'a recipe that is no JSON', 'JSON', 'a', '{', status=2)
    refused(folder, 'an unknown architecture', 'nonsense', 'a', RECIPE | {'architecture': 'nonsense'})
    refused(folder, 'weights of another architecture', 'not those of segment-mnv2.', 'a',
            RECIPE | {'architecture': 'segment-mnv2'}, weights=folder / 'whole/weights.safetensors')
    refused(folder, 'missing weights', 'no file', 'a', weights=folder / 'none')
    refused(folder, 'a missing folder', 'no folder', 'a', RECIPE | {'data': [{'folder': 'none'}]})
    refused(folder, 'a prefix that fits nothing', 'decoder.', 'a', RECIPE | {'optimiser': {'frozen': ['decoder.']}}, status=2)
    refused(folder, 'a folder that has a training', 'already', 'whole', status=2)
    refused(folder, 'nothing to go on from', 'no file', 'nothing', RECIPE, '--resume', weights=None)
    refused(folder, 'another recipe than the checkpoint\'s', 'another recipe', 'whole', RECIPE | {'seed': 2}, '--resume',
            weights=None, status=2)
    checkpoint = folder / 'cut-short/checkpoint.safetensors'
    checkpoint.parent.mkdir()
    checkpoint.write_bytes((folder / 'whole/checkpoint.safetensors').read_bytes()[:100000])
    refused(folder, 'a cut checkpoint', 'checkpoint.safetensors', 'cut-short', RECIPE, '--resume', weights=None)
    shutil.copy(WEIGHTS, checkpoint)
    refused(folder, 'a foreign checkpoint', 'not a training', 'cut-short', RECIPE, '--resume', weights=None)
    mask = folder / 'data/toys/masks/0.png'
    whole = mask.read_bytes()
    mask.write_bytes(whole[:len(whole) // 2])
    refused(folder, 'a cut label map', '0.png', 'b', RECIPE | {'data': [{'folder': 'toys'}], 'seed': 3})
    Image.new('RGB', (110, 120)).save(mask)
    refused(folder, 'a label map of colours', '0.png', 'c', RECIPE | {'data': [{'folder': 'toys'}], 'seed': 3}, status=2)
    mask.write_bytes(whole)
    done = subprocess.run([PROGRAM, 'train'], capture_output=True, text=True, check=False)
    tap.equal((done.returncode, done.stderr.count('\n')), (2, 1), 'no task')


with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    make_data(place / 'data')
    for check in (check_training, check_learning, check_result, check_refusals):
        check(place)
sys.exit(tap.end())
