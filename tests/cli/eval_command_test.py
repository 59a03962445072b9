# SPDX-License-Identifier: Apache-2.0
"""`gbrs eval` as its users call it: results, a run that is killed and goes on, and one clear sentence for
what is wrong.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models), GBRS_EVAL_DATA (optional: a folder with
grabcut/, davis/, bsds_objects/, coco_val/).
"""
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

import numpy
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from eval_segment import (CLICKS, PROGRAM, clicks, data_set, predictions, run, segment, small_model,  # noqa: E402
                          summary, table, without_times)
from tap import Tap  # noqa: E402

REAL = os.environ.get('GBRS_EVAL_DATA')
tap = Tap()


def iou(prediction, mask):
    counts = mask != 128
    predicted, truth = (prediction == 255) & counts, mask == 255
    return (predicted & truth).sum() / (predicted | truth).sum()


def check_run(folder):
    data = data_set(folder / 'data')
    out = folder / 'deep' / 'out'
    done = segment(data, out, '--model', small_model(folder), '--jobs', 1)
    tap.check(done.returncode == 0 and '6 objects' in done.stdout, 'a data set is measured', done.stderr)
    figures = summary(out)
    tap.equal([figures[key] for key in ('task', 'model', 'layer', 'images', 'objects', 'clicks', 'radius')],
              ['segment', 'small', 'bmconv', 6, 6, CLICKS, 'paper'], 'summary.json says what was run')
    tap.equal((len(figures['curve']), figures['curve'][0]), (CLICKS + 1, 0), 'the curve has N + 1 values from 0 on')
    rows = table(out)
    ious = numpy.array([[float(row[f'iou_{k}']) for k in range(1, CLICKS + 1)] for row in rows])
    tap.equal([row['object'] for row in rows], [f'disc_{k}' for k in range(6)], 'per_object.csv has the objects')
    tap.check(numpy.allclose(ious.mean(axis=0), figures['curve'][1:]), 'the curve is the mean over the objects')
    curve = figures['curve']
    tap.check(numpy.allclose([figures['initial'], figures['final'], figures['best'], figures['auc']],
                             [curve[1], curve[-1], max(curve), numpy.trapezoid(curve[1:]) / (CLICKS - 1)]),
              'initial, final, best and AUC follow from the curve')
    noc = [next((k + 1 for k, value in enumerate(row) if value >= 0.9), CLICKS) for row in ious]
    tap.check([int(row['noc90']) for row in rows] == noc and figures['noc90'] == numpy.mean(noc), 'so does NoC@90')
    tap.equal(figures['bottom10']['curve'][1], ious[:, 0].min(), 'the worst tenth is ranked by the first click')
    tap.check(0 < figures['spc_median_s'] <= figures['spc_p95_s'] and figures['encode_median_s'] > 0, 'times are there')
    measured = [iou(numpy.array(Image.open(out / 'predictions' / f'disc_{k}_last.png')),
                    numpy.array(Image.open(data / 'masks' / f'disc_{k}.png'))) for k in range(6)]
    tap.check(numpy.allclose(measured, ious[:, -1]), 'the kept predictions have the IoUs that were measured')
    tap.check(ious[::2, -1].min() > 0.8 and ious.min() > 0.2, 'the discs are found', ious)
    tap.check(CLICKS * 3 < figures['clicks_given'] <= CLICKS * 6, 'clicks are counted', figures['clicks_given'])
    report = (out / 'report.md').read_text()
    pictures = sorted(path.name for path in (out / 'pictures').iterdir())
    tap.check(len(pictures) == 6 and all(name in report for name in pictures), 'the report shows pictures', pictures)
    tap.equal(Image.open(out / 'pictures' / 'disc_0.jpg').size, (2 * 90 + 8, 70), 'two pictures side by side')
    svg = xml.parse(out / 'curve.svg').getroot()
    words = ' '.join(svg.itertext())
    tap.check('clicks' in words and 'IoU' in words and svg.findall('{*}polyline'), 'the plot has axes and a line')
    temporary = [path.name for path in out.rglob('*.??????') if path.suffix not in ('.jsonl',)]
    tap.equal(temporary, [], 'no temporary file is left')


