# SPDX-License-Identifier: Apache-2.0
"""`gbrs bench` says what clicks cost: members, what must hold between them whatever the machine, wrong arguments.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

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

for model, task, layer in (('depth-rooms', 'depth', 'bmconv'), ('matte-small', 'matte', 'bmconv'),
                           ('semantic-street', 'semantic', 'none')):
    done = bench('--model', model, '--size', '320x240', '--layer', layer, '--json')
    figures = json.loads(done.stdout) if done.returncode == 0 else {}
    tap.equal((done.stderr, figures.get('task'), figures.get('width'), figures.get('height')), ('', task, 320, 240),
              f'{model} is measured at the size asked for')
    tap.check((figures.get('refined_clicks', 0) > 0) == (layer != 'none') and 0 < figures.get('encode_share', 0) < 1,
              f'{model}: clicks are refined where there is a layer', figures)

with tempfile.TemporaryDirectory() as folder:
    weights = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0]) / 'depth-rooms/weights.safetensors'
    inspected = subprocess.run([os.environ['GBRS_PROGRAM'], 'models', 'inspect', weights, '--json'], capture_output=True,
                               text=True, check=True)
    table = pathlib.Path(folder) / 'small.tsv'
    rows = [(one['name'], ','.join(map(str, one['shape']))) for one in json.loads(inspected.stdout)['tensors']]
    table.write_text('key\tshape\n' + ''.join(f'{name}\t{shape}\n' for name, shape in rows))
    temporary = pathlib.Path(folder) / 'temporary'
    temporary.mkdir()
    os.environ['TMPDIR'] = str(temporary)
    done = bench('--network', table, '--size', '316x252', '--json')
    figures = json.loads(done.stdout) if done.returncode == 0 else {}
    tap.equal((done.stderr, figures.get('model'), figures.get('task')), ('', str(table), 'depth'),
              'a network is measured with generated weights')
    tap.check(figures.get('steps', 0) > 0, 'and refined', figures)
    table.write_text(table.read_text() + 'odd\t3,x\n')
    done = bench('--network', table)
    tap.check(done.returncode == 1 and f'Line {len(rows) + 2} ' in done.stderr and done.stderr.count('\n') == 1,
              'a table with a line that is none', done.stderr)
    done = bench('--network', 'no-such')
    tap.check(done.returncode == 1 and 'no-such' in done.stderr and 'hmsa-w48' in done.stderr,
              'a network that is not there: those that are', done.stderr)
    tap.equal(list(temporary.iterdir()), [], 'nothing is left behind')
    del os.environ['TMPDIR']

few = bench('--clicks', '4', '--set', 'iterations=3', '--set', 'region=0', '--set', 'stop=none', '--json')
figures = json.loads(few.stdout) if few.returncode == 0 else {}
tap.equal((few.stderr, figures.get('clicks'), figures.get('steps')), ('', 4, 12), 'fewer clicks and steps are measured')

none = bench('--layer', 'none')
tap.equal(none.returncode, 0, 'without a layer it runs, too')
tap.check('refine_ratio                        null' in none.stdout, 'nothing refined has no ratio', none.stdout)
for name, arguments, word in (('an unknown option', ('--set', 'colour=red'), 'colour'),
                              ('an unknown layer', ('--layer', 'thick'), 'thick'),
                              ('a picture that is not there', ('--image', '/nowhere.png'), 'nowhere'),
                              ('no round', ('--rounds', '0'), 'rounds'),
                              ('no click', ('--clicks', '0'), 'clicks'),
                              ('steps that are none', ('--set', 'iterations=-1'), 'iterations'),
                              ('a size that is none', ('--size', '40'), '40'),
                              ('a size of nothing', ('--size', '4x4'), '8')):
    bad = bench(*arguments)
    tap.check(bad.returncode in (1, 2) and bad.stderr.count('\n') == 1 and word in bad.stderr, f'{name} is refused',
              bad.stderr)
sys.exit(tap.end())
