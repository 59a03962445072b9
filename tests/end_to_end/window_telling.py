# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside the GIMP with a window: how scripts tell the test outside what came of a step, and wait for it."""
import json
import os
import time

PATIENCE_S = 60


def tell(step, **facts):
    path = f'{os.environ["GBRS_WORK"]}/{step}'
    with open(f'{path}.tmp', 'w', encoding='utf-8') as file:
        json.dump(facts, file)
    os.rename(f'{path}.tmp', f'{path}.json')


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.2)
    return condition()
