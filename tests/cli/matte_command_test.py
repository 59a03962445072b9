#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gbrs matte` and `gbrs eval matte`, with an imported network of random weights: what is known stays, clicks are obeyed,
starts are kept, colours are the object's own, figures are those of the alphas that are written, refusals.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from matte_model import import_model  # noqa: E402
from pictures import read_gray, soft_disc, trimap_of, write_png  # noqa: E402
from tap import Tap  # noqa: E402

WIDTH, HEIGHT, CLICKS = 96, 64, 2
tap = Tap()
work = pathlib.Path(tempfile.mkdtemp())


def run(*arguments):
    return subprocess.run([os.environ['GBRS_PROGRAM'], *map(str, arguments)], capture_output=True, text=True, timeout=600,
                          check=False)


def matte(*arguments):
    done = run('matte', picture, '--model', model, '--threads', 1, *arguments)
    return done.returncode, done.stdout, done.stderr


def check_import():
    tap.equal((info['task'], info['architecture'], info['license']), ('matte', 'indexnet', 'none'),
              'weights of IndexNet become a model of mattes')


def check_matte():
    out = work / 'alpha.png'
    status, _, errors = matte('--trimap', work / 'trimap.png', '-o', out)
    tap.equal((status, errors), (0, ''), 'it runs, silently')
    first = read_gray(out)
    known = trimap_of(alpha)
    tap.check(first.dtype == numpy.uint16 and (first[known == 0] == 0).all() and (first[known == 255] == 65535).all(),
              'what is known stays, 16 bits', first.dtype)
    u, v = 70, 32
    tap.equal(int(known[v, u]), 128, 'the click lies where nothing is known')
    status, report, errors = matte('--trimap', work / 'trimap.png', '--click', f'{u},{v},0.25', '--click', '48,11,@2,2', '-o', out,
                                   '--force', '--json')
    clicked = read_gray(out) / 65535
    tap.check(status == 0 and abs(clicked[v, u] - 0.25) < 0.003 and clicked[11, 48] < 0.003 and
              json.loads(report)['unsatisfied_clicks'] == 0, 'clicks are obeyed', (errors, clicked[v, u], clicked[11, 48]))
    tap.check((clicked[known == 0] == 0).all() and (clicked[known == 255] == 1).all(), 'what is known still stays')
    status, _, errors = matte('--trimap', work / 'trimap.png', '--push', f'{u},{v},+', '-o', out, '--force')
    pushed = read_gray(out)
    tap.check(status == 0 and (pushed[v, u] > first[v, u] or first[v, u] == 65535), 'a push moves it',
              (errors, first[v, u], pushed[v, u]))
    again = work / 'again.png'
    matte('--trimap', work / 'trimap.png', '--push', f'{u},{v},+', '-o', again)
    tap.check(again.read_bytes() == out.read_bytes(), 'the same arguments give the same bytes')


def check_mask():
    out = work / 'of_mask.png'
    rough = numpy.where(alpha > 0.5, 255, 0).astype(numpy.uint8)
    write_png(work / 'rough.png', rough)
    status, _, errors = matte('--mask', work / 'rough.png', '--band', 4, '-o', out)
    found = read_gray(out)
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    far = numpy.abs(numpy.hypot(x - 48, y - 32) - 18) > 6
    tap.check(status == 0 and (found[far] == rough[far].astype(int) * 257).all(), 'a mask: what is far from its edge stays', errors)
    tap.check(((found != 0) & (found != 65535))[~far].any(), 'a mask: its edge becomes soft')


def check_start():
    start, out = work / 'start.png', work / 'from_start.png'
    matte_before = numpy.round(alpha * 65535).astype(numpy.uint16)
    matte_before[::5] = matte_before[::5] // 2 * (matte_before[::5] < 65535) + matte_before[::5] * (matte_before[::5] == 65535)
    write_png(start, matte_before)
    status, _, errors = matte('--start', start, '-o', out)
    tap.check(status == 0 and (read_gray(out) == matte_before).all(), 'a start: without clicks it is what there was', errors)
    status, _, errors = matte('--start', start, '--trimap', work / 'trimap.png', '--click', '70,32,1', '-o', out, '--force')
    bent = read_gray(out)
    tap.check(status == 0 and bent[32, 70] > 65000 and (bent != matte_before).any(), 'a start: a click bends it', errors)


def check_foreground():
    out, cut = work / 'for_colours.png', work / 'cut.png'
    write_png(work / 'true.png', numpy.round(alpha * 65535).astype(numpy.uint16))
    status, _, errors = matte('--start', work / 'true.png', '-o', out, '--foreground', cut)
    found = numpy.array(Image.open(cut)).astype(float)
    soft = (alpha > 0.1) & (alpha < 0.9)
    before = numpy.abs(numpy.array(Image.open(picture)).astype(float) - front)[soft].mean()
    after = numpy.abs(found[..., :3] - front)[soft].mean()
    tap.check(status == 0 and found.shape[2] == 4 and after < before / 4, 'colours without those of the background',
              (errors, found.shape, before, after))
    tap.check(numpy.abs(found[..., 3] - 255 * alpha).max() <= 0.51, 'as opaque as the alpha says')


