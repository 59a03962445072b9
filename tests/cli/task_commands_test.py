#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gbrs semantic` and `gbrs depth`: what they find, clicks that are obeyed, starts that are kept, refusals.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models), GBRS_PHOTOS (a folder of photographs, may be
missing).
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
from exr import read_exr, write_exr  # noqa: E402
from pictures import disc, read_gray, write_png  # noqa: E402
from tap import Tap  # noqa: E402

CAT = 8
tap = Tap()
work = pathlib.Path(tempfile.mkdtemp())


def gbrs(*arguments):
    done = subprocess.run([os.environ['GBRS_PROGRAM'], *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def refused(words, name, *arguments):
    before = sorted(os.listdir(work))
    status, out, errors = gbrs(*arguments)
    tap.check(status in (1, 2) and out == '' and len(errors.splitlines()) == 1 and name in errors, f'{words}: one sentence',
              errors)
    tap.equal(sorted(os.listdir(work)), before, f'{words}: nothing is written')


def check_semantic(photo):
    labels, mask = work / 'labels.png', work / 'mask.png'
    status, out, errors = gbrs('semantic', photo, '-o', labels, '--classes', 'cat', '--mask', mask)
    tap.equal((status, errors), (0, ''), 'classes: it runs, silently')
    found = read_gray(labels)
    tap.check(any('cat' in line for line in out.splitlines()), 'classes: the cat is named, with its area', out)
    covered = read_gray(mask) > 32767
    tap.check(((found == CAT) == covered).mean() > 0.999, 'classes: the mask is where the label is')
    sofa = 18
    status, out, errors = gbrs('semantic', photo, '--click', '20,20,sofa,60', '--click', '225,150,@20,20', '-o', labels,
                               '--force', '--json')
    report = json.loads(out) if status == 0 else {}
    tap.equal((status, errors, report.get('unsatisfied_clicks')), (0, '', 0), 'classes: clicks are obeyed')
    again = read_gray(labels)
    tap.equal((int(again[20, 20]), int(again[150, 225])), (sofa, sofa), 'classes: a class by its name, and the same as there')
    status, _, errors = gbrs('semantic', photo, '--stroke', '30,40 90,40 90,80,sofa,9', '-o', labels, '--force')
    again = read_gray(labels)
    painted = (again[40, 30:90] == sofa).mean()
    tap.check(status == 0 and painted > 0.5, 'classes: a stroke is painted', (errors, painted))
    check_classes_named_like_numbers(photo)


def check_classes_named_like_numbers(photo):
    model, labels = work / 'numbered', work / 'labels.png'
    shutil.copytree(pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0]) / 'semantic-voc', model)
    manifest = json.loads((model / 'manifest.json').read_text())
    manifest['classes'] = [str(number + 1) for number in range(len(manifest['classes']))]
    (model / 'manifest.json').write_text(json.dumps(manifest))
    _, out, errors = gbrs('semantic', photo, '--model', f'{model}/', '--click', '21,20,20,21', '--stroke', '5,9 9,5,20,9',
                          '-o', labels, '--force', '--json')
    clicks = json.loads(out)['clicks'] if out else errors
    found = [(click['x'], click['y'], click['target'], click['radius']) for click in clicks]
    tap.equal(found, [(21.5, 20.5, 19, 21), (5.5, 9.5, 19, 4.5)], 'classes: names like numbers stand for classes only')
    shutil.rmtree(model)


def check_depth(photo):
    tif, png = work / 'depth.tif', work / 'depth.png'
    status, _, errors = gbrs('depth', photo, '-o', tif)
    tap.equal((status, errors), (0, ''), 'depth: it runs, silently')
    first = numpy.array(Image.open(tif))
    tap.check(first.dtype == numpy.float32 and first.min() >= 0 and 0.1 < numpy.median(first) < 20, 'depth: metres as floats',
              (first.dtype, float(numpy.median(first))))
    gbrs('depth', photo, '-o', png)
    tap.check(numpy.abs(read_gray(png) / 1000 - first).max() <= 0.00051, 'depth: whole millimetres in a PNG file')
    status, out, errors = gbrs('depth', photo, '--click', '225,150,2.5', '--click', '50,50,@225,150', '-o', tif, '--force',
                               '--json')
    depth = numpy.array(Image.open(tif))
    tap.check(status == 0 and abs(depth[150, 225] - 2.5) < 0.01 and abs(depth[50, 50] - depth[150, 225]) < 0.02,
              'depth: clicks are obeyed', (errors, float(depth[150, 225]), float(depth[50, 50])))
    status, _, errors = gbrs('depth', photo, '--push', '225,150,far', '-o', tif, '--force')
    pushed = numpy.array(Image.open(tif))
    tap.check(status == 0 and pushed[150, 225] > first[150, 225], 'depth: a push moves it', errors)


def check_exr(photo):
    tif, exr, again = work / 'plain.tif', work / 'plain.exr', work / 'again.exr'
    gbrs('depth', photo, '-o', tif)
    metres = numpy.array(Image.open(tif))
    status, _, errors = gbrs('depth', photo, '-o', exr)
    tap.equal((status, errors), (0, ''), 'exr: it is written, silently')
    channels = read_exr(exr)
    tap.check(list(channels) == ['Z'] and channels['Z'].dtype == numpy.float32 and (channels['Z'] == metres).all(),
              'exr: one channel Z, the metres of the TIFF file', list(channels))
    status, _, errors = gbrs('depth', photo, '--start', exr, '-o', again)
    tap.check(status == 0 and again.read_bytes() == exr.read_bytes(), 'exr: a start, and the same file again', errors)
    height, width = metres.shape
    coarse = metres.astype(numpy.float16)
    for name, channels, margin in (('Y of 16 bits', {'Y': coarse}, 0), ('the only channel', {'depth.V': metres}, 0),
                                   ('Z among others', {'R': metres + 1, 'Y': metres + 2, 'Z': metres}, 0),
                                   ('more than the picture', {'Z': numpy.pad(metres, 5, mode='edge')}, 5)):
        write_exr(exr, channels, shown=(margin, margin, width, height))
        wanted = coarse.astype(numpy.float32) if name.startswith('Y') else metres
        status, _, errors = gbrs('depth', photo, '--start', exr, '-o', again, '--force')
        tap.check(status == 0 and (read_exr(again)['Z'] == wanted).all(), f'exr: a start, {name}', errors)


