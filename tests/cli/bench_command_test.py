# SPDX-License-Identifier: Apache-2.0
"""`gbrs bench` says what clicks cost: members, what must hold between them whatever the machine, wrong arguments.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from tap import Tap  # noqa: E402

tap = Tap()


def bench(*arguments):
    command = [os.environ['GBRS_PROGRAM'], 'bench', '--threads', '1', '--rounds', '1', *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


done = bench('--json', '--set', 'region=0.3', '--set', 'region_steps=4')
tap.equal((done.returncode, done.stderr), (0, ''), 'it runs, silently')
figures = json.loads(done.stdout)
wanted = {'model', 'layer', 'device', 'load_ms', 'encode_ms', 'first_ms', 'refine_ms', 'refine_p95_ms', 'steps', 'peak_mb',
          'matmul_gflops', 'refine_ratio'}
tap.equal(wanted - figures.keys(), set(), 'every figure is there')
times = [name for name in figures if name.endswith('_ms')]
tap.check(all(figures[name] > 0 for name in times), 'every time is above 0', figures)
tap.check(all(figures[name] <= figures[name.replace('_ms', '_p95_ms')] for name in ('encode_ms', 'first_ms', 'refine_ms')),
          'no median is above its 95th percentile', figures)
tap.equal(figures['steps'], 4 * figures['refined_clicks'], 'each refined click made the steps asked for')
tap.equal(figures['refined_clicks'], figures['clicks'] // 2, 'every second click, those with a radius, is refined')
tap.check(figures['refine_ratio'] > 1, 'no refinement is faster than its own multiply-adds', figures)
tap.check(30 < figures['peak_mb'] < 4000, 'the memory is that of a process with a network', figures)

none = bench('--layer', 'none')
tap.equal(none.returncode, 0, 'without a layer it runs, too')
tap.check('refine_ratio                        null' in none.stdout, 'nothing refined has no ratio', none.stdout)
for name, arguments, word in (('an unknown option', ('--set', 'colour=red'), 'colour'),
                              ('an unknown layer', ('--layer', 'thick'), 'thick'),
                              ('a picture that is not there', ('--image', '/nowhere.png'), 'nowhere'),
                              ('no round', ('--rounds', '0'), 'rounds')):
    bad = bench(*arguments)
    tap.check(bad.returncode in (1, 2) and bad.stderr.count('\n') == 1 and word in bad.stderr, f'{name} is refused',
              bad.stderr)
sys.exit(tap.end())