def check_refusals():
    def refused(words, name, *arguments, by=model):
        before = sorted(os.listdir(work))
        done = run('matte', picture, '--model', by, '-o', work / 'refused.png', *arguments)
        tap.check(done.returncode in (1, 2) and done.stdout == '' and len(done.stderr.splitlines()) == 1 and
                  name in done.stderr, f'{words}: one sentence', done.stderr)
        tap.equal(sorted(os.listdir(work)), before, f'{words}: nothing is written')

    known = ('--trimap', work / 'trimap.png')
    for name, values in (('nothing_known', 128), ('all_object', 255), ('all_background', 0)):
        write_png(work / f'{name}.png', numpy.full((HEIGHT, WIDTH), values, numpy.uint8))
    write_png(work / 'tiny.png', numpy.array([[0, 128, 255]] * 9, numpy.uint8))
    refused('nothing to start from', '--trimap')
    refused('a trimap and a mask', 'excludes', *known, '--mask', work / 'trimap.png')
    refused('a trimap of another size', '3 x 9', '--trimap', work / 'tiny.png')
    refused('a trimap of nothing known', 'foreground', '--trimap', work / 'nothing_known.png')
    refused('a trimap without background', 'background', '--trimap', work / 'all_object.png')
    refused('a mask of all', 'background', '--mask', work / 'all_object.png')
    refused('a mask of nothing', 'object', '--mask', work / 'all_background.png')
    refused('a band below 0', 'band', '--mask', work / 'trimap.png', '--band', -1)
    refused('alpha 3', '3', *known, '--click', '70,32,3')
    refused('a click where all is known', 'trimap', *known, '--click', '2,2,0.5')
    refused('a click beside the picture', '999', *known, '--click', '999,10,1')
    refused('a push that is none', '--push X,Y,+', *known, '--push', '70,32,0.5')
    refused('a model of another task', 'segment-small', *known, by='segment-small')
    refused('a foreground without transparency', '.png', *known, '--foreground', work / 'cut.jpg')
    refused('one file for two results', 'two files', *known, '--foreground', work / 'refused.png')
    refused('a trimap that is not there', 'nowhere.png', '--trimap', work / 'nowhere.png')


def matte_set(folder, trimaps=('trimaps',)):
    for name in ('images', 'alphas', *trimaps):
        (folder / name).mkdir(parents=True)
    for k in range(2):
        pixels, true, _ = soft_disc(4 * k)
        write_png(folder / 'images' / f'{k}.png', pixels)
        write_png(folder / 'alphas' / f'{k}.png', numpy.round(true * 255).astype(numpy.uint8))
        for name in trimaps:
            write_png(folder / name / f'{k}.png', trimap_of(true))
    (folder / 'dataset.json').write_text(json.dumps({'task': 'matte', 'trimaps': list(trimaps)}))
    return folder


def evaluate(data, out, *arguments):
    return run('eval', 'matte', '--data', data, '--out', out, '--model', model, '--clicks', CLICKS, *arguments)


def results(out):
    return {line['image']: line for line in map(json.loads, (out / 'progress.jsonl').read_text().splitlines()) if 'image' in line}


def mse(data, kept, count):
    """Mean over the images after so many clicks, by `gbrs matte`."""
    values = []
    for name, result in kept.items():
        clicks = [part for click in result['clicks'][:count] for part in
                  ('--click', f'{click["u"]},{click["v"]},{click["target"]},{click["radius"]}')]
        out = work / 'measured.tif'
        done = run('matte', data / 'images' / f'{name}.png', '--model', model, '--threads', 1, '--trimap',
                   data / 'trimaps' / f'{name}.png', '-o', out, '--force', *clicks)
        assert done.returncode == 0, done.stderr
        unknown = read_gray(data / 'trimaps' / f'{name}.png') == 128
        found, truth = read_gray(out) / 65535, read_gray(data / 'alphas' / f'{name}.png') / 255
        values.append(((numpy.round(found * 255) / 255 - truth)[unknown] ** 2).mean())
    return numpy.mean(values)


