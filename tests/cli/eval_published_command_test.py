# SPDX-License-Identifier: Apache-2.0
"""`gbrs eval` on folders that are laid out as published data sets are: what they say must be what the same data say in
the project's own form.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from matlab import write_struct  # noqa: E402
from pictures import disc, soft_disc, trimap_of  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM = os.environ['GBRS_PROGRAM']
SHIPPED = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0])
tap = Tap()


def evaluate(task, data, out, *arguments):
    return subprocess.run([PROGRAM, 'eval', task, '--data', data, '--out', out, '--clicks', '2', '--jobs', '1',
                           *map(str, arguments)], capture_output=True, text=True, timeout=600, check=False)


def save(path, values, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = values if isinstance(values, Image.Image) else Image.fromarray(values)
    image.save(path, **options)


def own_form(folder, truths, pairs, **description):
    """A folder that describes itself; `pairs`: picture and truth, by name."""
    for name, (pixels, truth) in pairs.items():
        save(folder / 'images' / f'{name}.png', pixels)
        save(folder / truths / f'{name}.png', truth)
    (folder / 'dataset.json').write_text(json.dumps(description))
    return folder


def results(out):
    """What became of each image or object, without times."""
    lines = map(json.loads, (out / 'progress.jsonl').read_text().splitlines()[1:])
    kept = [{key: value for key, value in line.items() if key not in ('file', 'image', 'seconds', 'encode_seconds')}
            for line in lines]
    return sorted(kept, key=json.dumps)


def check_same(folder, name, task, published, own, *arguments):
    outs = [folder / f'{name}-out', folder / f'{name}-own-out']
    done = [evaluate(task, data, out, *arguments) for data, out in zip((published, own), outs)]
    if tap.check([one.returncode for one in done] == [0, 0], f'{name} is read', [one.stderr for one in done]):
        tap.check(f'is laid out as {name}' in done[0].stderr and 'laid out' not in done[1].stderr, f'{name} is recognised',
                  done[0].stderr)
        tap.equal(results(outs[0]), results(outs[1]), f'{name}: the same clicks and figures as in our own form')
        skipped = json.loads((outs[0] / 'summary.json').read_text())['skipped']['count']
        tap.equal(skipped, 0, f'{name}: nothing is left out')
    return outs[0]


def objects(count=2):
    """Pictures and masks as GrabCut's: 255, a rim of 128, and a little of 64 that is none of it."""
    pairs = {}
    for k in range(count):
        pixels, inside = disc(90 + 16 * k, 70 + 12 * k)
        _, wider = disc(90 + 16 * k, 70 + 12 * k + 4)
        mask = numpy.where(inside, 255, numpy.where(wider[2:-2], 128, 0)).astype(numpy.uint8)
        mask[:4, :4] = 64
        pairs[f'disc{k}'] = (pixels, mask)
    return pairs


def check_objects(folder):
    pairs = objects()
    grabcut = ('--baseline', 'grabcut')
    own = own_form(folder / 'own', 'masks', pairs, task='segment', object=255, ignore=128)
    for name, (pixels, mask) in pairs.items():
        save(folder / 'data' / 'data_GT' / f'{name}.bmp', pixels)
        save(folder / 'data' / 'boundary_GT' / f'{name}.bmp', mask)
        save(folder / 'MyBerkeley' / 'images' / f'{name}.png', pixels)
        save(folder / 'MyBerkeley' / 'masks' / f'{name}.png', numpy.repeat(mask[..., None], 3, axis=2))
        save(folder / 'GrabCut' / 'images' / f'{name}.png', pixels)
        save(folder / 'GrabCut' / 'masks' / f'{name}.png', mask)
    check_same(folder, 'GrabCut', 'segment', folder / 'data', own, *grabcut)
    check_same(folder, 'Berkeley', 'segment', folder / 'MyBerkeley', own, *grabcut)
    done = evaluate('segment', folder / 'GrabCut', folder / 'grabcut-out', *grabcut)
    tap.check(done.returncode == 0 and 'laid out as GrabCut' in done.stderr and
              results(folder / 'grabcut-out') == results(folder / 'GrabCut-out'), 'GrabCut with other folders', done.stderr)
    done = evaluate('segment', folder / 'GrabCut', folder / 'told-out', *grabcut, '--object', 128)
    tap.check(done.returncode == 0 and 'laid out' not in done.stderr and
              results(folder / 'told-out') != results(folder / 'GrabCut-out'), 'options go before a layout', done.stderr)

    own = own_form(folder / 'own-davis', 'masks', {name: (pixels, numpy.where(mask == 255, 255, 0).astype(numpy.uint8))
                                                   for name, (pixels, mask) in pairs.items()}, task='segment', object=255)
    for name, (pixels, mask) in pairs.items():  # several objects in colours of a palette are one
        colours = Image.fromarray(numpy.where(mask == 255, 1 + numpy.arange(mask.shape[1]) % 3, 0).astype(numpy.uint8))
        colours.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0, 0, 0, 3])
        save(folder / 'davis' / 'img' / f'{name}.png', pixels)
        save(folder / 'davis' / 'gt' / f'{name}.png', colours)
    check_same(folder, 'DAVIS', 'segment', folder / 'davis', own, *grabcut)


