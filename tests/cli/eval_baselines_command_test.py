# SPDX-License-Identifier: Apache-2.0
"""`gbrs eval segment --baseline`: GrabCut, f-BRS and the input as parameters, alone, in shards, and refused.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from click_model import import_model  # noqa: E402
from eval_segment import (CLICKS, PROGRAM, changed_model, clicks, data_set, predictions, run, segment,  # noqa: E402
                          summary, table, without_times)
from schedulers import run_with_parallel, run_with_slurm  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()


def check_baseline(folder):
    data = data_set(folder / 'data')
    done = segment(data, folder / 'every', '--baseline', 'grabcut', '--every', 2, '--limit', 2)
    tap.check(done.returncode == 0 and [row['object'] for row in table(folder / 'every')] == ['disc_0', 'disc_2'],
              '--every second object, --limit 2 of them', done.stderr)
    done = segment(data, folder / 'grabcut', '--baseline', 'grabcut')
    if tap.check(done.returncode == 0, 'GrabCut takes the clicks', done.stderr):
        figures = summary(folder / 'grabcut')
        tap.check(figures['model'].startswith('GrabCut of OpenCV') and figures['objects'] == 6, 'and says so', figures)
        tap.check(figures['curve'][1] > 0.5 and max(figures['curve']) > 0.8, 'and finds discs', figures['curve'])
    again = segment(data, folder / 'again', '--baseline', 'grabcut', '--jobs', 1)
    tap.check(again.returncode == 0 and summary(folder / 'again')['curve'] == figures['curve'], 'the same again')
    for name, arguments in (('a layer for a baseline', ['--layer', 'none']),
                            ('a model for a baseline', ['--model', 'segment-small']),
                            ('the loss of a baseline', ['--no-consistency']),
                            ("the engine's setting for a baseline", ['--set', 'rate=0.1'])):
        done = segment(data, folder / 'bad', '--baseline', 'grabcut', *arguments)
        tap.check(done.returncode == 2 and done.stderr.count('\n') == 1, name, done.stderr)
    words = ('segment', '--data', data, '--clicks', CLICKS, '--baseline', 'grabcut')
    for name, make in (('parallel', run_with_parallel), ('slurm', run_with_slurm)):
        done = make(PROGRAM, folder / 'bin', 4, folder / name, *words)
        if tap.check(done.returncode == 0, f'{name}: four shards are joined', done.stderr):
            tap.check(without_times(folder / name) == without_times(folder / 'grabcut'),
                      f'{name}: they are one run, with its masks')
            for path in ('curve.svg', *(f'pictures/disc_{k}.jpg' for k in range(6))):
                tap.equal((folder / name / path).read_bytes(), (folder / 'grabcut' / path).read_bytes(),
                          f'{name}: {path} to the byte')
    curves = {}
    for baseline in ('network', 'f-brs', 'rgb-brs'):
        out = folder / baseline
        done = segment(data, out, '--baseline', baseline, '--limit', 2)
        if tap.check(done.returncode == 0, f'{baseline} takes the clicks', done.stderr):
            figures = summary(out)
            tap.equal((figures['model'], figures['layer']), ('segment-small', {'f-brs': 'f-brs-b'}.get(baseline, baseline)),
                      'and says on which network')
            curves[baseline] = figures['curve']
    tap.equal({name: curve[1] for name, curve in curves.items()}, dict.fromkeys(curves, curves['network'][1]),
              'a first click is not refined')
    tap.check(curves['network'][2] > 0.8, 'and two clicks find discs', curves)
    done = segment(data, folder / 'distmap', '--baseline', 'distmap-brs', '--limit', 1)
    tap.check(done.returncode == 1 and 'segment-small' in done.stderr and done.stderr.count('\n') == 1,
              'a network without maps of the clicks is refused', done.stderr)
    done = segment(data, folder / 'bad', '--baseline', 'f-brs', '--layer', 'sb')
    tap.equal(done.returncode, 2, 'f-BRS takes no layer')
    done = segment(data, folder / 'bad', '--baseline', 'paint-bucket')
    tap.check(done.returncode == 2 and 'grabcut' in done.stderr, 'an unknown baseline', done.stderr)


def check_input_baselines(folder):
    """What changes a network's input, with either loss, on a network of f-BRS."""
    data, model = data_set(folder / 'data', 1), import_model(folder)

    def baseline(name, out, *arguments):
        return run('eval', 'segment', '--data', data, '--out', folder / out, '--clicks', 2, '--baseline', name, '--model', model,
                   '--zoom-side', 64, '--longest-side', 64, '--jobs', 1, *arguments)

    results = {}
    fast = ('--set', 'rate=0.05')
    for name, out, arguments in (('network', 'network', ()), ('distmap-brs', 'distmap', ()), ('distmap-brs-lc', 'maps', fast),
                                 ('distmap-brs-lc', 'again', fast),
                                 ('distmap-brs-lc', 'unmoved', (*fast, '--set', 'iterations=0')),
                                 ('distmap-brs-lc', 'published-rate', ('--set', 'iterations=1')),
                                 ('distmap-brs-lc', 'free', (*fast, '--no-consistency')), ('rgb-brs-lc', 'colours', fast)):
        done = baseline(name, out, *arguments)
        if tap.check(done.returncode == 0, f'{out}: {name} takes the clicks', done.stderr):
            tap.equal(summary(folder / out)['layer'], name, f'{out}: and says so')
            results[out] = clicks(folder / out), summary(folder / out)['curve'], predictions(folder / out)
    if len(results) < 8:
        return
    tap.equal(results['maps'], results['again'], 'the same again')
    tap.equal({curve[1] for _, curve, _ in results.values()}, {results['network'][1][1]}, 'a first click is not refined')
    for out in ('distmap', 'unmoved', 'published-rate', 'colours'):
        tap.check(results[out] != results['maps'], f'{out}: another refinement gives other answers')
    done = baseline('distmap-brs-lc', 'maps', '--set', 'rate=0.01')
    tap.check(done.returncode != 0 and done.stderr.count('\n') == 1, 'results of another rate are not taken over', done.stderr)
    for name, method, arguments, word in (
            ("the engine's own settings", 'distmap-brs-lc', ('--set', 'region=1'), 'region'),
            ('no rate for L-BFGS-B', 'distmap-brs', ('--set', 'rate=0.1'), 'rate'),
            ('a rate that is none', 'distmap-brs-lc', ('--set', 'rate=0'), 'rate')):
        done = baseline(method, 'bad', *arguments)
        tap.check(done.returncode == 2 and word in done.stderr and done.stderr.count('\n') == 1, name, done.stderr)
    rateless = changed_model(folder, 'rateless', lambda manifest: manifest['refinement']['rates'].pop('rgb'))
    for name, status, words, arguments in (
            ('a model without a rate', 1, 'rate=', ('--baseline', 'rgb-brs-lc', '--model', rateless)),
            ('a network without maps of the clicks', 1, 'segment-small',
             ('--baseline', 'distmap-brs-lc', '--set', 'rate=1')),
            ('a longest side of GrabCut', 2, 'longest side', ('--baseline', 'grabcut', '--longest-side', 200)),
            ('a longest side without a baseline', 2, '--longest-side', ('--longest-side', 200)),
            ('a longest side of nothing', 2, '--longest-side', ('--baseline', 'f-brs', '--longest-side', 2))):
        done = segment(data, folder / 'bad', *arguments)
        tap.check(done.returncode == status and words in done.stderr and done.stderr.count('\n') == 1, f'{name} is refused',
                  done.stderr)
        tap.check(not (folder / 'bad').exists(), f'{name}: nothing is written')


for check in (check_baseline, check_input_baselines):
    with tempfile.TemporaryDirectory() as name:
        check(pathlib.Path(name))
sys.exit(tap.end())
