# SPDX-License-Identifier: Apache-2.0
"""`gbrs eval semantic` and `gbrs eval depth`: figures that `gbrs semantic` and `gbrs depth` give again with the same
clicks, runs that go on, shards, and one clear sentence for what is wrong.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import numpy
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from pictures import disc, read_gray  # noqa: E402
from schedulers import run_with_parallel, run_with_slurm  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM = os.environ['GBRS_PROGRAM']
SHIPPED = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0])
CLICKS = 3
CLASSES = ['Background', 'cow', 'airplane', 'unicorn']
IN_MODEL = {0: 0, 1: 10, 2: 1}  # the classes' numbers in semantic-voc; it has no unicorn
tap = Tap()


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=600, check=False)


def evaluate(task, data, out, *arguments):
    return run('eval', task, '--data', data, '--out', out, '--clicks', CLICKS, *arguments)


def small_model(folder):
    """semantic-voc with small frames, so that a click takes little time."""
    shipped, model = SHIPPED / 'semantic-voc', folder / 'small'
    model.mkdir()
    manifest = json.loads((shipped / 'manifest.json').read_text())
    manifest['input']['long_side'] = 129
    manifest['name'] = 'small'
    (model / 'manifest.json').write_text(json.dumps(manifest))
    (model / 'weights.safetensors').symlink_to(shipped / 'weights.safetensors')
    return f'{model}/'


def labels_set(folder, count=4, **description):
    """Discs that are cows on the background, with a strip of airplane, a corner of unicorn and an ignored rim."""
    (folder / 'images').mkdir(parents=True)
    (folder / 'labels').mkdir()
    for k in range(count):
        pixels, inside = disc(100 + 12 * k, 80 + 8 * k)
        labels = inside.astype(numpy.uint8)
        labels[-12:] = 2
        labels[:8, -20:] = 3
        labels[:, :3] = 255
        Image.fromarray(pixels).save(folder / 'images' / f'disc_{k}.png')
        Image.fromarray(labels).save(folder / 'labels' / f'disc_{k}.png')
    description = {'task': 'semantic', 'ignore': 255, 'classes': CLASSES, **description}
    (folder / 'dataset.json').write_text(json.dumps(description))
    return folder


def depth_set(folder, count=3, **description):
    """A floor that goes away from 1 to 5 m, with a disc at 2 m in front; some of it was not measured."""
    (folder / 'images').mkdir(parents=True)
    (folder / 'depth').mkdir()
    for k in range(count):
        pixels, inside = disc(128, 96)
        depth = numpy.repeat(numpy.linspace(5000, 1000 + 200 * k, 96)[:, None], 128, axis=1)
        depth[inside] = 2000
        depth[40:50, 100:] = 0
        Image.fromarray(pixels).save(folder / 'images' / f'{k}.png')
        Image.fromarray(depth.astype(numpy.uint16)).save(folder / 'depth' / f'{k}.png')
    description = {'task': 'depth', 'unit': 'mm', 'min': 0.001, 'max': 4.5, 'align': 'none',
                   'crop': {'top': 10, 'left': 5, 'bottom': 90, 'right': 120}, **description}
    (folder / 'dataset.json').write_text(json.dumps(description))
    return folder


def summary(out):
    return json.loads((out / 'summary.json').read_text())


def results(out):
    """What was kept of each image, by name."""
    lines = map(json.loads, (out / 'progress.jsonl').read_text().splitlines())
    return {line['image']: line for line in lines if 'image' in line}


def without_times(out):
    """All figures of a run that must not depend on how it was made."""
    figures = {key: value for key, value in summary(out).items() if not key.endswith('_s') and key != 'jobs'}
    with open(out / 'per_image.csv', newline='', encoding='utf-8') as file:
        rows = [{key: value for key, value in row.items() if not key.endswith('_s')} for row in csv.DictReader(file)]
    return figures, rows


def click_arguments(result, count):
    return [part for click in result['clicks'][:count] for part in
            ('--click', f'{click["u"]},{click["v"]},{click["target"]},{click["radius"]}')]


def confusion(data, folder, model, kept, count):
    """[truth, prediction] over all images after so many clicks, by `gbrs semantic`; the last prediction is no class."""
    counts = numpy.zeros((4, 5), int)
    to_data = numpy.full(256, 4)
    for ours, theirs in IN_MODEL.items():
        to_data[theirs] = ours
    for name, result in kept.items():
        done = run('semantic', data / 'images' / f'{name}.png', '--model', model, '--threads', 1, '-o',
                   folder / 'labels.png', '--force', *click_arguments(result, count))
        assert done.returncode == 0, done.stderr
        truth, found = read_gray(data / 'labels' / f'{name}.png'), to_data[read_gray(folder / 'labels.png')]
        numpy.add.at(counts, (truth[truth < 3], found[truth < 3]), 1)
    return counts


def mean_iou(counts):
    right = numpy.diag(counts)[:3]
    return (right / (counts.sum(axis=1)[:3] + counts.sum(axis=0)[:3] - right)).mean()


def check_comparison(folder, out, other, common):
    """Of two runs of a task over the same data, of which the other one has only the first `common` images."""
    done = run('eval', 'compare', out, other, '--json')
    if not tap.check(done.returncode == 0, 'runs are compared', done.stderr):
        return
    first, second = json.loads(done.stdout)['runs']
    metric = summary(out)['metric']
    for figures, path in ((first['figures'], out), (second['figures'], other)):
        told = summary(path)
        curves = {metric: told['curve'], **told['curves']}
        tap.check(all(numpy.isclose(figures[f'{name}_{click}']['value'], curve[click])
                      for name, curve in curves.items() for click in (0, 1, CLICKS)) and
                  numpy.isclose(figures[f'{metric}_auc']['value'], told['auc']) and
                  numpy.isclose(figures[f'{metric}_best']['value'], told['best']),
                  f'{metric}: the figures of all metrics are those of the run', figures)
    gain = summary(out)['final'] / summary(out)['initial'] - 1
    tap.check(numpy.isclose(first['figures'][f'{metric}_gain']['value'], -gain if metric == 'mse' else gain),
              f'{metric}: relative improvement', first['figures'])
    difference = second['differences'][f'{metric}_{CLICKS}']
    tap.check(second['common_images'] == common and difference['low'] <= difference['value'] <= difference['high'] and
              first['differences'][f'{metric}_{CLICKS}'] is None, f'{metric}: differences to the first run', difference)
    if metric == 'miou':  # pixels of the common images only
        done = run('eval', 'compare', out, other, '--metric', metric)
        tap.check(f'{other}: has {common} images in common' in done.stdout and 'pixel_accuracy' not in done.stdout,
                  'a table of one metric', done.stdout + done.stderr)
    else:
        rows = [results(path) for path in (out, other)]
        names = sorted(set(rows[0]) & set(rows[1]))
        wanted = numpy.mean([rows[1][name]['metrics'][metric][CLICKS] - rows[0][name]['metrics'][metric][CLICKS]
                             for name in names])
        tap.check(numpy.isclose(difference['value'], wanted), f'{metric}: over the images that both have', difference)
    for options, name in (((), f'{metric}.svg'), (('--worst',), 'worst.svg')):
        done = run('eval', 'compare', out, other, '--plot', folder / name, *options)
        lines = xml.parse(folder / name).getroot().findall('{*}polyline') if done.returncode == 0 else []
        tap.equal([len(line.get('points').split()) for line in lines], [CLICKS + 1] * 2, f'{name}: a line for each run')


def check_semantic(folder):
    data, out, model = labels_set(folder / 'data'), folder / 'out', small_model(folder)
    done = evaluate('semantic', data, out, '--model', model, '--class', 'aeroplane=airplane', '--jobs', 1)
    if not tap.check(done.returncode == 0 and '4 images: miou' in done.stdout, 'classes are measured', done.stderr):
        return
    figures, kept = summary(out), results(out)
    tap.equal([figures[key] for key in ('task', 'model', 'layer', 'images', 'clicks', 'radius', 'mode', 'metric')],
              ['semantic', 'small', 'bmconv', 4, CLICKS, 'paper', 'click', 'miou'], 'summary.json says what was run')
    matrices = [confusion(data, folder, model, kept, count) for count in range(CLICKS + 1)]
    tap.check(numpy.allclose(figures['curve'], [mean_iou(counts) for counts in matrices]),
              'the curve is the mIoU of one matrix over all images, as gbrs semantic gives it with the same clicks',
              (figures['curve'], [mean_iou(counts) for counts in matrices]))
    accuracy = [numpy.diag(counts)[:3].sum() / counts.sum() for counts in matrices]
    tap.check(numpy.allclose(figures['curves']['pixel_accuracy'], accuracy), 'so are other curves')
    curve = figures['curve']
    tap.check(numpy.allclose([figures['initial'], figures['final'], figures['best'], figures['auc']],
                             [curve[0], curve[-1], max(curve), numpy.trapezoid(curve) / CLICKS]),
              'initial, final, best and AUC follow from the curve')
    tap.check(curve[-1] > curve[0], 'clicks help', curve)
    given = [click for result in kept.values() for click in result['clicks']]
    tap.check({click['target'] for click in given} <= set(IN_MODEL.values()) and len(given) == figures['clicks_given'],
              'clicks say classes that the model has', given)
    first = min(kept.values(), key=lambda result: result['metrics']['miou'][0])
    tap.equal((figures['bottom10']['images'], figures['bottom10']['initial']), (1, first['metrics']['miou'][0]),
              'the worst tenth is ranked before the clicks')
    tap.check(0 < figures['spc_median_s'] <= figures['spc_p95_s'], 'times are there')
    words = (out / 'curve.svg').read_text()
    tap.check('miou' in words and words.count('<polyline') == 2, 'there is a plot')
    tap.check('| worst tenth | 1 |' in (out / 'report.md').read_text(), 'and a report')

    two = folder / 'two'
    settings = ('--model', model, '--class', 'aeroplane=airplane')
    evaluate('semantic', data, two, *settings, '--jobs', 2)
    tap.check(without_times(two) == without_times(out), '--jobs changes no figure')
    before = (out / 'progress.jsonl').read_bytes()
    lines = before.splitlines(keepends=True)
    (out / 'progress.jsonl').write_bytes(b''.join(lines[:3]) + lines[3][:40])  # killed while it wrote
    done = evaluate('semantic', data, out, *settings, '--jobs', 1)
    tap.check(done.returncode == 0 and 'going on after 2 of 4' in done.stderr and
              without_times(out) == without_times(two), 'a run that was stopped goes on', done.stderr)
    words = ('semantic', '--data', data, '--clicks', CLICKS, *settings)
    for name, make in (('parallel', run_with_parallel), ('slurm', run_with_slurm)):
        shards = folder / name
        done = make(PROGRAM, folder / 'bin', 2, shards, *words)
        if tap.check(done.returncode == 0, f'{name}: shards are measured', done.stderr):
            tap.equal([summary(folder / f'{name}.shards' / number)['images'] for number in '12'], [2, 2],
                      f'{name}: each has its share')
            tap.check(without_times(shards) == without_times(two), f'{name}: joined they are one run')
            tap.equal((shards / 'curve.svg').read_bytes(), (two / 'curve.svg').read_bytes(), f'{name}: to the byte')
            joined = (shards / 'progress.jsonl').read_bytes()
            tap.check(all((folder / f'{name}.shards' / number / 'progress.jsonl').read_bytes() in joined
                          for number in '12'), f'{name}: nothing was computed again')
    done = run_with_parallel(PROGRAM, folder / 'bin', 9, folder / 'too_many', *words)
    tap.check(done.returncode != 0 and 'nothing to do' in done.stderr and not (folder / 'too_many').exists(),
              'more shards than images are not joined', done.stderr)
    evaluate('semantic', data, folder / 'none', *settings, '--layer', 'none', '--limit', 3)
    check_comparison(folder, out, folder / 'none', 3)
    done = evaluate('semantic', data, two, *settings, '--layer', 'none')
    tap.check(done.returncode == 2 and 'layer ("bmconv", now "none")' in done.stderr and done.stderr.count('\n') == 1,
              'results of other settings are refused', done.stderr)


def delta1(data, folder, kept, count):
    """Mean over the images after so many clicks, by `gbrs depth`."""
    values = []
    for name, result in kept.items():
        done = run('depth', data / 'images' / f'{name}.png', '--threads', 1, '-o', folder / 'depth.tif', '--force',
                   *click_arguments(result, count))
        assert done.returncode == 0, done.stderr
        found = numpy.clip(numpy.array(Image.open(folder / 'depth.tif')), 0.001, 4.5)[10:90, 5:120]
        truth = read_gray(data / 'depth' / f'{name}.png')[10:90, 5:120] / 1000
        counts = (truth > 0.001) & (truth < 4.5)
        values.append((numpy.maximum(found[counts] / truth[counts], truth[counts] / found[counts]) < 1.25).mean())
    return numpy.mean(values)


def check_refused_comparisons(folder, data, out):
    def refused(name, words, *arguments, status=2):
        done = run('eval', 'compare', out, *arguments)
        tap.check(done.returncode == status and words in done.stderr and done.stderr.count('\n') == 1 and
                  done.stdout == '', f'compare: {name}', f'status {done.returncode}: {done.stderr}')

    evaluate('semantic', labels_set(folder / 'labels', 1), folder / 'classes', '--layer', 'none')
    refused('another task', 'depth and', folder / 'classes')
    evaluate('depth', depth_set(folder / 'other', 1), folder / 'elsewhere', '--layer', 'none')
    refused('other data', 'not of the same data', folder / 'elsewhere')
    refused('an unknown metric', '"iou"', '--metric', 'iou')
    refused('a curve of the worst tenth that there is not', 'worst tenth', '--metric', 'rmse', '--worst', '--plot', 'x')
    refused('--worst without a plot', '--plot', '--worst')
    damaged = folder / 'damaged'
    for name, change in (('no table', lambda: (damaged / 'per_image.csv').unlink()),
                         ('a table of other images', lambda: (damaged / 'per_image.csv').write_text('image,x\n9,1\n')),
                         ('a summary that is none', lambda: (damaged / 'summary.json').write_text('[]')),
                         ('cut results', lambda: (damaged / 'progress.jsonl').write_text('{"settings":{}}\n{"image":\n'))):
        shutil.rmtree(damaged, ignore_errors=True)
        shutil.copytree(out, damaged)
        change()
        refused(name, str(damaged), damaged, status=1)


def check_depth(folder):
    data, out = depth_set(folder / 'data'), folder / 'out'
    done = evaluate('depth', data, out, '--jobs', 1)
    if not tap.check(done.returncode == 0 and '3 images: delta1' in done.stdout, 'depths are measured', done.stderr):
        return
    figures, kept = summary(out), results(out)
    tap.equal([figures[key] for key in ('task', 'model', 'images', 'clicks', 'mode', 'metric')],
              ['depth', 'depth-rooms', 3, CLICKS, 'click', 'delta1'], 'summary.json says what was run')
    wanted = [delta1(data, folder, kept, count) for count in range(CLICKS + 1)]
    tap.check(numpy.allclose(figures['curve'], wanted, atol=2e-4),
              'the curve is the mean delta1 within the crop, as gbrs depth gives it with the same clicks',
              (figures['curve'], wanted))
    tap.check({'delta2', 'delta3', 'abs_rel', 'sq_rel', 'rmse', 'rmse_log'} <= figures['curves'].keys() and
              all(len(curve) == CLICKS + 1 for curve in figures['curves'].values()),
              'the other metrics are curves, too')
    rmse = figures['curves']['rmse']
    tap.check(rmse[-1] < rmse[0], 'clicks help', rmse)
    for name, result in kept.items():
        truth = read_gray(data / 'depth' / f'{name}.png')
        tap.check(all(abs(click['target'] - truth[click['v'], click['u']] / 1000) < 1e-6 and
                      5 <= click['u'] < 120 and 10 <= click['v'] < 90 for click in result['clicks']),
                  'clicks say the depth that is there, within the crop', result['clicks'])
    evaluate('depth', data, folder / 'none', '--layer', 'none', '--limit', 2)
    check_comparison(folder, out, folder / 'none', 2)
    check_refused_comparisons(folder, data, out)
    done = evaluate('depth', data, folder / 'push', '--mode', 'push', '--limit', 1, '--insertions', 1)
    pushes = [click['target'] for result in results(folder / 'push').values() for click in result['clicks']]
    tap.check(done.returncode == 0 and pushes and set(pushes) <= {1, -1} and
              summary(folder / 'push')['settings']['insertions'] == 1, 'pushes say a direction', (done.stderr, pushes))


def check_bad_input(folder):
    def refused(task, make, name, words, change, *arguments, status=1):
        data, out = folder / 'data', folder / 'out'
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(out, ignore_errors=True)
        make(data, 1)
        change(data)
        done = evaluate(task, data, out, '--layer', 'none', *arguments)
        sentence = done.stderr.rstrip('\n')
        tap.check(done.returncode == status and '\n' not in sentence and sentence.startswith('gbrs: ') and
                  words in sentence and done.stdout == '' and not (out / 'summary.json').exists(), f'{task}: {name}',
                  f'status {done.returncode}: {done.stderr}')

    def describe(**keys):
        return lambda data: (data / 'dataset.json').write_text(json.dumps(
            {**json.loads((data / 'dataset.json').read_text()), **keys}))

    def each(kind, pixels):
        return lambda data: [Image.fromarray(pixels(read_gray(path))).save(path) for path in (data / kind).iterdir()]

    for task, make, kind in (('semantic', labels_set, 'labels'), ('depth', depth_set, 'depth')):
        refused(task, make, 'no folder', 'no folder', shutil.rmtree)
        refused(task, make, 'no dataset.json', 'no dataset.json', lambda data: (data / 'dataset.json').unlink())
        refused(task, make, 'no JSON', 'JSON', lambda data: (data / 'dataset.json').write_text('['), status=2)
        refused(task, make, 'another task', '"matte"', describe(task='matte'), status=2)
        refused(task, make, 'an unknown key', '"colour"', describe(colour=1), status=2)
        refused(task, make, 'no truths', f'no {kind}',
                lambda data, kind=kind: [path.unlink() for path in (data / kind).iterdir()])
        refused(task, make, 'names that do not meet', 'belongs to an image',
                lambda data, kind=kind: [path.rename(path.with_name('x' + path.name))
                                         for path in list((data / kind).iterdir())])
        refused(task, make, 'sizes that differ', '10 x 9 pixels', each(kind, lambda old: old[:9, :10]))
        refused(task, make, 'colours', 'label map' if task == 'semantic' else '16 bits',
                each(kind, lambda old: numpy.zeros((*old.shape, 3), numpy.uint8)))
        refused(task, make, "another task's model", 'segment', lambda data: None, '--model', 'segment-small', status=2)
        refused(task, make, 'a wrong shard', 'I/N', lambda data: None, '--shard', '3/2', status=2)
        refused(task, make, 'a setting of segmentation', 'no_error', lambda data: None, '--set', 'no_error=click',
                status=2)
        refused(task, make, 'no insertions', '--insertions', lambda data: None, '--insertions', 0, status=2)
    refused('semantic', labels_set, 'labels out of range', 'id 7',
            each('labels', lambda old: numpy.where(old == 2, 7, old)))
    refused('semantic', labels_set, 'nothing that counts', 'No pixel',
            each('labels', lambda old: numpy.full_like(old, 3)))
    refused('semantic', labels_set, 'no class in common', '--class', describe(classes=['a', 'b']), status=2)
    refused('semantic', labels_set, 'a class of nobody', '"dragon"', lambda data: None, '--class', 'dragon=cow',
            status=2)
    refused('depth', depth_set, 'nothing that counts', 'No pixel', each('depth', numpy.zeros_like))
    refused('depth', depth_set, 'a crop too large', 'crop',
            describe(crop={'top': 0, 'left': 0, 'bottom': 9, 'right': 900}))
    refused('depth', depth_set, 'another unit', 'millimetres', describe(unit='index.tsv'))
    refused('depth', depth_set, '8 bits', '16 bits', each('depth', lambda old: old.astype(numpy.uint8)))
    refused('depth', depth_set, 'a mode that there is not', '--mode', lambda data: None, '--mode', 'pull', status=2)


def check_skips(folder):
    data, out = depth_set(folder / 'data', 3), folder / 'out'
    Image.fromarray(numpy.zeros((96, 128), numpy.uint16)).save(data / 'depth' / '1.png')
    (data / 'images' / '2.png').write_bytes((data / 'images' / '2.png').read_bytes()[:100])
    done = evaluate('depth', data, out, '--layer', 'none')
    skipped = summary(out)['skipped'] if done.returncode == 0 else {'files': []}
    reasons = {one['name']: one['reason'] for one in skipped['files']}
    tap.check(summary(out)['images'] == 1 and 'No pixel' in reasons['1'] and 'cut' in reasons['2'] and
              done.stderr.count('left out') == 2 and '## Left out: 2' in (out / 'report.md').read_text(),
              'an image without valid truth is counted and told', (done.stderr, reasons))


for check in (check_semantic, check_depth, check_bad_input, check_skips):
    with tempfile.TemporaryDirectory() as name:
        check(pathlib.Path(name))
sys.exit(tap.end())
