# SPDX-License-Identifier: Apache-2.0
"""`gbrs segment` as its users call it: results, and one clear sentence for everything that is wrong.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from pictures import disc, png, read_gray  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM = os.environ['GBRS_PROGRAM']
tap = Tap()


def run(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False,
                          **options)


def segment(image, *arguments, **options):
    return run('segment', image, '--threads', 1, *arguments, **options)


def read(path):
    return read_gray(path).astype(numpy.int64)


def iou(mask, truth):
    selected = mask > mask.max() / 2
    return (selected & truth).sum() / (selected | truth).sum()


def check_good(folder):
    pixels, inside = disc()
    picture = folder / 'disc.png'
    Image.fromarray(pixels).save(picture)
    click = ('--click', '48,45,+')

    done = segment(picture, *click, '-o', folder / 'mask.png')
    tap.equal((done.returncode, done.stdout, done.stderr), (0, '', ''), 'a click selects, silently')
    mask16 = read(folder / 'mask.png')
    tap.check(Image.open(folder / 'mask.png').mode.startswith('I') and mask16.max() > 255, 'a PNG has 16 bits')
    tap.check(iou(mask16, inside) > 0.8, 'the mask is the disc', f'IoU {iou(mask16, inside):.3f}')
    partly = ((mask16 > 0.05 * 65535) & (mask16 < 0.95 * 65535)).sum()
    tap.check(partly > 40, 'the mask is soft: a quarter of the edge is neither in nor out', partly)

    wide = ('--click', '48,45,+,8')
    plain = segment(picture, *wide, '--set', 'region=0', '-o', folder / 'plain.png', '--json')
    region = segment(picture, *wide, '--set', 'region=1', '-o', folder / 'region.png', '--json')
    tap.equal([json.loads(done.stdout)['steps'][0]['iterations'] > 0 for done in (plain, region)], [False, True],
              '--set reaches the refinement')

    segment(picture, *click, '-o', folder / 'mask8.png', '--depth', 8)
    mask8 = read(folder / 'mask8.png')
    tap.check(Image.open(folder / 'mask8.png').mode == 'L', '--depth 8 writes 8 bits')
    tap.check(abs(mask16 / 257 - mask8).max() <= 0.51, '8 and 16 bits are the same mask')
    for name in ('mask.jpg', 'mask.webp', 'mask.tif'):
        done = segment(picture, *click, '-o', folder / name)
        tap.check(done.returncode == 0 and iou(read(folder / name).reshape(90, 120, -1)[..., 0], inside) > 0.8,
                  f'{name} is written', done.stderr)

    done = segment(picture, '--click', '48,45,+,20 3,3,-', '--click', '100.5,80.25,-,7.5', '-o', folder / 'j.png', '--json')
    report = json.loads(done.stdout)
    tap.equal([(c['x'], c['y'], c['target'], c['radius_given']) for c in report['clicks']],
              [(48.5, 45.5, '+', True), (3.5, 3.5, '-', False), (100.5, 80.25, '-', True)], '--json tells the clicks')
    tap.equal(len(report['steps']), 3, 'each click is a step')

    done = segment(picture, '--click', '48,45,+', '--click', '48,45,-', '-o', folder / 'c.png')
    tap.check(done.returncode == 0 and 'click 1 is not satisfied' in done.stderr and done.stderr.count('\n') == 1,
              'a contradicted click is named', done.stderr)

    rows, columns = numpy.nonzero(inside)
    box = f'{columns.min() - 2},{rows.min() - 2},{columns.max() + 3},{rows.max() + 3}'
    done = segment(picture, '--box', box, '-o', folder / 'box.png', '--json')
    report = json.loads(done.stdout)
    tap.check(iou(read(folder / 'box.png'), inside) > 0.8 and not report['clicks'] and
              report['steps'][0]['box'] == [float(side) for side in box.split(',')], '--box selects what fills it', report)
    segment(picture, '--click', box, '-o', folder / 'same.png')
    tap.equal((folder / 'same.png').read_bytes(), (folder / 'box.png').read_bytes(), 'a box among the clicks is the same')

    first = (folder / 'mask.png').read_bytes()
    segment(picture, *click, '-o', folder / 'mask.png', '--force')
    tap.equal((folder / 'mask.png').read_bytes(), first, '--force overwrites, and the same call gives the same bytes')

    segment(picture, '-o', folder / 'start.png', '--mask', folder / 'mask.png')
    tap.check((read(folder / 'start.png') == mask16).all(), '--mask without clicks gives that mask')

    for layer in ('none', 'sb', 'bmsb', 'bmsb-m', 'bmconv'):
        done = segment(picture, *click, '-o', folder / f'{layer}.png', '--layer', layer)
        tap.check(done.returncode == 0 and iou(read(folder / f'{layer}.png'), inside) > 0.8, f'--layer {layer}',
                  done.stderr)


def check_formats(folder):
    pixels, inside = disc()
    Image.fromarray(pixels).save(folder / 'rgb.png')
    segment(folder / 'rgb.png', '--click', '48,45,+', '-o', folder / 'rgb_mask.png')
    expected = (folder / 'rgb_mask.png').read_bytes()

    def same(name, what):
        done = segment(folder / name, '--click', '48,45,+', '-o', folder / (name + '.mask.png'))
        found = (folder / (name + '.mask.png')).read_bytes() if done.returncode == 0 else done.stderr
        tap.check(found == expected, what, done.stderr)

    subprocess.run(['magick', folder / 'rgb.png', '-depth', '16', '-define', 'png:bit-depth=16', folder / 'wide.png'],
                   check=True)
    same('wide.png', '16-bit input with 8-bit values gives the same mask')
    Image.fromarray(numpy.dstack([pixels, inside * numpy.uint8(255)])).save(folder / 'alpha.png')
    same('alpha.png', 'transparency is ignored')
    Image.fromarray(pixels).save(folder / 'plain.tif')
    same('plain.tif', 'a TIFF gives the same mask')
    Image.fromarray(pixels).quantize(256).save(folder / 'indexed.png')
    done = segment(folder / 'indexed.png', '--click', '48,45,+', '-o', folder / 'indexed_mask.png')
    tap.check(done.returncode == 0 and iou(read(folder / 'indexed_mask.png'), inside) > 0.8, 'indexed colours are read',
              done.stderr)
    Image.fromarray(pixels[..., 0]).save(folder / 'gray.png')
    done = segment(folder / 'gray.png', '--click', '48,45,+', '-o', folder / 'gray_mask.png')
    tap.check(done.returncode == 0 and iou(read(folder / 'gray_mask.png'), inside) > 0.8, 'gray pictures are read',
              done.stderr)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    Image.fromarray(numpy.rot90(pixels)).save(folder / 'turned.jpg', quality=98, exif=exif)
    done = segment(folder / 'turned.jpg', '--click', '48,45,+', '-o', folder / 'turned_mask.png')
    turned = read(folder / 'turned_mask.png') if done.returncode == 0 else numpy.zeros((1, 1))
    tap.check(turned.shape == (90, 120) and iou(turned, inside) > 0.8, 'the EXIF orientation is followed', done.stderr)


def refused(name, words, *arguments, status=1, output='out.png', folder, **options):
    """The call fails with one sentence that has `words`, and leaves nothing."""
    before = sorted(folder.iterdir())
    done = run('segment', *arguments, '-o', folder / output, **options)
    left = [path for path in folder.iterdir() if path not in before]
    sentence = done.stderr.rstrip('\n')
    good = (done.returncode == status and '\n' not in sentence and sentence.startswith('gbrs: ') and words in sentence and
            done.stdout == '' and not left)
    tap.check(good, name, f'status {done.returncode}, left {left}, said: {done.stderr}')


def check_bad_pictures(folder):
    pixels, _ = disc()
    good = folder / 'good.png'
    Image.fromarray(pixels).save(good)
    Image.fromarray(pixels).save(folder / 'good.jpg')
    Image.fromarray(pixels).save(folder / 'good.tif')
    click = ('--click', '5,5,+')
    refused('a missing file', 'no file', folder / 'missing.png', *click, folder=folder)
    refused('a folder', 'folder', folder, *click, status=2, folder=folder)
    (folder / 'text.png').write_text('hello')
    refused('a text', 'not an image', folder / 'text.png', *click, folder=folder)
    (folder / 'empty.png').write_bytes(b'')
    refused('an empty file', 'not an image', folder / 'empty.png', *click, folder=folder)
    for name in ('good.png', 'good.jpg', 'good.tif'):
        whole = (folder / name).read_bytes()
        (folder / ('cut_' + name)).write_bytes(whole[:len(whole) // 2])
        refused(f'a cut {name[5:]}', 'cut', folder / ('cut_' + name), *click, folder=folder)
    Image.fromarray(pixels[:1, :1]).save(folder / 'one.png')
    refused('a box from right to left', '9,9,2,2', folder / 'one.png', '--box', '9,9,2,2', status=2, folder=folder)
    refused('a picture of one pixel', '1 x 1', folder / 'one.png', '--click', '0,0,+', status=2, folder=folder)
    (folder / 'huge.png').write_bytes(png(30000, 20000, 8, 2, b''))
    refused('600 megapixels', '600 megapixels', folder / 'huge.png', *click, status=2, folder=folder)
    (folder / 'large.png').write_bytes(png(20000, 19000, 8, 2, b''))
    refused('more than memory allows', 'GB are available', folder / 'large.png', *click, folder=folder,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)))


def check_bad_arguments(folder):
    pixels, _ = disc()
    good = folder / 'good.png'
    Image.fromarray(pixels).save(good)
    for click, words in (('120,5,+', 'outside'), ('-1,5,+', 'outside'), ('5,90,+', 'outside'), ('nan,5,+', 'nan'),
                         ('5,5', 'X,Y,+'), ('5,5,?', '+'), ('5,5,+,-2', 'radius')):
        refused(f'the click {click}', words, good, f'--click={click}', status=2, folder=folder)
    click = ('--click', '5,5,+')
    refused('an unknown model', 'no model', good, *click, '--model', 'nonsense', folder=folder)
    refused('an unknown layer', 'bmconv', good, *click, '--layer', 'nonsense', status=2, folder=folder)
    refused('an unknown device', 'cuda', good, *click, '--device', 'nonsense', status=2, folder=folder)
    refused('an unknown option', '--nonsense', good, *click, '--nonsense', status=2, folder=folder)
    refused('a start mask of another size', '60 x 45', good, *click, '--mask', small_mask(folder), status=2, folder=folder)
    refused('an unknown extension', '.png', good, *click, status=2, output='mask.xyz', folder=folder)
    refused('16 bits in a JPEG', '8 bits', good, *click, '--depth', 16, status=2, output='mask.jpg', folder=folder)
    done = run()
    tap.equal((done.returncode, done.stderr.count('\n')), (2, 1), 'no command at all')
    done = run('nonsense')
    tap.equal((done.returncode, done.stderr.count('\n')), (2, 1), 'an unknown command')


def small_mask(folder):
    Image.fromarray(numpy.zeros((45, 60), numpy.uint8)).save(folder / 'small.png')
    return folder / 'small.png'


def check_bad_outputs(folder):
    pixels, _ = disc()
    good = folder / 'good.png'
    Image.fromarray(pixels).save(good)
    click = ('--click', '5,5,+')
    refused('a missing folder', 'no folder', good, *click, output='nowhere/mask.png', folder=folder)
    (folder / 'there.png').write_text('precious')
    refused('an existing file', '--force', good, *click, output='there.png', folder=folder)
    tap.equal((folder / 'there.png').read_text(), 'precious', 'it is as it was')

    def disk_full():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))
    refused('no room for the file', 'cannot be written', good, *click, '--force', output='there.png', folder=folder,
            preexec_fn=disk_full)
    tap.equal((folder / 'there.png').read_text(), 'precious', 'what was there is still there')
    done = run('segment', good, *click, '-o', '/proc/mask.png')
    tap.check(done.returncode == 1 and 'cannot be written' in done.stderr and done.stderr.count('\n') == 1,
              'a folder that takes no files', done.stderr)


def check_bad_models(folder):
    pixels, _ = disc()
    good = folder / 'good.png'
    Image.fromarray(pixels).save(good)
    shipped = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0]) / 'segment-small'
    model = folder / 'model'
    click = ('--click', '5,5,+', '--model', f'{model}/')

    def fresh():
        shutil.rmtree(model, ignore_errors=True)
        shutil.copytree(shipped, model)
        return model / 'weights.safetensors'
    weights = fresh()
    weights.write_bytes(weights.read_bytes()[:1 << 20])
    refused('cut weights', 'weights.safetensors', good, *click, folder=folder)
    weights = fresh()
    data = bytearray(weights.read_bytes())
    data[-1000] ^= 1
    weights.write_bytes(bytes(data))
    refused('weights with one changed bit', 'weights.safetensors', good, *click, folder=folder)
    weights = fresh()
    weights.write_text('hello')
    refused('foreign weights', 'weights.safetensors', good, *click, folder=folder)
    fresh().unlink()
    refused('missing weights', 'weights.safetensors', good, *click, folder=folder)
    fresh()
    manifest = json.loads((model / 'manifest.json').read_text())
    manifest['architecture'] = 'nonsense'
    (model / 'manifest.json').write_text(json.dumps(manifest))
    refused('an unknown architecture', 'nonsense', good, *click, folder=folder)
    (model / 'manifest.json').write_text('{')
    refused('a broken manifest', 'manifest.json', good, *click, folder=folder)


for check in (check_good, check_formats, check_bad_pictures, check_bad_arguments, check_bad_outputs, check_bad_models):
    with tempfile.TemporaryDirectory() as name:
        check(pathlib.Path(name))
sys.exit(tap.end())