def check_sbd(folder):
    inside = {}
    for k in range(3):
        pixels, disc_of = disc(90 + 16 * k, 70 + 12 * k)
        ids = numpy.where(disc_of, 2, 0).astype(numpy.uint8)
        ids[-12:, -20:], ids[:9, :11] = 1, 7
        inside[f'2008_00000{k}'] = (pixels, ids)
    own = folder / 'own'
    for name, (pixels, ids) in inside.items():
        if name != '2008_000001':  # not on the list
            save(own / 'images' / f'{name}.jpg', pixels, quality=95)
            for k in (1, 2, 7):
                save(own / 'masks' / f'{name}_{k}.png', numpy.where(ids == k, 255, 0).astype(numpy.uint8))
        for at in ('sbd', 'whole/benchmark_RELEASE/dataset'):
            save(folder / at / 'img' / f'{name}.jpg', pixels, quality=95)
            write_struct(folder / at / 'inst' / f'{name}.mat', 'GTinst', {
                'Segmentation': ids, 'Boundaries': [(ids == k).astype(float) for k in (1, 2, 7)],
                'Categories': numpy.array([[15.0], [1.0], [9.0]])}, at == 'sbd')
            (folder / at / 'val.txt').write_text('2008_000002\n2008_000000\n')
    (own / 'dataset.json').write_text(json.dumps({'task': 'segment', 'object': 255, 'objects': '<image>_<k>'}))
    out = check_same(folder, 'SBD', 'segment', folder / 'sbd', own, '--baseline', 'grabcut')
    done = evaluate('segment', folder / 'whole', folder / 'whole-out', '--baseline', 'grabcut')
    tap.check(done.returncode == 0 and results(folder / 'whole-out') == results(out), 'SBD as it is unpacked', done.stderr)
    file = folder / 'sbd' / 'inst' / '2008_000000.mat'
    whole = file.read_bytes()
    for what, content in (('cut', whole[:200]), ('no MATLAB file', b'MATLAB'), ('empty', b'')):
        file.write_bytes(content)
        done = evaluate('segment', folder / 'sbd', folder / f'{what}-out', '--baseline', 'grabcut')
        skipped = json.loads((folder / f'{what}-out' / 'summary.json').read_text())['skipped'] if done.returncode == 0 else {}
        tap.check(skipped.get('count') == 1 and 'GTinst' in skipped['files'][0]['reason'],
                  f'SBD: an annotation that is {what} is left out', done.stderr)
    write_struct(file, 'GTcls', {'Segmentation': inside['2008_000000'][1]})
    (folder / 'sbd' / 'val.txt').write_text('2008_000000\n')
    done = evaluate('segment', folder / 'sbd', folder / 'refused', '--baseline', 'grabcut')
    tap.check(done.returncode == 1 and 'No mask' in done.stderr and done.stderr.count('\n') == 1,
              'SBD: another variable', done.stderr)
    (folder / 'sbd' / 'val.txt').write_text('2008_000009\n')
    done = evaluate('segment', folder / 'sbd', folder / 'refused', '--baseline', 'grabcut')
    tap.check(done.returncode == 1 and 'val.txt' in done.stderr and done.stderr.count('\n') == 1,
              'SBD: a list of nothing', done.stderr)