def check_eval():
    data, out = matte_set(work / 'data'), work / 'out'
    done = evaluate(data, out, '--jobs', 1)
    if not tap.check(done.returncode == 0 and '2 images: mse' in done.stdout, 'eval: mattes are measured', done.stderr):
        return
    figures, kept = json.loads((out / 'summary.json').read_text()), results(out)
    tap.equal([figures[key] for key in ('task', 'model', 'images', 'clicks', 'mode', 'metric')],
              ['matte', 'matte-test', 2, CLICKS, 'click', 'mse'], 'eval: summary.json says what was run')
    wanted = [mse(data, kept, count) for count in range(CLICKS + 1)]
    tap.check(numpy.allclose(figures['curve'], wanted, rtol=1e-3),
              'eval: the curve is the mean MSE of what gbrs matte gives with the same clicks', (figures['curve'], wanted))
    tap.check(figures['curve'][-1] < figures['curve'][0] and figures['best'] == min(figures['curve']),
              'eval: clicks help, and less is better', figures['curve'])
    tap.equal(sorted(figures['curves']), ['conn', 'grad', 'sad'], 'eval: the other metrics are curves, too')
    first = {name: result['metrics']['mse'][0] for name, result in kept.items()}
    tap.equal(figures['bottom10']['initial'], max(first.values()), 'eval: the worst tenth has the largest error')
    for name, result in kept.items():
        truth = read_gray(data / 'alphas' / f'{name}.png')
        tap.check(all(abs(click['target'] - truth[click['v'], click['u']] / 255) < 1e-6 for click in result['clicks']),
                  'eval: clicks say the alpha that is there', result['clicks'])
    done = evaluate(data, work / 'push', '--mode', 'push', '--limit', 1, '--insertions', 1)
    pushes = [click['target'] for result in results(work / 'push').values() for click in result['clicks']]
    tap.check(done.returncode == 0 and pushes and set(pushes) <= {1, -1}, 'eval: pushes say a direction', (done.stderr, pushes))

    two = matte_set(work / 'two', ('narrow', 'wide'))
    done = evaluate(two, work / 'runs', '--layer', 'none', '--limit', 1)
    tap.check(done.returncode == 0 and all(results(work / 'runs' / name) for name in ('narrow', 'wide')),
              'eval: several folders of trimaps are several runs', done.stderr)
    done = evaluate(two, work / 'one', '--layer', 'none', '--trimaps', 'wide', '--shard', '1/2')
    tap.check(done.returncode == 0 and list(results(work / 'one')) == ['0'], 'eval: one of them, and a shard', done.stderr)


def check_bad_data():
    def refused(name, words, change, *arguments, status=1):
        data, out = work / 'bad', work / 'bad_out'
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(out, ignore_errors=True)
        matte_set(data)
        change(data)
        done = evaluate(data, out, '--layer', 'none', '--limit', 1, *arguments)
        tap.check(done.returncode == status and done.stderr.count('\n') == 1 and words in done.stderr and
                  done.stdout == '' and not (out / 'summary.json').exists(), f'eval: {name}', done.stderr)

    def fill(value):
        return lambda data: write_png(data / 'trimaps' / '0.png', numpy.full((HEIGHT, WIDTH), value, numpy.uint8))
    refused('nothing unknown', 'No pixel', fill(255))
    refused('codes that are none', '77', fill(77))
    unknown = numpy.full((HEIGHT, WIDTH), 128, numpy.uint8)
    unknown[:9] = 0
    refused('nothing surely the object', '0.png has no foreground',
            lambda data: write_png(data / 'trimaps' / '0.png', unknown))
    refused('nothing surely beside it', '0.png has no background',
            lambda data: write_png(data / 'trimaps' / '0.png', numpy.where(unknown == 0, 255, unknown).astype(numpy.uint8)))
    refused('a trimap that is missing', '0.png', lambda data: (data / 'trimaps' / '0.png').unlink())
    refused('trimaps that are missing', 'trimaps', lambda data: shutil.rmtree(data / 'trimaps'))
    refused('trimaps that dataset.json does not name', 'wide', lambda data: None, '--trimaps', 'wide', status=2)
    refused('a list that is none', '"trimaps"', lambda data: (data / 'dataset.json').write_text(
        json.dumps({'task': 'matte', 'trimaps': ['../..']})), status=2)
    data, out = matte_set(work / 'mixed'), work / 'mixed_out'
    write_png(data / 'trimaps' / '0.png', unknown)
    done = evaluate(data, out, '--layer', 'none')
    tap.check(done.returncode == 0 and list(results(out)) == ['1'] and '0.png' in done.stderr,
              'eval: an image that cannot be measured costs no other one', done.stderr)
    refused('data of another task', 'depth', lambda data: (data / 'dataset.json').write_text(
        json.dumps({'task': 'depth', 'unit': 'mm'})), status=2)


pixels, alpha, front = soft_disc()
picture = work / 'picture.png'
write_png(picture, pixels)
write_png(work / 'trimap.png', trimap_of(alpha))
model, info = import_model(work)
for check in (check_import, check_matte, check_mask, check_start, check_foreground, check_refusals, check_eval, check_bad_data):
    check()
shutil.rmtree(work)
sys.exit(tap.end())
