#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gbrs models add-script` and what comes of it: the question, refusals, answers with clicks, where scripts are run
from, and the example of the documentation.

usage: script_command_test.py SCRIPTS.md
Environment: GBRS_PROGRAM (the program), GBRS_WRITE_SCRIPT (support/write_script.cpp).
"""
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from pictures import disc, read_gray, write_png  # noqa: E402
from tap import Tap  # noqa: E402

DOCUMENT = pathlib.Path(sys.argv[1]).read_text()
ENCODE = '''
def encode(self, image):
    return torch.conv2d(image, self.enter, None, [8, 8], [1, 1])
'''
DEPTHS = ENCODE + '''
def decode(self, feature):
    return torch.softplus(torch.conv2d(torch.relu(feature), self.leave, None, [1, 1], [1, 1])) + 1
'''
tap = Tap()
work = pathlib.Path(tempfile.mkdtemp())
home = work / 'home'
own = home / 'gbrs/models'
picture = work / 'disc.png'
write_png(picture, disc()[0])


def gbrs(*arguments, folder=None, **variables):
    env = dict(os.environ, XDG_DATA_HOME=str(home)) | variables
    done = subprocess.run([os.environ['GBRS_PROGRAM'], *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, check=False, stdin=subprocess.DEVNULL, env=env, cwd=folder)
    return done.returncode, done.stdout, done.stderr


def write_script(path, methods='', answers=1):
    subprocess.run([os.environ['GBRS_WRITE_SCRIPT'], str(path), str(answers)], input=methods, text=True, timeout=60,
                   check=True)
    return path


def write_manifest(path, task='depth', **members):
    manifest = {'format': 1, 'task': task, 'license': 'none', 'sources': ['made by the test'],
                'settings': {'features': 'deep:8'}, 'input': {'long_side': 121, 'multiple': 8, 'rest': 1},
                'refinement': {'insertion': 'deep', 'scaled': True, 'top_channels': 0,
                               'rates': {'sb': 0.0125, 'bmconv': 0.0015625}}} | members
    path.write_text(json.dumps(manifest))
    return path


def check_question():
    """The module leaves a mark where it runs."""
    mark = work / 'mark.pt'
    script = write_script(work / 'marking.pt', f'''
def encode(self, image):
    torch.save(image, "{mark}")
    return torch.conv2d(image, self.enter, None, [8, 8], [1, 1])

def decode(self, feature):
    return torch.conv2d(feature, self.leave, None, [1, 1], [1, 1])
''')
    manifest = write_manifest(work / 'manifest.json')
    command = ['models', 'add-script', script, '--manifest', manifest]
    status, out, errors = gbrs(*command)
    tap.check(status == 2 and out == '' and 'with your rights' in errors and '--yes' in errors,
              'where nobody can be asked the risk is named and the script refused', errors)
    status, errors = asked(command, 'n\n')
    tap.check(status == 1 and 'with your rights' in errors and 'y/N' in errors and 'not added' in errors,
              'on a terminal the user is asked; no is no', errors)
    tap.check(not own.exists() and not mark.exists(), 'and nothing was written or run')
    status, errors = asked(command, 'y\n')
    tap.check(status == 0 and (own / 'marking/script.pt').exists() and mark.exists(),
              'yes adds it, after it was tried; a script runs code indeed', errors)
    mark.unlink()
    for words in (['list'], ['inspect', 'marking']):
        status, out, errors = gbrs('models', *words)
        tap.check(status == 0 and 'script (runs code)' in out and not mark.exists(),
                  f'{words[0]} shows what it is, and runs nothing', out + errors)
    status, out, _ = gbrs('models', 'inspect', 'marking', '--json')
    tap.equal(json.loads(out)['script']['runs_code'] if status == 0 else None, True, 'as JSON, too')
    return mark


def asked(command, answer):
    """Status, and what is written on a terminal on which `answer` is typed."""
    main, terminal = pty.openpty()
    with subprocess.Popen([os.environ['GBRS_PROGRAM'], *map(str, command)], stdin=terminal, stderr=terminal,
                          stdout=subprocess.DEVNULL, env=dict(os.environ, XDG_DATA_HOME=str(home))) as process:
        os.close(terminal)
        os.write(main, answer.encode())
        text = b''
        try:
            while part := os.read(main, 4096):
                text += part
        except OSError:  # the other end was closed
            pass
        status = process.wait(timeout=120)
    os.close(main)
    return status, text.decode()


def check_places(mark):
    """A script is run from the user's own models only."""
    strange = work / 'strange'
    shutil.copytree(own, strange)
    (own / 'linked').symlink_to(strange / 'marking')
    refusals = [
        ('a path', ['--model', strange / 'marking'], {}),
        ('a path from here', ['--model', './marking'], {}),
        ('a folder that the environment names', ['--model', 'marking'], {'GBRS_MODELS': str(strange)}),
        ('the current folder in the environment', ['--model', 'marking'], {'GBRS_MODELS': '.'}),
        ('a link to elsewhere', ['--model', 'linked'], {}),
    ]
    for words, arguments, variables in refusals:
        status, out, errors = gbrs('depth', picture, *arguments, '-o', work / 'no.tif', folder=strange, **variables)
        is_refused = status == 1 and out == '' and len(errors.splitlines()) == 1 and 'runs code' in errors
        tap.check(is_refused and not mark.exists(), f'{words}: not run', errors)
    (own / 'linked').unlink()
    (work / 'gbrs').symlink_to(home / 'gbrs')
    status, _, errors = gbrs('depth', picture, '--model', 'marking', '-o', work / 'no.tif', folder=work,
                             XDG_DATA_HOME='.', HOME=str(strange))
    tap.check(status == 1 and not mark.exists(), 'a relative place for data is none', errors)
    status, _, errors = gbrs('models', 'inspect', strange / 'marking')
    tap.check(status == 1 and 'runs code' in errors, 'inspecting says why', errors)
    status, out, _ = gbrs('models', 'list', GBRS_MODELS=str(strange), XDG_DATA_HOME=str(work / 'other'))
    tap.check(status == 0 and 'marking' not in out, 'and it is not listed there', out)


