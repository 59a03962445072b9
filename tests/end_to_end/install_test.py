#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev install` and `./dev uninstall` in homes of their own: what is installed works in GIMP and on the command line,
is the only thing that is taken away again, and is never half there.

usage: install_test.py FOLDER       FOLDER keeps the homes
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

import numpy

from gimp_support import (GERMAN, SOURCE, Tap, dev, disc, has_german, read_gray, run_console, run_python,
                          user_environment, write_png)

HERE = pathlib.Path(__file__).resolve().parent
CLICKS = '48,45,+ 100,15,-'
PLUGIN = '.config/GIMP/3.0/plug-ins/gbrs'
# stands in for the programs that an install runs: ends it at the STOP_AT-th of them
STAND_IN = '''#!/bin/sh
[ "$(basename "$0") $1" != "mv --exchange" ] || [ -z "$NO_EXCHANGE" ] || exit 1
echo >>"$STOP_COUNT"
[ "$(wc -l <"$STOP_COUNT")" != "$STOP_AT" ] || { kill -9 $PPID; exit 1; }
exec "/usr/bin/$(basename "$0")" "$@"
'''


def contents(folder):
    """Everything below a folder: links and folders by name, files by what is in them."""
    found = {}
    for path in sorted(folder.rglob('*')):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = os.readlink(path)
        else:
            found[name] = 'folder' if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def select_in_gimp(env, work):
    found = work / 'selection.npy'
    found.unlink(missing_ok=True)
    status, output = run_python(env, HERE / 'headless_selection.py', GBRS_RESULTS=os.devnull, GBRS_HERE=str(HERE),
                                GBRS_IMAGE=str(work / 'disc.png'), GBRS_CLICKS=CLICKS, GBRS_MODEL='segment-small',
                                GBRS_FOUND=str(found))
    return (numpy.load(found) if found.exists() else None), f'status {status}: {output[-2000:]}'


def segment(env, program, work, **variables):
    mask = work / 'mask.png'
    command = [program, 'segment', work / 'disc.png', '-o', mask, '--depth', '8', '--force']
    for click in CLICKS.split():
        command += ['--click', click]
    done = subprocess.run(command, env=dict(env, **variables), capture_output=True, text=True, timeout=300, check=False)
    return (read_gray(mask) if done.returncode == 0 else None), done.stderr


def check_words(tap, env, plugin):
    """The help pages and the translations."""
    for page in sorted((SOURCE / 'data/help').rglob('*.html')):
        installed = plugin / 'help' / page.relative_to(SOURCE / 'data/help')
        tap.check(installed.is_file() and installed.read_bytes() == page.read_bytes(),
                  f'the help page {page.parent.name}/{page.name} is installed')
    name = 'a German GIMP has a German menu entry'
    if not has_german():
        tap.skip(name, 'there is no locale de_DE.UTF-8')
        return
    label = pathlib.Path(env['HOME']) / 'label'
    run_console(dict(env, **GERMAN), 'python-fu-eval', 'from gi.repository import Gimp; '
                f'open({str(label)!r}, "w", encoding="utf-8").write('
                'Gimp.get_pdb().lookup_procedure("plug-in-gbrs-select").get_menu_label())')
    tap.equal(label.exists() and label.read_text(encoding='utf-8'), 'Objekt durch _Klicks …', name)
    label.unlink(missing_ok=True)


def check_use(tap, work):
    """The whole way of a user, in a home that GIMP has been started in before."""
    home = work / 'user'
    env = user_environment(home)
    found, output = select_in_gimp(env, work)
    tap.check(found is None, 'without an installation GIMP does not know the plug-in', output)
    before = set(contents(home))
    status, output = dev(env, 'install')
    tap.check(status == 0, 'it installs', output)
    program = home / '.local/bin/gbrs'
    mask, errors = segment(env, program, work, LD_DEBUG='libs')
    if tap.check(mask is not None, 'the installed command line makes a mask', errors[-2000:]):
        loaded = {line.split()[-1] for line in errors.splitlines() if 'calling init' in line and 'libgbrs' in line}
        tap.check(len(loaded) == 2 and all(path.startswith(str(home / PLUGIN)) for path in loaded),
                  'with the installed libraries', loaded)
        found, output = select_in_gimp(env, work)
        tap.check(found is not None and (found == mask).all() and found.min() < found.max(),
                  'GIMP makes the same selection with the installed plug-in', output)
    check_words(tap, env, home / PLUGIN)
    manifest = home / PLUGIN / 'share/gbrs/models/segment-small/manifest.json'
    manifest.write_text('{')
    mask, errors = segment(env, program, work)
    tap.check(mask is None and str(manifest) in errors, 'and with the installed model', errors)
    status, output = dev(env, 'uninstall')
    tap.check(status == 0, 'it uninstalls', output)
    tap.equal(set(contents(home)), before, 'the home has what it had before')
    status, output = dev(env, 'uninstall')
    tap.check(status == 1 and output.count('\n') == 1, 'a second time there is nothing to uninstall', output)


