# SPDX-License-Identifier: Apache-2.0
"""A model of f-BRS for the tests: DeepLabV3+ on ResNet-34 with random weights. What it answers means nothing, but it is a
real one, with maps of the clicks at its input."""
import os
import pathlib
import subprocess

from matte_model import write_weights

KEYS = pathlib.Path(__file__).resolve().parent.parent / 'data/baselines/fbrs_deeplab_r34/keys.tsv'


def import_model(folder):
    """`gbrs models import` of such weights; returns the model's path."""
    weights = folder / 'weights.safetensors'
    write_weights(weights, KEYS)
    done = subprocess.run([os.environ['GBRS_PROGRAM'], 'models', 'import', str(weights), '--as', 'click-test', '--folder',
                           str(folder), '--license', 'none'], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return f"{folder / 'click-test'}/"
