#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gbrs models`: the models found, what is in files of weights of any origin, and models made of them.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from matte_model import write_weights  # noqa: E402
from tap import Tap  # noqa: E402

FILES = pathlib.Path(__file__).resolve().parent.parent / 'data/checkpoints'
KEYS = pathlib.Path(__file__).resolve().parent.parent.parent / 'data/networks/espnet.tsv'


def models(*arguments, folder=None, home=None):
    env = dict(os.environ, XDG_DATA_HOME=str(home)) if home else None
    done = subprocess.run([os.environ['GBRS_PROGRAM'], 'models', *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, check=False, cwd=folder, env=env)
    return done.returncode, done.stdout, done.stderr


def with_other_key(source, target, old, new):
    """The same file with one key renamed."""
    data = source.read_bytes()
    length = int.from_bytes(data[:8], 'little')
    header = data[8:8 + length].replace(f'"{old}"'.encode(), f'"{new}"'.encode())
    target.write_bytes(len(header).to_bytes(8, 'little') + header + data[8 + length:])


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


def check_import(tap):
    shipped = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0])
    weights = shipped / 'depth-rooms/weights.safetensors'
    with tempfile.TemporaryDirectory() as home:
        own = pathlib.Path(home) / 'gbrs/models'
        status, out, errors = models('import', weights, '--as', 'mine', '--license', 'MIT', '--json', home=home)
        info = json.loads(out) if status == 0 else {}
        tap.equal((status, errors, info.get('task'), info.get('architecture'), info.get('license')),
                  (0, '', 'depth', 'meter', 'MIT'), 'weights become a model: its network is found by its keys')
        tap.equal(sorted(path.name for path in (own / 'mine').iterdir()), ['manifest.json', 'weights.safetensors'],
                  'it has what a model has')
        tap.check('mine' in models('list', home=home)[1], 'it is listed')
        status, _, errors = models('import', weights, '--as', 'mine', home=home)
        tap.check(status == 2 and 'mine' in errors, 'a name that is taken is refused', errors)
        key = 'decoder.conv2d_out.weight'
        broken = pathlib.Path(home) / 'broken.safetensors'
        with_other_key(weights, broken, 'encoder.conv2.0.weight', 'encoder.conv2.0.wait')
        status, _, errors = models('import', broken, home=home)
        tap.check(status == 1 and 'encoder.conv2.0' in errors and len(errors.splitlines()) == 1,
                  'a key that is missing is named', errors)
        with_other_key(weights, broken, key, 'decoder.something')
        status, _, errors = models('import', broken, home=home)
        tap.check(status == 1 and str(broken) in errors, 'a network that is not known is refused', errors)
        status, _, errors = models('import', FILES / 'hostile_global.zip.pth', '--as', 'evil', home=home)
        tap.check(status == 1 and 'posix.system' in errors, 'a checkpoint that would have to be run is refused', errors)
        (own / 'mine.part').mkdir()
        models('import', broken, '--as', 'mine', home=home)
        tap.check((own / 'mine.part').exists(), 'a model whose name looks like half of another stays')
        (own / 'mine.part').rmdir()
        status, _, errors = models('import', weights, '--as', '../mine', home=home)
        tap.check(status == 2 and len(errors.splitlines()) == 1, 'a name that is no name is refused', errors)
        tap.equal([path.name for path in own.iterdir()], ['mine'], 'refusals leave nothing behind')
        tap.equal(models('remove', 'mine', home=home)[0], 0, 'it is removed')
        tap.equal(list(own.iterdir()), [], 'and gone')
        status, _, errors = models('remove', 'segment-small', home=home)
        tap.check(status == 1 and 'segment-small' in errors, 'a shipped model is not removed', errors)


def check_refinement(tap):
    """What is known of how to refine a network comes into its manifest."""
    with tempfile.TemporaryDirectory() as folder:
        weights = pathlib.Path(folder) / 'weights.safetensors'
        write_weights(weights, KEYS)
        status = models('import', weights, '--as', 'streets', '--folder', folder)[0]
        manifest = json.loads((pathlib.Path(folder) / 'streets/manifest.json').read_text()) if status == 0 else {}
        refinement = manifest.get('refinement', {})
        tap.equal((manifest.get('architecture'), refinement.get('insertion'), refinement.get('consistency')),
                  ('espnet', ['enc3'], {'weight': 30, 'to': 'probabilities', 'attention': 'label'}),
                  'the insertion and the consistency that suit a network')


def main():
    tap = Tap()
    check_list(tap)
    check_inspect(tap)
    check_refusals(tap)
    check_import(tap)
    check_refinement(tap)
    sys.exit(tap.end())


main()