def check_start(photo):
    width, height = Image.open(photo).size
    ramp = numpy.linspace(1, 4, width, dtype=numpy.float32)[None].repeat(height, 0)
    ramp[::7] += 0.25   # detail that no network gives
    start, out = work / 'start.tif', work / 'from_start.tif'
    Image.fromarray(ramp).save(start)
    status, _, errors = gbrs('depth', photo, '--start', start, '-o', out)
    tap.check(status == 0 and (numpy.array(Image.open(out)) == ramp).all(), 'start: without clicks it is what there was', errors)
    status, _, errors = gbrs('depth', photo, '--start', start, '--click', '100,100,3', '-o', out, '--force')
    bent = numpy.array(Image.open(out))
    detail = (bent[7:-7:7] - (bent[6:-8:7] + bent[8:-6:7]) / 2).mean() if status == 0 else 0
    tap.check(status == 0 and abs(bent[100, 100] - 3) < 0.01 and abs(detail - 0.25) < 0.05,
              'start: a click bends it, its detail stays', (errors, float(bent[100, 100]), float(detail)))


def check_refusals():
    picture = work / 'disc.png'
    write_png(picture, disc()[0])
    out = work / 'out.png'
    refused('a class that there is not', 'unicorn', 'semantic', picture, '-o', out, '--classes', 'unicorn', '--mask',
            work / 'm.png')
    refused('classes without a mask', '--mask', 'semantic', picture, '-o', out, '--classes', 'cat')
    refused('a click of a class that there is not', '77', 'semantic', picture, '-o', out, '--click', '10,10,77')
    refused('a click beside the picture', '999', 'semantic', picture, '-o', out, '--click', '999,10,cat')
    refused('a label map of another kind', '.tif', 'semantic', picture, '-o', work / 'out.tif')
    refused('a model of another task', 'segment-small', 'semantic', picture, '-o', out, '--model', 'segment-small')
    refused('one file for two results', 'two files', 'semantic', picture, '-o', out, '--classes', 'cat', '--mask', out)
    refused('an object by a model of depths', 'depth-rooms', 'segment', picture, '-o', out, '--click', '10,10,+', '--model',
            'depth-rooms')
    refused('a negative depth', '-1', 'depth', picture, '-o', out, '--click', '10,10,-1')
    refused('a push that is none', 'near', 'depth', picture, '-o', out, '--push', '10,10,3')
    refused('a depth map of another kind', '.exr', 'depth', picture, '-o', work / 'out.hdr')
    refused('a start of another size', '2 x 2', 'depth', picture, '-o', out, '--start', tiny())
    refused('a picture that is not there', 'nothing.png', 'depth', work / 'nothing.png', '-o', out)


def check_exr_refusals():
    picture, out, start = work / 'disc.png', work / 'out.exr', work / 'start.exr'
    depth = numpy.ones((90, 120), numpy.float32)

    def refused_start(words, name, channels, **shown):
        write_exr(start, channels, **shown)
        refused(words, name, 'depth', picture, '-o', out, '--start', start)

    refused_start('colours in an OpenEXR file', 'Z or Y', {'B': depth, 'G': depth, 'R': depth})
    refused_start('an OpenEXR file of another size', '60 x 90', {'Z': depth[:, :60]})
    refused_start('one that lacks a part of its picture', 'each pixel', {'Z': depth}, shown=(-1, 0, 120, 90))
    refused_start('one with depths that are no numbers', 'no numbers', {'Z': depth * numpy.nan})
    write_exr(start, {'Z': depth})
    whole = start.read_bytes()
    for words, data in (('cut', whole[:-4000]), ('cut in its head', whole[:60]), ('empty', b''), ('a text', b'no picture')):
        start.write_bytes(data)
        refused(f'an OpenEXR file that is {words}', 'start.exr', 'depth', picture, '-o', out, '--start', start)
    huge = whole.replace(numpy.array([0, 0, 119, 89], '<i4').tobytes(), numpy.array([0, 0, 2**31 - 1, 2**31 - 1], '<i4').tobytes())
    start.write_bytes(huge)
    refused('an OpenEXR file that says it is huge', '', 'depth', picture, '-o', out, '--start', start)
    refused('one that is not there', 'nothing.exr', 'depth', picture, '-o', out, '--start', work / 'nothing.exr')


def tiny():
    Image.fromarray(numpy.ones((2, 2), numpy.float32)).save(work / 'tiny.tif')
    return work / 'tiny.tif'


tiny()
photo = pathlib.Path(os.environ.get('GBRS_PHOTOS', '/nonexistent')) / 'chelsea.png'
if photo.exists():
    check_semantic(photo)
    check_depth(photo)
    check_exr(photo)
    check_start(photo)
else:
    tap.skip('classes and depths of a photograph', 'GBRS_PHOTOS names no folder with chelsea.png')
check_refusals()
write_exr(work / 'start.exr', {'Z': numpy.ones((90, 120), numpy.float32)})
check_exr_refusals()
sys.exit(tap.end())