def check_bmp(folder):
    pairs = objects(1)
    pixels, mask = pairs['disc0']
    own = own_form(folder / 'own', 'masks', {'disc0': (pixels, numpy.where(mask == 255, 255, 0).astype(numpy.uint8))},
                   task='segment', object=255)
    evaluate('segment', own, folder / 'own-out', '--baseline', 'grabcut')
    object_only = Image.fromarray(numpy.where(mask == 255, 255, 0).astype(numpy.uint8))
    for mode in ('1', 'L', 'P', 'RGB', 'RGBA'):
        data = folder / mode
        save(data / 'data_GT' / 'disc0.bmp', pixels)
        save(data / 'boundary_GT' / 'disc0.bmp', object_only.convert(mode))
        done = evaluate('segment', data, folder / f'{mode}-out', '--baseline', 'grabcut')
        tap.check(done.returncode == 0 and results(folder / f'{mode}-out') == results(folder / 'own-out'),
                  f'a BMP mask of mode {mode}', done.stderr)
    file = folder / 'L' / 'boundary_GT' / 'disc0.bmp'
    whole = file.read_bytes()
    for what, content in (('cut', whole[:-40]), ('cut in its header', whole[:20]), ('no BMP', b'BM'),
                          ('without pixels', whole[:18] + bytes(8) + whole[26:]),
                          ('of another form', whole[:30] + b'\x01' + whole[31:]),
                          ('of 7 bits', whole[:28] + b'\x07' + whole[29:])):
        file.write_bytes(content)
        done = evaluate('segment', folder / 'L', folder / 'bad-out', '--baseline', 'grabcut')
        tap.check(done.returncode == 1 and 'BMP' in done.stderr and done.stderr.count('\n') == 2, f'a BMP mask {what}',
                  done.stderr)


STREET = json.loads((SHIPPED / 'semantic-street' / 'manifest.json').read_text())['classes']
CITYSCAPES_IDS = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]


# as the config.json that comes with the data has them
MAPILLARY = """Bird, Ground Animal, Curb, Fence, Guard Rail, Barrier, Wall, Bike Lane, Crosswalk - Plain, Curb Cut, Parking,
    Pedestrian Area, Rail Track, Road, Service Lane, Sidewalk, Bridge, Building, Tunnel, Person, Bicyclist, Motorcyclist,
    Other Rider, Lane Marking - Crosswalk, Lane Marking - General, Mountain, Sand, Sky, Snow, Terrain, Vegetation, Water,
    Banner, Bench, Bike Rack, Billboard, Catch Basin, CCTV Camera, Fire Hydrant, Junction Box, Mailbox, Manhole,
    Phone Booth, Pothole, Street Light, Pole, Traffic Sign Frame, Utility Pole, Traffic Light, Traffic Sign (Back),
    Traffic Sign (Front), Trash Can, Bicycle, Boat, Bus, Car, Caravan, Motorcycle, On Rails, Other Vehicle, Trailer, Truck,
    Wheeled Slow, Car Mount, Ego Vehicle""".replace('\n   ', '').split(', ')


def with_palette(ids):
    """In colours, as the published label maps are."""
    image = Image.fromarray(ids)
    image.putpalette([(37 * k + 11 * c) % 256 for k in range(256) for c in range(3)])
    return image


def street_model(folder, name, classes):
    """semantic-street with small frames; its answers by other names."""
    model = folder / name
    model.mkdir()
    manifest = json.loads((SHIPPED / 'semantic-street' / 'manifest.json').read_text())
    manifest['input']['long_side'] = 128
    manifest['name'] = name
    manifest.pop('classes')
    (model / 'manifest.json').write_text(json.dumps({**manifest, **({'classes': classes} if classes else {})}))
    (model / 'weights.safetensors').symlink_to(SHIPPED / 'semantic-street' / 'weights.safetensors')
    return f'{model}/'


