#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gbrs models`: the models found, and what is in files of weights of any origin."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from tap import Tap  # noqa: E402

FILES = pathlib.Path(__file__).resolve().parent.parent / 'data/checkpoints'


def models(*arguments, folder=None):
    done = subprocess.run([os.environ['GBRS_PROGRAM'], 'models', *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, check=False, cwd=folder)
    return done.returncode, done.stdout, done.stderr


def check_list(tap):
    status, out, _ = models('list', '--json')
    found = {model['name']: model for model in json.loads(out)['models']} if status == 0 else {}
    tap.check('segment-small' in found and found['segment-small']['task'] == 'segment', 'the shipped model is listed', out)
    status, out, _ = models('list')
    tap.check(status == 0 and 'segment-small' in out and found['segment-small']['license'] in out,
              'as text, with its licence', out)


def check_inspect(tap):
    wanted = json.loads((FILES / 'expected.json').read_text())['plain.old.pth']['tensors']
    status, out, errors = models('inspect', FILES / 'plain.old.pth', '--json')
    found = {tensor.pop('name'): tensor for tensor in json.loads(out)['tensors']} if status == 0 else {}
    tap.equal({name: (tensor['shape'], tensor['dtype']) for name, tensor in found.items()},
              {name: (tensor['shape'], tensor['dtype']) for name, tensor in wanted.items()}, 'a checkpoint is inspected')
    tap.check(found and all(abs(found[name]['sum'] - wanted[name]['sum']) < 1e-9 for name in wanted), 'the sums are right',
              errors)
    status, out, _ = models('inspect', 'segment-small')
    tap.check(status == 0 and out.splitlines()[-1].endswith('segment-small/weights.safetensors'), 'a model, by its name', out)


def check_refusals(tap):
    with tempfile.TemporaryDirectory() as folder:
        status, out, errors = models('inspect', FILES / 'hostile_global.old.pth', folder=folder)
        tap.check(status == 1 and 'system' in errors and len(errors.splitlines()) == 1,
                  'what would have to be run is refused by its name', errors)
        tap.equal(os.listdir(folder), [], 'and is not run')
        for name in ('truncated_673.old.pth', 'overlap.safetensors', 'nothing.pth', '.'):
            status, out, errors = models('inspect', FILES / name, '--json', folder=folder)
            tap.check(status == 1 and out == '' and len(errors.splitlines()) == 1 and name.strip('.') in errors,
                      f'{name}: one sentence', errors)
    status, _, errors = models('inspect', 'segment-large')
    tap.check(status == 1 and 'segment-large' in errors, 'a model that is not there', errors)
    tap.equal(models()[0], 2, 'a command is needed')


def main():
    tap = Tap()
    check_list(tap)
    check_inspect(tap)
    check_refusals(tap)
    sys.exit(tap.end())


main()
