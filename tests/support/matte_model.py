# SPDX-License-Identifier: Apache-2.0
"""A model of mattes for the tests: IndexNet with random weights. What it answers means nothing, but it is a real one."""
import json
import os
import pathlib
import subprocess

import numpy

KEYS = pathlib.Path(__file__).resolve().parent.parent / 'data/parity/indexnet_align_70x90/keys.tsv'


def random_tensor(random, key, shape):
    values = random.uniform(-1, 1, shape)
    if key.endswith('running_var'):
        values = 1 + values / 4
    elif key.endswith(('running_mean', 'bias')):
        values = values / 16
    elif len(shape) == 1:
        values = 1 + values / 8
    else:
        values *= (6 / numpy.prod(shape[1:])) ** 0.5
    return values.astype(numpy.float32)


def write_weights(path, keys=KEYS):
    """A safetensors file with all keys of a network, IndexNet if nothing else is said."""
    random = numpy.random.default_rng(3)
    header, data = {}, []
    start = 0
    for line in keys.read_text().splitlines()[1:]:
        key, sizes = line.split('\t')[:2]
        if key.endswith('num_batches_tracked'):
            continue
        tensor = random_tensor(random, key, [int(size) for size in sizes.split(',')])
        header[key] = {'dtype': 'F32', 'shape': tensor.shape, 'data_offsets': [start, start + tensor.nbytes]}
        data.append(tensor.tobytes())
        start += tensor.nbytes
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, 'little') + text + b''.join(data))


def import_model(folder, long_side=64):
    """`gbrs models import` of such weights, with small frames; returns the model's path and what the import printed."""
    weights = folder / 'weights.safetensors'
    write_weights(weights)
    done = subprocess.run([os.environ['GBRS_PROGRAM'], 'models', 'import', str(weights), '--as', 'matte-test', '--folder',
                           str(folder), '--license', 'none', '--json'], capture_output=True, text=True, timeout=120,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    path = folder / 'matte-test' / 'manifest.json'
    manifest = json.loads(path.read_text())
    manifest['input']['long_side'] = long_side
    path.write_text(json.dumps(manifest))
    return f'{path.parent}/', json.loads(done.stdout)
