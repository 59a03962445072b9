# SPDX-License-Identifier: Apache-2.0
"""The main job on real photographs: clicks through the plug-in in the real GIMP, without a screen.

For each photograph, prints per click what happened and how long it took, and writes to the output folder
NAME-mask.png (the selection), NAME-before-after.png (the clicks; the object on white) and NAME.xcf (the photograph
with the selection saved as a channel). For some photographs also NAME-matte.png (the selection with a soft edge),
NAME-kinds.png (what shows a person or an animal) and NAME-depth.png (how far away everything is, 16 bits, near is
white).

usage: demo.py OUTPUT_FOLDER PHOTO...      a photograph that clicks.json does not know is clicked in its middle
"""
import json
import os
import pathlib
import subprocess
import sys

import numpy
from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).resolve().parent
GREEN, RED, WHITE = (30, 170, 60), (210, 40, 40), (255, 255, 255)


def say_click(photo, number, click, result):
    step = result['report']['steps'][-1]
    radius = result['report']['clicks'][-1]['radius']
    refined = (f'{step["iterations"]} refining steps in {step["refine_ms"]:.0f} ms' if step['iterations']
               else 'nothing to refine')
    print(f'  click {number} {click}: first answer after {step["first_ms"]:.0f} ms, {refined}; reaches {radius:.0f} px; '
          f'{result["share"]:.1%} of the picture selected, {result["unsatisfied"]} clicks unsatisfied', flush=True)


def draw_clicks(picture, clicks):
    """A disc with a plus or a minus at each click, and a circle as far as it was dragged."""
    draw = ImageDraw.Draw(picture)
    size = max(6, max(picture.size) // 90)
    for click in clicks:
        x, y = click['x'], click['y']
        if click['radius_given']:
            reach = click['radius']
            draw.ellipse([x - reach, y - reach, x + reach, y + reach], outline=GREEN if click['target'] == '+' else RED,
                         width=max(1, size // 4))
        draw.ellipse([x - size, y - size, x + size, y + size], fill=GREEN if click['target'] == '+' else RED,
                     outline=WHITE, width=max(1, size // 5))
        draw.line([x - size / 2, y, x + size / 2, y], fill=WHITE, width=max(1, size // 4))
        if click['target'] == '+':
            draw.line([x, y - size / 2, x, y + size / 2], fill=WHITE, width=max(1, size // 4))
    return picture


def write_pictures(photo, folder, mask, clicks):
    Image.fromarray(mask).save(folder / f'{photo.stem}-mask.png')
    picture = Image.open(photo).convert('RGB')
    coverage = mask[..., None] / 255
    cut_out = Image.fromarray((numpy.array(picture) * coverage + 255 * (1 - coverage)).astype(numpy.uint8))
    both = Image.new('RGB', (2 * picture.width, picture.height))
    both.paste(draw_clicks(picture, clicks), (0, 0))
    both.paste(cut_out, (picture.width, 0))
    both.save(folder / f'{photo.stem}-before-after.png')


def show_tasks(photo, folder, exchange, tasks):
    """What came of the other tasks; False: not all of it."""
    if tasks.get('matte'):
        if not (exchange / 'matte').exists():
            return False
        picture = Image.open(photo).convert('RGB')
        alpha = numpy.frombuffer((exchange / 'matte').read_bytes(), numpy.uint8).reshape(picture.height, picture.width)
        soft = ((alpha > 0) & (alpha < 255)).mean()
        print(f'  matte of the selection: {soft:.1%} of the picture partly opaque', flush=True)
        Image.fromarray(alpha).save(folder / f'{photo.stem}-matte.png')
    if 'kinds' in tasks:
        if not (exchange / 'kinds').exists():
            return False
        facts = json.loads((exchange / 'kinds.json').read_text())
        print(f'  kinds of things: {facts["found"]}; {tasks["kinds"]}: {facts["share"]:.1%} of the picture', flush=True)
        picture = Image.open(photo).convert('RGB')
        coverage = numpy.frombuffer((exchange / 'kinds').read_bytes(), numpy.uint8).reshape(picture.height, picture.width, 1) / 255
        tinted = numpy.array(picture) * (1 - 0.5 * coverage) + 0.5 * coverage * numpy.array(GREEN)
        Image.fromarray(tinted.astype(numpy.uint8)).save(folder / f'{photo.stem}-kinds.png')
    if 'depth' in tasks:
        if not (exchange / 'depth.json').exists():
            return False
        facts = json.loads((exchange / 'depth.json').read_text())
        steps = facts['report']['steps']
        print(f'  depth: {len(steps)} clicks, {facts["unsatisfied"]} unsatisfied; '
              f'{sum(step["refine_ms"] for step in steps) / len(steps):.0f} ms a click', flush=True)
    return True


def demonstrate(photo, clicks, tasks, folder):
    print(f'{photo.name}', flush=True)
    exchange = folder / '.exchange'
    exchange.mkdir(parents=True, exist_ok=True)
    for old in exchange.iterdir():
        old.unlink()
    environment = dict(os.environ, GBRS_DEMO=json.dumps(
        {'photo': str(photo), 'clicks': clicks.split(), 'exchange': str(exchange), 'xcf': str(folder / f'{photo.stem}.xcf'),
         'depth_path': str(folder / f'{photo.stem}-depth.png'), **tasks}))
    environment.pop('DISPLAY', None)
    log = folder / '.gimp.log'
    with open(log, 'wb') as sink:
        gimp = subprocess.Popen(['gimp-console', '-idfs', '--batch-interpreter=python-fu-eval', '-b',
                                 f'exec(open({str(HERE / "in_gimp.py")!r}).read())', '--quit'],
                                env=environment, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    said = 0
    result = None
    while True:
        ended = gimp.poll() is not None
        for number in range(said + 1, len(clicks.split()) + 1):
            path = exchange / f'{number}.json'
            if not path.exists():
                break
            result = json.loads(path.read_text())
            say_click(photo, number, clicks.split()[number - 1], result)
            said = number
        if ended:
            break
        try:
            gimp.wait(0.1)
        except subprocess.TimeoutExpired:
            pass
    if said < len(clicks.split()) or not (exchange / 'mask').exists() or not show_tasks(photo, folder, exchange, tasks):
        error = exchange / 'error'
        print(f'demo: {photo}: {error.read_text() if error.exists() else f"GIMP failed, see {log}"}', file=sys.stderr)
        return False
    height, width = result['height'], result['width']
    mask = numpy.frombuffer((exchange / 'mask').read_bytes(), numpy.uint8).reshape(height, width)
    write_pictures(photo, folder, mask, result['report']['clicks'])
    for file in exchange.iterdir():
        file.unlink()
    exchange.rmdir()
    log.unlink()
    return True


def main():
    folder = pathlib.Path(sys.argv[1])
    known, tasks = (json.loads((HERE / name).read_text()) for name in ('clicks.json', 'tasks.json'))
    failed = 0
    for photo in map(pathlib.Path, sys.argv[2:]):
        try:
            with Image.open(photo) as picture:
                middle = f'{picture.width // 2},{picture.height // 2},+'
        except OSError as problem:
            print(f'demo: {photo} is not a photograph that can be opened: {problem}', file=sys.stderr)
            failed += 1
            continue
        failed += not demonstrate(photo, known.get(photo.name, middle), tasks.get(photo.name, {}), folder)
    if failed < len(sys.argv) - 2:
        print(f'masks, pictures before and after, and .xcf files are in {folder}')
    return 1 if failed else 0


sys.exit(main())
