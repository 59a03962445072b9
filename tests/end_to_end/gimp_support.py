# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests that run the real GIMP share: a profile with the built plug-in, TAP, pictures.

Environment: GBRS_PLUGIN (the built plug-in's program), GBRS_PROGRAM (the command line's), GBRS_PHOTOS (a folder of
photographs, may be missing).
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from pictures import disc, read_gray, wide_gamut_profile, write_png  # noqa: E402, F401  (for those who import from here)
from tap import Tap  # noqa: E402, F401

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
GERMAN = {'LC_ALL': 'de_DE.UTF-8', 'LANG': 'de_DE.UTF-8', 'LANGUAGE': 'de'}


def has_german():
    known = subprocess.run(['locale', '-a'], capture_output=True, text=True, check=False).stdout
    return 'de_DE.utf8' in known


def user_environment(home):
    """That of a user who has this home and none of the variables that lead to the build."""
    home.mkdir(parents=True, exist_ok=True)
    leading = ('LD_LIBRARY_PATH', 'GIMP3_DIRECTORY', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'GBRS_MODELS', 'GBRS_BACKEND')
    kept = {name: value for name, value in os.environ.items() if name not in (*leading, 'DISPLAY')}
    return dict(kept, HOME=str(home))


def dev(env, *arguments):
    done = subprocess.run([SOURCE / 'dev', *arguments], env=env, cwd=env['HOME'], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL, timeout=600, check=False)
    return done.returncode, done.stdout


def make_profile(folder, plugin):
    """A GIMP profile whose only plug-in of its own is `plugin`; returns the environment to run GIMP with."""
    profile = pathlib.Path(folder) / 'profile'
    plugin_folder = profile / 'plug-ins' / 'gbrs'
    plugin_folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / 'data/gimprc', profile / 'gimprc')
    program = plugin_folder / 'gbrs'
    if program.is_symlink():
        program.unlink()
    program.symlink_to(plugin)
    locale = pathlib.Path(plugin).parent / 'locale'
    if locale.exists() and not (plugin_folder / 'locale').exists():
        (plugin_folder / 'locale').symlink_to(locale)
    home = pathlib.Path(folder) / 'home'
    home.mkdir(exist_ok=True)
    environment = dict(os.environ, GIMP3_DIRECTORY=str(profile), HOME=str(home), XDG_CONFIG_HOME=str(home))
    environment.pop('DISPLAY', None)
    return environment


def run_console(environment, interpreter, script, timeout=900):
    """Runs one script in gimp-console; returns exit status and output."""
    command = ['gimp-console', '-idfs', f'--batch-interpreter={interpreter}', '-b', script, '--quit']
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, timeout=timeout, check=False)
    return done.returncode, done.stdout.decode(errors='replace')


def run_python(environment, path, **variables):
    """Runs a Python file inside GIMP; the variables are in its environment."""
    return run_console(dict(environment, **variables), 'python-fu-eval', f'exec(open({str(path)!r}).read())')


def check_script(tap, work, environment, name, **variables):
    """Runs a script of this folder inside GIMP and takes over what it found."""
    here = pathlib.Path(__file__).resolve().parent
    results = work / 'results.txt'
    results.unlink(missing_ok=True)
    status, output = run_python(environment, here / name, GBRS_RESULTS=str(results), GBRS_WORK=str(work),
                                GBRS_HERE=str(here), **variables)
    lines = results.read_text().splitlines() if results.exists() else []
    tap.forward(lines)
    if not tap.check(status == 0 and '# done' in lines, f'{name} came to its end in GIMP', f'status {status}'):
        tap.note(output[-3000:])


def gbrs(*arguments):
    """Runs the command line."""
    done = subprocess.run([os.environ['GBRS_PROGRAM'], *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(f'{arguments}: {done.stderr}')


def small_model(folder, long_side=129):
    """The shipped model with small frames: some ten times as quick."""
    shipped = pathlib.Path(os.environ['GBRS_MODELS'].split(':')[0]) / 'segment-small'
    manifest = json.loads((shipped / 'manifest.json').read_text())
    manifest['input']['long_side'] = long_side
    folder.mkdir()
    (folder / 'manifest.json').write_text(json.dumps(manifest))
    (folder / 'weights.safetensors').symlink_to(shipped / 'weights.safetensors')
    return folder


def segment(image, clicks, output, depth, *options):
    """Runs the command line; returns the mask."""
    given = [part for click in clicks.split() for part in ('--click', click)]
    gbrs('segment', image, *given, '-o', output, '--depth', depth, '--force', *options)
    return read_gray(output)
