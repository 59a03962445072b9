# SPDX-License-Identifier: Apache-2.0
"""`gbrs eval segment` on a small data set, and what it writes."""
import csv
import json
import os
import pathlib
import subprocess

import numpy
from PIL import Image

from pictures import disc

PROGRAM = os.environ['GBRS_PROGRAM']
SHIPPED = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0]) / 'segment-small'
CLICKS = 4


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=600, check=False)


def segment(data, out, *arguments):
    return run('eval', 'segment', '--data', data, '--out', out, '--clicks', CLICKS, *arguments)


def changed_model(folder, name, change):
    """segment-small with another manifest; `change` is given its members."""
    model = folder / name
    model.mkdir()
    manifest = json.loads((SHIPPED / 'manifest.json').read_text())
    manifest['name'] = name
    change(manifest)
    (model / 'manifest.json').write_text(json.dumps(manifest))
    (model / 'weights.safetensors').symlink_to(SHIPPED / 'weights.safetensors')
    return f'{model}/'


def small_model(folder):
    """With small frames, so that a click takes milliseconds."""
    return changed_model(folder, 'small', lambda manifest: manifest['input'].update(long_side=257))


def data_set(folder, count=6, description=None):
    """Discs of several sizes, 255 with a rim of 128 that is ignored; of every other one only the upper half is the
    object, which takes more than one click."""
    (folder / 'images').mkdir(parents=True)
    (folder / 'masks').mkdir()
    for k in range(count):
        pixels, inside = disc(90 + 16 * k, 70 + 12 * k)
        _, wider = disc(90 + 16 * k, 70 + 12 * k + 4)
        mask = numpy.where(wider[2:-2], 128, 0).astype(numpy.uint8)
        mask[inside] = 255
        if k % 2 == 1:
            mask[len(mask) // 2:] = 0
        Image.fromarray(pixels).save(folder / 'images' / f'disc_{k}.png')
        Image.fromarray(mask).save(folder / 'masks' / f'disc_{k}.png')
    description = description or {'task': 'segment', 'object': 255, 'ignore': 128}
    (folder / 'dataset.json').write_text(json.dumps(description))
    return folder


def summary(out):
    return json.loads((out / 'summary.json').read_text())


def table(out):
    with open(out / 'per_object.csv', newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


def clicks(out):
    """The clicks that were given, by object."""
    lines = (out / 'progress.jsonl').read_text().splitlines()[1:]
    return {result['object']: result['clicks'] for result in map(json.loads, lines)}


def predictions(out):
    return {path.name: path.read_bytes() for path in sorted((out / 'predictions').iterdir())}


def without_times(out):
    """All figures of a run that must not depend on how it was made."""
    figures = {key: value for key, value in summary(out).items()
               if not key.endswith('_s') and key not in ('jobs',)}
    rows = [{key: value for key, value in row.items() if not key.endswith('_s')} for row in table(out)]
    return figures, rows, predictions(out)