def check_refusals():
    manifest = write_manifest(work / 'manifest.json')
    good = write_script(work / 'good.pt', DEPTHS)
    cut = work / 'cut.pt'
    cut.write_bytes(good.read_bytes()[:-200])
    text = work / 'text.pt'
    text.write_text('no module')
    classes = write_manifest(work / 'classes.json', 'semantic', classes=['ground', 'disc', 'other'])
    wide = write_manifest(work / 'wide.json', settings={'features': 'deep:16'})
    before = sorted(os.listdir(own))
    for words, hint, script, page in (
            ('a file that is no module', 'text.pt', text, manifest),
            ('a cut module', 'cut.pt', cut, manifest),
            ('a file that is not there', 'missing.pt', work / 'missing.pt', manifest),
            ('a manifest that is not there', 'missing.json', good, work / 'missing.json'),
            ('a manifest that is none', 'JSON', good, text),
            ('a module without decode', 'no method decode', write_script(work / 'half.pt', ENCODE), manifest),
            ('other channels', '16', good, wide),
            ('other classes', '3 classes', write_script(work / 'two.pt', '', 2), classes)):
        status, out, errors = gbrs('models', 'add-script', script, '--manifest', page, '--yes')
        tap.check(status == 1 and out == '' and len(errors.splitlines()) == 3 and hint in errors.splitlines()[-1],
                  f'{words}: one sentence behind the warning', errors)
    tap.equal(sorted(os.listdir(own)), before, 'refusals leave nothing behind')
    status, _, errors = gbrs('models', 'add-script', good, '--manifest', manifest, '--as', 'marking', '--yes')
    tap.check(status == 2 and 'marking' in errors, 'a name that is taken is refused', errors)


