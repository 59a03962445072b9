# SPDX-License-Identifier: Apache-2.0
"""`gbrs eval sweep` runs the task's evaluation for each layer and rate and finds the best rate.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from tap import Tap  # noqa: E402

tap = Tap()


def data_set(folder):
    (folder / 'images').mkdir(parents=True)
    (folder / 'depth').mkdir()
    (folder / 'dataset.json').write_text(json.dumps({'task': 'depth', 'unit': 'mm', 'align': 'none'}))
    rows, columns = np.mgrid[0:96, 0:128]
    for i in range(2):
        wall = 60 + 40 * (columns > 64 + 10 * i)
        Image.fromarray(np.stack([wall + rows, wall, 255 - wall], 2).astype(np.uint8)).save(folder / f'images/{i}.png')
        Image.fromarray((1500 + 20 * columns + 300 * i).astype(np.uint16)).save(folder / f'depth/{i}.png')
    return folder


def sweep(*arguments):
    return subprocess.run([os.environ['GBRS_PROGRAM'], 'eval', 'sweep', *map(str, arguments)], capture_output=True,
                          text=True, timeout=600, check=False)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    data, out = data_set(folder / 'data'), folder / 'out'
    common = ['depth', '--data', data, '--clicks', 2, '--jobs', 1]
    done = sweep(*common, '--out', out, '--layers', 'sb,bmconv', '--first', 2, '--last', 3, '--both')
    if tap.check(done.returncode == 0, 'it runs', done.stderr):
        found = json.loads((out / 'sweep.json').read_text())
        columns = found['columns']
        tap.equal([(column['layer'], column['consistency']) for column in columns],
                  [('sb', True), ('bmconv', True), ('sb', False), ('bmconv', False)], 'a column for layer and loss')
        for column in columns:
            name = column['layer'] + ('' if column['consistency'] else '-without')
            runs = [json.loads((out / f'{name}-{k}/summary.json').read_text()) for k in (2, 3)]
            tap.equal(column['auc'], [run['auc'] for run in runs], f'{name}: each run is in the table')
            tap.equal(column['best_k'], 2 + int(column['auc'][1] > column['auc'][0]), f'{name}: the better one is found')
        tap.check(len({tuple(column['auc']) for column in columns}) > 2, 'the settings make a difference', columns)
        table = (out / 'sweep.md').read_text()
        tap.check(table.count('**') == 2 * len(columns) and table in done.stdout, 'the table marks it', table)
        again = sweep(*common, '--out', out, '--layers', 'sb,bmconv', '--first', 2, '--last', 3, '--both')
        tap.equal((again.returncode, json.loads((out / 'sweep.json').read_text())), (0, found), 'it goes on where it was')
    for what, word, arguments in (('a layer that is none', 'no rate', ['--layers', 'none']),
                                  ('an unknown layer', 'thick', ['--layers', 'thick']),
                                  ('a rate of its own', 'rate=', ['--set', 'rate=0.1']),
                                  ('an option that the task has not', '--jitter', ['--jitter', '0.3']),
                                  ('an empty range', 'first', ['--first', '5', '--last', '4'])):
        bad = sweep(*common, '--out', folder / 'bad', *arguments)
        tap.check(bad.returncode == 2 and bad.stderr.count('\n') == 1 and word in bad.stderr, f'{what} is refused',
                  bad.stderr)
sys.exit(tap.end())