def check_home(tap, work):
    """Homes that were empty, or had things of the same names."""
    home = work / 'empty'
    env = user_environment(home)
    dev(env, 'install', '--prefix', 'tools')
    tap.check((home / 'tools/bin/gbrs').exists() and not (home / '.local').exists(), '--prefix says where gbrs goes')
    dev(env, 'install')
    tap.check((home / '.local/bin/gbrs').exists() and (home / 'tools/bin/gbrs').exists(), 'installing again adds to it')
    own = home / PLUGIN / 'share/gbrs/models/mine/manifest.json'
    own.parent.mkdir()
    own.write_text('{}')
    dev(env, 'install')
    tap.check(own.exists(), 'what is not of the installation stays when it is renewed')
    status, output = dev(env, 'uninstall')
    left = [name for name, what in contents(home).items() if what != 'folder']
    tap.equal(left, [str(own.relative_to(home))], 'and when it is taken away')
    tap.check(status == 0 and 'mine/manifest.json' in output, 'which is said', output)

    home = work / 'full'
    env = user_environment(home)
    (home / '.local/bin').mkdir(parents=True)
    (home / '.config/GIMP/3.0/plug-ins/other').mkdir(parents=True)
    (home / '.config/GIMP/3.0/plug-ins/other/other').write_text('x')
    before = contents(home)
    dev(env, 'install')
    dev(env, 'uninstall')
    tap.equal(contents(home), before, 'empty folders and other plug-ins that were there before stay')
    env['GIMP3_DIRECTORY'] = 'my gimp'
    dev(env, 'install')
    tap.check((home / 'my gimp/plug-ins/gbrs/gbrs').exists(),
              'GIMP3_DIRECTORY is honoured, a relative one is in the home')
    dev(env, 'uninstall')
    tap.equal(contents(home), before, 'there too nothing is left')


def check_refusals(tap, work):
    home = work / 'refusals'
    env = user_environment(home)
    (home / '.local/bin').mkdir(parents=True)
    (home / '.local/bin/gbrs').write_text('mine')
    (home / 'file').write_text('')
    (home / 'taken/plug-ins/gbrs').mkdir(parents=True)
    nowhere = home / 'no-gimp'      # a system without GIMP 3 that installs nothing
    nowhere.mkdir()
    for name in ('pkg-config', 'apt-cache', 'apt-get'):
        (nowhere / name).write_text('#!/bin/sh\nexit 1\n')
        (nowhere / name).chmod(0o755)
    outside = dict(env, PATH=f'{nowhere}:{env["PATH"]}', GBRS_CACHE=str(home / 'cache'))
    outside.pop('GBRS_INSIDE', None)
    before = contents(home)
    cases = [
        (env, ['install', '--prefx', 'x'], 2, "'--prefx'"),
        (env, ['uninstall', 'all'], 2, "'all'"),
        (env, ['install', '--prefix'], 2, 'needs a folder'),
        (env, ['install', '--prefix='], 2, 'needs a folder'),
        (dict(env, HOME=''), ['install'], 1, 'HOME'),
        (env, ['install'], 1, '.local/bin/gbrs is there already'),
        (env, ['install', '--prefix', 'file/x'], 1, 'file/x/bin cannot be written'),
        (dict(env, GIMP3_DIRECTORY='file'), ['install', '--prefix', 'x'], 1, 'file/plug-ins cannot be written'),
        (dict(env, GIMP3_DIRECTORY='taken'), ['install', '--prefix', 'x'], 1, 'taken/plug-ins/gbrs is there already'),
        (outside, ['install', '--prefix', 'x'], 1, './dev gimp'),
        (outside, ['uninstall'], 1, 'nothing'),
    ]
    for variables, arguments, wanted, words in cases:
        done = subprocess.run([SOURCE / 'dev', *arguments], env=variables, cwd=home, capture_output=True, text=True,
                              check=False)
        tap.check(done.returncode == wanted and words in done.stderr and done.stderr.count('\n') == 1,
                  f'{" ".join(arguments)}: one sentence and status {wanted} ({words})',
                  f'{done.returncode} {done.stderr}')
    tap.equal(contents(home), before, 'a refusal changes nothing')


def check_kills(tap, work, name, **variables):
    """Ends the renewal of an installation at each program that it runs."""
    home = work / f'kills-{len(variables)}'
    env = user_environment(home)
    stand_ins = work / 'stand-ins'
    stand_ins.mkdir(exist_ok=True)
    for program in ('cp', 'mv', 'rm', 'sync', 'ln'):
        (stand_ins / program).write_text(STAND_IN)
        (stand_ins / program).chmod(0o755)
    dev(env, 'install')
    new = contents(home)
    notice = home / PLUGIN / 'LICENSES/Apache-2.0.txt'
    count = work / 'count'
    killed = 0
    for stop_at in range(1, 100):
        notice.write_text('an older text')
        old = contents(home)
        count.write_text('')
        status, output = dev(dict(env, **variables, PATH=f'{stand_ins}:{env["PATH"]}', STOP_COUNT=str(count),
                                  STOP_AT=str(stop_at)), 'install')
        if status == 0:
            break
        killed += 1
        found = {path: what for path, what in contents(home).items() if '.new.' not in path}
        complete = found in (old, new)
        if variables and not complete:      # between two renames: the next call puts it back
            moved = {path.replace('/.gbrs.old', '/gbrs'): what for path, what in found.items()}
            complete = moved in (old, new)
        if not tap.check(complete, f'{name}: killed at step {stop_at}, the old or the new one is there', output):
            break
        status, output = dev(env, 'install')
        if not tap.check(status == 0 and contents(home) == new, f'{name}: the next call mends what is left', output):
            break
    tap.check(killed >= 8, f'{name}: was killed at several steps', killed)


def main():
    work = pathlib.Path(sys.argv[1])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    write_png(work / 'disc.png', disc()[0])
    tap = Tap()
    check_use(tap, work)
    check_home(tap, work)
    check_refusals(tap, work)
    check_kills(tap, work, 'renewing')
    check_kills(tap, work, 'renewing with two renames', NO_EXCHANGE='1')
    sys.exit(tap.end())


main()