def check_depth():
    script = write_script(work / 'near.pt', DEPTHS)
    manifest = write_manifest(work / 'near.json')
    status, out, errors = gbrs('models', 'add-script', script, '--manifest', manifest, '--yes', '--json')
    tap.check(status == 0 and json.loads(out)['runs_code'], 'a script of depths is added', errors)
    files = [work / 'one.tif', work / 'two.tif']
    clicks = ['--click', '60,45,2.5', '--click', '100,20,@60,45']
    for file in files:
        status, out, errors = gbrs('depth', picture, '--model', 'near', *clicks, '-o', file, '--json', '--threads', '1')
        tap.equal((status, errors), (0, ''), 'depth: it runs, silently')
    found = numpy.array(Image.open(files[0]))
    tap.check(abs(found[45, 60] - 2.5) < 0.01 and abs(found[20, 100] - 2.5) < 0.02, 'depth: clicks are obeyed', found)
    tap.check(json.loads(out)['steps'][0]['iterations'] > 0, 'depth: by refinement', out)
    tap.equal(files[0].read_bytes(), files[1].read_bytes(), 'depth: the same clicks give the same bytes')
    gbrs('depth', picture, '--model', 'near', '-o', work / 'none.tif')
    own_answer = numpy.array(Image.open(work / 'none.tif'))
    tap.check(numpy.abs(found - own_answer).max() > 0.1, 'depth: and other ones than no clicks')
    with (own / 'near/script.pt').open('ab') as file:
        file.write(b'\0')
    status, _, errors = gbrs('depth', picture, '--model', 'near', '-o', work / 'no.tif')
    tap.check(status == 1 and 'script.pt' in errors and len(errors.splitlines()) == 1,
              'a file that was changed is not run', errors)
    status, _, errors = gbrs('models', 'remove', 'near')
    tap.check(status == 0 and not (own / 'near').exists(), 'it is removed', errors)


def check_semantic():
    script = write_script(work / 'kinds.pt', '', 3)
    manifest = write_manifest(work / 'kinds.json', 'semantic', classes=['ground', 'disc', 'other'])
    status, out, errors = gbrs('models', 'add-script', script, '--manifest', manifest, '--yes')
    tap.check(status == 0 and 'script (runs code)' in out, 'a script of classes is added', errors)
    labels = work / 'labels.png'
    clicks = ['--click', '48,45,disc', '--click', '5,5,other']
    status, out, errors = gbrs('semantic', picture, '--model', 'kinds', *clicks, '-o', labels, '--json')
    found = read_gray(labels) if status == 0 else numpy.zeros((90, 120))
    tap.equal((status, errors, int(found[45, 48]), int(found[5, 5])), (0, '', 1, 2),
              'classes: clicks are obeyed, by name')


def check_example():
    code = re.search(r'```python\n(.*?)```', DOCUMENT, re.DOTALL).group(1)
    manifest = re.search(r'```json\n(.*?)```', DOCUMENT, re.DOTALL).group(1)
    tap.check(len(code.splitlines()) <= 20, 'the example is of 20 lines at most', code)
    name = 'the example of the documentation becomes a model'
    if subprocess.run([sys.executable, '-c', 'import torch'], capture_output=True, check=False).returncode != 0:
        tap.skip(name, 'THE EXAMPLE WAS NOT RUN: this Python has no torch (package python3-torch)')
        return
    folder = work / 'example'
    folder.mkdir()
    subprocess.run([sys.executable, '-c', code], cwd=folder, check=True, timeout=300)
    (folder / 'rooms.json').write_text(manifest)
    status, _, errors = gbrs('models', 'add-script', 'rooms.pt', '--manifest', 'rooms.json', '--yes', folder=folder)
    tap.equal(status, 0, name) or tap.note(errors)
    status, _, errors = gbrs('depth', picture, '--model', 'rooms', '--click', '60,45,4.0', '-o', folder / 'depth.tif')
    depth = numpy.array(Image.open(folder / 'depth.tif')) if status == 0 else numpy.zeros((90, 120))
    tap.check(status == 0 and abs(depth[45, 60] - 4) < 0.01, 'and obeys a click', errors)


mark = check_question()
check_places(mark)
check_refusals()
check_depth()
check_semantic()
check_example()
sys.exit(tap.end())
