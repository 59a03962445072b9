# SPDX-License-Identifier: Apache-2.0
"""`gbrs batch`: masks as `gbrs segment` makes them, from both kinds of file; what is there stays; what is wrong is
said.

Environment: GBRS_PROGRAM (the program), GBRS_MODELS (the shipped models).
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from pictures import disc, read_gray, write_png  # noqa: E402
from tap import Tap  # noqa: E402

CLICKS = {'one.png': '48,45,+ 100,15,-', 'deep/two.png': '60,50,+,30', 'with, "comma".png': '48,45,+'}
tap = Tap()


def run(*arguments):
    return subprocess.run([os.environ['GBRS_PROGRAM'], *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, check=False)


def csv(rows):
    return 'image,clicks\n' + ''.join('"{}","{}"\n'.format(name.replace('"', '""'), clicks)
                                      for name, clicks in rows.items())


def check_masks(folder):
    for name in CLICKS:
        (folder / 'images' / name).parent.mkdir(parents=True, exist_ok=True)
        write_png(folder / 'images' / name, disc()[0])
    for kind, text in (('csv', '\ufeff' + csv(CLICKS)), ('json', json.dumps(CLICKS))):  # as spreadsheets write CSV
        clicks, out = folder / f'clicks.{kind}', folder / kind
        clicks.write_text(text, encoding='utf-8')
        done = run('batch', clicks, '--images', folder / 'images', '--out', out, '--depth', 8)
        tap.check(done.returncode == 0 and '3 masks' in done.stdout, f'{kind}: three masks', done.stderr)
        for name, some in CLICKS.items():
            mask = folder / 'mask.png'
            words = [word for click in some.split() for word in ('--click', click)]
            run('segment', folder / 'images' / name, *words, '-o', mask, '--depth', 8, '--force')
            found = (out / name).with_suffix('.png')
            tap.check(found.exists() and (read_gray(found) == read_gray(mask)).all(),
                      f'{kind}: {name} has the mask that `gbrs segment` makes')


def check_going_on(folder):
    out, clicks = folder / 'csv', folder / 'clicks.csv'
    (out / 'one.png').write_bytes(b'kept')
    (out / 'deep' / 'two.png').unlink()
    done = run('batch', clicks, '--images', folder / 'images', '--out', out)
    tap.check(done.returncode == 0 and '2 of 3' in done.stderr and (out / 'one.png').read_bytes() == b'kept' and
              (out / 'deep' / 'two.png').exists(), 'what is there stays, what is missing is made', done.stderr)
    done = run('batch', clicks, '--images', folder / 'images', '--out', out, '--force')
    tap.check(done.returncode == 0 and (out / 'one.png').read_bytes() != b'kept', '--force makes all anew', done.stderr)
    (folder / 'images' / 'one.png').write_bytes((folder / 'images' / 'one.png').read_bytes()[:100])
    done = run('batch', clicks, '--images', folder / 'images', '--out', folder / 'other')
    tap.check(done.returncode == 1 and 'one.png' in done.stderr and '1 of 3' in done.stderr and
              len(list((folder / 'other').rglob('*.png'))) == 2, 'one bad picture does not stop the others',
              done.stderr)


def check_pictures_stay(folder):
    pictures, clicks = folder / 'images', folder / 'beside.csv'
    write_png(pictures / 'a.png', disc()[0])
    before = {path: path.read_bytes() for path in pictures.rglob('*.png')}
    clicks.write_text(csv({'a.png': '60,45,+'}))
    for more in ([], ['--force']):
        done = run('batch', clicks, '--images', pictures, '--out', folder / 'csv' / '..' / 'images', *more)
        tap.check(done.returncode == 2 and '--out' in done.stderr and done.stderr.count('\n') == 1,
                  f"a mask in its picture's place is refused {more}", f'{done.returncode} {done.stderr}')
    tap.check({path: path.read_bytes() for path in pictures.rglob('*.png')} == before, 'and the pictures are as they were')


def check_refusals(folder):
    for name, text, words in (('no clicks', 'image,clicks\n', 'no clicks'),
                              ('one field', 'cat.png\n', 'line 1'),
                              ('clicks without quotes', 'image,clicks\ncat.png,1,2,+\n', 'line 2'),
                              ('an open quote', 'cat.png,"1,2,+\n', 'quote'),
                              ('a bad click', 'cat.png,"1,2,?"\n', '1,2,?'),
                              ('a picture twice', 'a.png,"1,2,+"\na.png,"1,2,+"\n', 'twice'),
                              ('two masks of one name', 'a.png,"1,2,+"\na.jpg,"1,2,+"\n', 'same name'),
                              ('a way out', '../a.png,"1,2,+"\n', 'outside'),
                              ('JSON that is cut', '{"a.png": "1,2', 'JSON'),
                              ('clicks that are no text', '{"a.png": [1, 2]}', 'no text')):
        (folder / 'bad').write_text(text)
        done = run('batch', folder / 'bad', '--images', folder, '--out', folder / 'out')
        tap.check(done.returncode == 2 and words in done.stderr and done.stderr.count('\n') == 1, f'{name} is refused',
                  f'{done.returncode} {done.stderr}')
    model = folder / 'model'
    model.mkdir()
    shipped = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0]) / 'segment-small'
    (model / 'manifest.json').write_text((shipped / 'manifest.json').read_text())
    (model / 'weights.safetensors').write_bytes(b'no weights')
    (folder / 'bad').write_text(csv(CLICKS))
    done = run('batch', folder / 'bad', '--images', folder / 'images', '--out', folder / 'out', '--model', f'{model}/')
    tap.check(done.returncode == 1 and done.stderr.count('\n') == 1, 'a damaged model is told once', done.stderr)
    done = run('batch', folder / 'nowhere.csv', '--out', folder / 'out')
    tap.check(done.returncode == 1 and 'nowhere.csv' in done.stderr, 'a file that is not there', done.stderr)
    tap.check(not (folder / 'out').exists(), 'nothing is left behind')


with tempfile.TemporaryDirectory() as name:
    for check in (check_masks, check_going_on, check_pictures_stay, check_refusals):
        check(pathlib.Path(name))
sys.exit(tap.end())