def check_jobs_and_resume(folder):
    data = data_set(folder / 'data')
    model = small_model(folder)
    settings = ('--model', model, '--jitter', 0.33, '--radius', 'auto')
    one, two, stopped = folder / 'one', folder / 'two', folder / 'stopped'
    segment(data, one, *settings, '--jobs', 1)
    segment(data, two, *settings, '--jobs', 2)
    reference = without_times(one)
    tap.check(reference == without_times(two), '--jobs changes no figure')

    process = subprocess.Popen([PROGRAM, 'eval', 'segment', '--data', data, '--out', stopped, '--clicks', str(CLICKS),
                                *map(str, settings), '--jobs', '1'], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    progress = stopped / 'progress.jsonl'
    deadline = time.monotonic() + 300
    while not (progress.exists() and progress.read_bytes().count(b'\n') >= 3) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.wait()
    kept = progress.read_bytes()
    tap.check(not (stopped / 'summary.json').exists() and 3 <= kept.count(b'\n') < 7, 'the run was killed half-way',
              kept)
    whole = kept[:kept.rfind(b'\n') + 1]
    progress.write_bytes(whole + b'{"object": "disc_')  # killed while it wrote
    done = segment(data, stopped, *settings, '--jobs', 2)
    tap.check(done.returncode == 0 and f'going on after {whole.count(bytes([10])) - 1} of 6' in done.stderr,
              'the same call goes on', done.stderr)
    tap.check(progress.read_bytes().startswith(whole), 'what was there is kept')
    tap.check(without_times(stopped) == reference, 'the figures are those of a run that was not stopped')

    before = progress.read_bytes()
    done = segment(data, stopped, *settings)
    tap.check(done.returncode == 0 and progress.read_bytes() == before and without_times(stopped) == reference,
              'a finished run is not computed again', done.stderr)
    done = segment(data, stopped, *settings[:-1], 20)
    tap.check(done.returncode == 2 and 'radius ("auto", now "20")' in done.stderr and '--force' in done.stderr and
              done.stderr.count('\n') == 1 and progress.read_bytes() == before,
              'other settings in the same folder are refused and named', done.stderr)
    done = segment(data, stopped, *settings[:-1], 20, '--force', '--limit', 2)
    tap.check(done.returncode == 0 and summary(stopped)['radius'] == 20 and summary(stopped)['objects'] == 2,
              '--force begins anew', done.stderr)
    done = segment(data, stopped, *settings[:-1], 20)
    tap.check(done.returncode == 0 and 'going on after 2 of 6' in done.stderr and summary(stopped)['objects'] == 6,
              'a larger --limit goes on', done.stderr)
    lines = progress.read_text().splitlines()
    progress.write_text('\n'.join([lines[0], lines[1][:30], *lines[2:]]) + '\n')
    done = segment(data, stopped, *settings[:-1], 20)
    tap.check(done.returncode == 1 and 'Line 2' in done.stderr and done.stderr.count('\n') == 1,
              'damaged results are not believed', done.stderr)


def check_settings(folder):
    data = data_set(folder / 'data', 2)
    model = small_model(folder)

    def figures(name, *arguments):
        chosen = [] if '--layer' in arguments else ['--layer', 'none']
        done = segment(data, folder / name, '--model', model, *chosen, *arguments)
        tap.check(done.returncode == 0, f'{name} is run', done.stderr)
        return summary(folder / name) if done.returncode == 0 else {'curve': [], 'auc': 0}

    plain = figures('plain')
    figures('jitter', '--jitter', 0.5)
    tap.check(clicks(folder / 'plain') != clicks(folder / 'jitter'), '--jitter changes the clicks')
    figures('fixed', '--radius', 7)
    radii = [click['radius'] for one in clicks(folder / 'fixed').values() for click in one]
    tap.check(numpy.allclose(radii, 7), '--radius PIXELS', radii)
    average = figures('average', '--set', 'auc=mean')
    tap.check(numpy.isclose(average['auc'], numpy.mean(plain['curve'][1:])), '--set auc=mean')
    tap.equal(average['curve'], plain['curve'], 'it changes nothing else')
    tap.equal(figures('no_border', '--set', 'border_counts=no', '--set', 'connectivity=4')['settings']['set'],
              ['border_counts=no', 'connectivity=4'], 'settings are told')
    tap.equal(figures('no_iterations', '--layer', 'sb', '--set', 'iterations=0')['curve'], plain['curve'],
              'without iterations every layer gives the first answer')
    # the region loss moves answers that satisfy their clicks, too
    always = ('--layer', 'bmconv', '--set', 'region=0.3', '--set', 'region_steps=3', '--set', 'region_clicks=4')
    figures('without', *always, '--no-consistency')
    figures('set', *always, '--set', 'consistency=0')
    figures('with', *always)
    tap.check(predictions(folder / 'without') == predictions(folder / 'set') != predictions(folder / 'with'),
              '--no-consistency is consistency=0 and changes the answers')
    twice = figures('twice', *always, '--set', 'region_clicks=2')['curve']
    tap.equal(twice[:3], figures('with', *always)['curve'][:3], 'region_clicks=2: the first two answers are the same')
    figures('never', *always, '--set', 'region_clicks=0')
    figures('off', *always, '--set', 'region=0')
    tap.check(predictions(folder / 'never') == predictions(folder / 'off') != predictions(folder / 'twice'),
              'region_clicks=0 is region=0, 2 is not')
    (data / 'dataset.json').unlink()
    told = figures('told', '--object', 255, '--ignore', 128)
    tap.equal(told['curve'], plain['curve'], 'options say what dataset.json said')
    (data / 'images').rename(data / 'photos')
    for path in list((data / 'masks').iterdir()):
        path.rename(path.with_name(path.name.replace('.png', '_7.png')))
    told = figures('several', '--object', 255, '--ignore', 128, '--images', 'photos', '--objects', '<image>_<k>')
    tap.equal(told['curve'], plain['curve'], 'several masks an image, images elsewhere')
    tap.equal([row['object'] for row in table(folder / 'several')], ['disc_0_7', 'disc_1_7'], 'objects by their masks')


def check_compare(folder):
    data = data_set(folder / 'data')
    model = small_model(folder)
    for layer in ('none', 'sb'):
        segment(data, folder / layer, '--model', model, '--layer', layer)
    done = run('eval', 'compare', folder / 'none', folder / 'sb')
    tap.check(done.returncode == 0 and 'noc90' in done.stdout and f'minus {folder / "none"}' in done.stdout,
              'two runs side by side', done.stdout + done.stderr)
    done = run('eval', 'compare', folder / 'none', folder / 'sb', '--json')
    first, second = json.loads(done.stdout)['runs']
    tap.check(numpy.isclose(first['figures']['iou_3']['value'], summary(folder / 'none')['curve'][3]) and
              first['figures']['iou_5'] is None and first['differences']['iou_1'] is None, 'figures of the first run')
    difference = second['differences']['iou_3']
    expected = second['figures']['iou_3']['value'] - first['figures']['iou_3']['value']
    tap.check(numpy.isclose(difference['value'], expected) and
              difference['low'] <= difference['value'] <= difference['high'], 'the paired difference', difference)
    tap.equal(run('eval', 'compare', folder / 'none', folder / 'sb', '--json').stdout, done.stdout, 'intervals repeat')
    done = run('eval', 'compare', folder / 'none', folder / 'sb', '--plot', folder / 'both.svg')
    svg = xml.parse(folder / 'both.svg').getroot() if tap.check(done.returncode == 0, 'a plot', done.stderr) else []
    points = [line.get('points').split() for line in svg.findall('{*}polyline')]
    tap.equal([len(line) for line in points], [CLICKS + 1] * 2, 'a line for each run')
    tap.check(numpy.isclose(first['figures']['auc']['value'], summary(folder / 'none')['auc']) and
              numpy.isclose(first['figures']['best']['value'], summary(folder / 'none')['best']), "a run's own AUC and best")
    other = data_set(folder / 'other', 2)
    segment(other, folder / 'elsewhere', '--model', model, '--layer', 'none')
    done = run('eval', 'compare', folder / 'none', folder / 'elsewhere')
    tap.check(done.returncode == 2 and 'not of the same data' in done.stderr and done.stderr.count('\n') == 1,
              'runs of different data are refused', done.stderr)
    done = run('eval', 'compare', folder / 'none', '--plot', folder / 'no' / 'where.svg')
    tap.check(done.returncode == 1 and done.stderr.count('\n') == 1, 'a plot that cannot be written', done.stderr)
    for name, words, arguments in (('no folder', 'no folder', [folder / 'nowhere']),
                                   ('a folder without a run', 'finished run', [data])):
        done = run('eval', 'compare', *arguments)
        tap.check(done.returncode == 1 and words in done.stderr and done.stderr.count('\n') == 1, name, done.stderr)
    (folder / 'sb' / 'per_object.csv').write_text('object,noc85\n')
    done = run('eval', 'compare', folder / 'sb')
    tap.check(done.returncode == 1 and 'cannot be read' in done.stderr and done.stderr.count('\n') == 1,
              'a damaged table', done.stderr)


def check_bad_data(folder):
    model = small_model(folder)

    def refused(name, words, change, *arguments, status=1):
        data, out = folder / 'data', folder / 'out'
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(out, ignore_errors=True)
        data_set(data, 2)
        change(data)
        chosen = [] if '--model' in arguments or '--layer' in arguments else ['--model', model, '--layer', 'none']
        done = segment(data, out, *chosen, *arguments)
        sentence = done.stderr.rstrip('\n')
        tap.check(done.returncode == status and '\n' not in sentence and sentence.startswith('gbrs: ') and
                  words in sentence and done.stdout == '' and not (out / 'summary.json').exists(), name,
                  f'status {done.returncode}: {done.stderr}')

    def describe(**keys):
        return lambda data: (data / 'dataset.json').write_text(json.dumps({'task': 'segment', 'object': 255, **keys}))

    def gray(shape, value=255):
        return Image.fromarray(numpy.full(shape, value, numpy.uint8))

    def each_mask(change):
        return lambda data: [change(path) for path in list((data / 'masks').iterdir())]

    refused('no folder at all', 'no folder', shutil.rmtree)
    refused('an empty folder', 'dataset.json', lambda data: [shutil.rmtree(data), data.mkdir()], status=2)
    refused('no masks folder', 'masks', lambda data: shutil.rmtree(data / 'masks'))
    refused('no masks', 'has no masks', each_mask(pathlib.Path.unlink))
    refused('no images folder', 'images', lambda data: shutil.rmtree(data / 'images'))
    refused('no dataset.json and no option', '--object', lambda data: (data / 'dataset.json').unlink(), status=2)
    refused('dataset.json and an option', 'leave out', lambda data: None, '--object', 255, status=2)
    refused('an unknown key', '"colour"', describe(colour=1), status=2)
    refused('an unknown value', '"objects"', describe(objects='all'), status=2)
    refused('another task', '"depth"', describe(task='depth'), status=2)
    refused('no JSON', 'JSON', lambda data: (data / 'dataset.json').write_text('{'), status=2)
    refused('a code that does not occur', 'code 7 does not occur', describe(object=7))
    refused('sizes that differ', '20 x 10 pixels', each_mask(lambda path: gray((10, 20)).save(path)))
    refused('masks of colours', 'grey', each_mask(lambda path: Image.open(path).convert('RGB').save(path)))
    refused('masks with a palette', 'palette', each_mask(lambda path: Image.open(path).convert('P').save(path)))
    refused('masks of one bit', '8 bits', each_mask(lambda path: Image.open(path).convert('1').save(path)))
    refused('masks of 16 bits', '8 bits', each_mask(
        lambda path: Image.fromarray(numpy.array(Image.open(path)).astype(numpy.uint16)).save(path)))
    refused('cut masks', 'cut', each_mask(lambda path: path.write_bytes(path.read_bytes()[:60])))
    refused('names that do not meet', 'no mask belongs', each_mask(
        lambda path: path.rename(path.with_name('x' + path.name))))
    refused('an unknown layer', 'bmconv', lambda data: None, '--layer', 'nonsense', status=2)
    refused('an unknown model', 'no model', lambda data: None, '--model', 'nonsense')
    refused('an unknown radius', 'radius', lambda data: None, '--radius', 'large', status=2)
    refused('an unknown setting', 'nonsense', lambda data: None, '--set', 'nonsense=1', status=2)
    refused('a setting without value', 'KEY=VALUE', lambda data: None, '--set', 'auc', status=2)
    refused('a wrong value of a setting', 'trapezoid', lambda data: None, '--set', 'auc=sum', status=2)
    refused('too much jitter', '--jitter', lambda data: None, '--jitter', 1.5, status=2)
    refused('no clicks', '--clicks', lambda data: None, '--clicks', 0, status=2)


def check_bad_output(folder):
    data = data_set(folder / 'data', 2)
    (folder / 'home' / 'pictures').mkdir(parents=True)
    (folder / 'file').write_text('precious')

    def refused(name, words, out, status):
        done = segment(data, out, '--layer', 'none', '--limit', 1)
        tap.check(done.returncode == status and words in done.stderr and done.stderr.count('\n') == 1, name,
                  done.stderr)

    refused('a folder with other files', 'other files', folder / 'home', 2)
    tap.check((folder / 'home' / 'pictures').exists(), 'they are still there')
    refused('a file instead of a folder', 'cannot be written', folder / 'file', 1)
    refused('a folder that takes no files', 'cannot be written', '/proc/results', 1)
    busy = folder / 'busy'
    busy.mkdir()
    with open(busy / 'progress.jsonl', 'a', encoding='utf-8') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused('a folder in which another run writes', 'another run', busy, 1)


def check_skips(folder):
    data = data_set(folder / 'data', 6)
    model = small_model(folder)
    masks, images = data / 'masks', data / 'images'
    (images / 'disc_0.png').write_bytes((images / 'disc_0.png').read_bytes()[:200])
    Image.fromarray(numpy.zeros((5, 5), numpy.uint8)).save(masks / 'disc_1.png')
    empty = numpy.zeros_like(numpy.array(Image.open(masks / 'disc_2.png')))
    Image.fromarray(empty).save(masks / 'disc_2.png')
    (masks / 'disc_3.png').rename(masks / 'other.png')
    out = folder / 'out'
    done = segment(data, out, '--model', model, '--layer', 'none')
    found = summary(out) if done.returncode == 0 else {'skipped': {'files': []}, 'objects': 0}
    tap.equal((done.returncode, found['objects']), (0, 2), 'good objects are measured beside bad ones')
    reasons = {entry['name']: entry['reason'] for entry in found['skipped']['files']}
    tap.check(found['skipped'].get('count') == len(reasons) == 5 and 'cut' in reasons['disc_0'] and
              '5 x 5' in reasons['disc_1'] and 'does not occur' in reasons['disc_2'] and
              'no mask' in reasons['disc_3.png'] and 'no image' in reasons['other.png'], 'each left-out one is told',
              reasons)
    tap.check(done.stderr.count('left out') == 5 and '## Left out: 5' in (out / 'report.md').read_text(),
              'on standard error and in the report, too', done.stderr)


def check_real_data(_):
    sets = ('grabcut', 'davis', 'bsds_objects', 'coco_val')
    if not REAL:
        for name in sets:
            tap.skip(f'real data: {name}', 'GBRS_EVAL_DATA names no folder with the data sets')
        return
    for name in sets:
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / 'out'
            done = segment(pathlib.Path(REAL) / name, out, '--limit', 4, '--layer', 'none')
            if tap.check(done.returncode == 0, f'real data: {name}', done.stderr):
                figures = summary(out)
                tap.equal((figures['objects'], figures['skipped']['count']), (4, 0), f'{name}: every object counts')
                tap.check(figures['final'] > 0.5, f'{name}: clicks find the objects', figures['curve'])


for check in (check_run, check_jobs_and_resume, check_settings, check_compare, check_bad_data, check_bad_output, check_skips, check_real_data):
    with tempfile.TemporaryDirectory() as name:
        check(pathlib.Path(name))
sys.exit(tap.end())