def streets(count, classes, ignored):
    """Pictures with some of so many classes in stripes, and what does not count."""
    pairs = {}
    for k in range(count):
        pixels, inside = disc(96 + 16 * k, 64)
        labels = numpy.repeat((numpy.arange(64) // 8 * 2 % classes)[:, None], 96 + 16 * k, axis=1).astype(numpy.uint8)
        labels[inside] = classes - 1
        labels[:, :7] = ignored
        pairs[f'{k}'] = (pixels, labels)
    return pairs


def check_classes(folder):
    pairs = streets(2, 19, 255)
    own = own_form(folder / 'own', 'labels', {f'city{name}_0_{name}': pair for name, pair in pairs.items()},
                   task='semantic', classes=STREET[:19], ignore=255)
    fine = numpy.zeros(256, numpy.uint8)  # what does not count: 0, unlabelled
    fine[:19] = CITYSCAPES_IDS
    for name, (pixels, labels) in pairs.items():
        ids = fine[labels]
        ids[:5, :7] = 255  # a licence plate
        ids[5:9, :7] = 9   # parking
        for root, end, values in (('leftImg8bit', 'leftImg8bit', pixels), ('gtFine', 'gtFine_labelIds', ids),
                                  ('gtFine', 'gtFine_color', pixels), ('gtFine', 'gtFine_instanceIds', ids)):
            save(folder / 'city' / root / 'val' / f'city{name}' / f'city{name}_0_{name}_{end}.png', values)
    model = street_model(folder, 'street', STREET)
    check_same(folder, 'Cityscapes', 'semantic', folder / 'city', own, '--model', model, '--layer', 'none')
    for name, words, model in (('semantic-voc', 'of the 19 classes', 'semantic-voc'),
                               ('nameless', 'does not name its classes', street_model(folder, 'nameless', []))):
        done = evaluate('semantic', folder / 'city', folder / 'refused', '--model', model, '--layer', 'none')
        tap.check(done.returncode == 2 and words in done.stderr and 'Cityscapes' in done.stderr and f'{name} ' in done.stderr
                  and done.stderr.count('\n') == 1, f'{name}: a network for other classes is refused', done.stderr)

    pairs = streets(2, 20, 65)  # as many as the network has, so that it can be clicked on
    for _, labels in pairs.values():
        labels[:3, -3:] = 64
    own = own_form(folder / 'own65', 'labels', pairs, task='semantic', classes=MAPILLARY, ignore=65)
    model = street_model(folder, 'vistas', MAPILLARY)  # its answers are the first 20 of them
    for version, labels in (('1', 'labels'), ('2', 'v1.2/labels')):
        for name, (pixels, ids) in pairs.items():
            save(folder / f'vistas{version}' / 'validation' / 'images' / f'{name}.png', pixels)
            save(folder / f'vistas{version}' / 'validation' / labels / f'{name}.png', with_palette(ids))
        (folder / version).mkdir()
        check_same(folder / version, 'Mapillary Vistas', 'semantic', folder / f'vistas{version}', own, '--model', model,
                   '--layer', 'none')


def check_depths(folder):
    pairs = {}
    for k in range(2):
        pixels, inside = disc(640, 480)
        depth = numpy.repeat(numpy.linspace(5000, 1000 + 200 * k, 480)[:, None], 640, axis=1)
        depth[inside] = 2000
        depth[200:250, 500:] = 0
        depth[:45], depth[:, 601:] = 9000, 12000
        pairs[f'{k:05}'] = (pixels, depth.astype(numpy.uint16))
    own = own_form(folder / 'own', 'depth', pairs, task='depth', unit='mm', min=0.001, max=10,
                   crop={'top': 45, 'left': 41, 'bottom': 471, 'right': 601})
    for name, (pixels, depth) in pairs.items():
        scene = folder / 'nyu' / 'official_splits' / 'test' / ('bath' if name == '00000' else 'attic')
        save(scene / f'rgb_{name}.jpg', pixels, quality=100, subsampling=0)
        save(scene / f'sync_depth_{name}.png', depth)
        save(own / 'images' / f'{name}.png', Image.open(scene / f'rgb_{name}.jpg'))
    check_same(folder, 'NYU-Depth-V2', 'depth', folder / 'nyu', own, '--layer', 'none')


def check_mattes(folder):
    own, published = folder / 'own', folder / 'composition'
    pairs = {}
    for k in range(2):
        pixels, alpha, _ = soft_disc(4 * k)
        pairs[f'fox_{k}'] = (pixels, numpy.rint(255 * alpha).astype(numpy.uint8))
        for root in (own, published):
            save(root / 'trimaps' / f'fox_{k}.png', trimap_of(alpha))
    own_form(own, 'alphas', pairs, task='matte')
    for name, (pixels, alpha) in pairs.items():
        save(published / 'merged' / f'{name}.png', pixels)
        save(published / 'alpha_copy' / f'{name}.png', numpy.repeat(alpha[..., None], 3, axis=2))
    check_same(folder, 'Composition-1k', 'matte', published, own, '--layer', 'none')
    (published / 'alpha_copy').rename(published / 'alpha')
    done = evaluate('matte', published, folder / 'again', '--layer', 'none')
    tap.check(done.returncode == 0 and results(folder / 'again') == results(folder / 'Composition-1k-out'),
              'Composition-1k with "alpha"', done.stderr)


def check_unknown(folder):
    (folder / 'data' / 'official_splits' / 'test').mkdir(parents=True)
    for task, name in (('segment', 'DAVIS'), ('semantic', 'Mapillary Vistas'), ('matte', 'Composition-1k')):
        done = evaluate(task, folder / 'data', folder / 'out')
        tap.check(done.returncode in (1, 2) and f'not laid out as' in done.stderr and name in done.stderr and
                  done.stderr.count('\n') == 1, f'{task}: a layout of another task is none', done.stderr)
    done = evaluate('depth', folder / 'data', folder / 'out')
    tap.check(done.returncode == 1 and 'has no images' in done.stderr and done.stderr.count('\n') == 1,
              'a published layout without files', done.stderr)


for check in (check_objects, check_sbd, check_bmp, check_classes, check_depths, check_mattes, check_unknown):
    with tempfile.TemporaryDirectory() as name:
        check(pathlib.Path(name))
sys.exit(tap.end())
