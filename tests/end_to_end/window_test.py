#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window in the real GIMP on a virtual screen: clicks, undo and redo, apply, one undo in GIMP, run with the
last values, and an image that is closed under the window.

usage: window_test.py FOLDER       FOLDER keeps profile, log and screenshots
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import numpy

from gimp_support import Tap, disc, make_profile, write_png

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE_S = 120
PROGRAMS = ('Xvfb', 'openbox', 'xdotool', 'gimp', 'import')
# image pixels on the object and beside it
PHOTO = [(190, 110, 1), (130, 75, 1), (310, 200, 1), (430, 250, 3)]
DISC = [(48, 45, 1), (60, 50, 1), (40, 40, 1), (100, 15, 3)]


class Desktop:
    """A screen, a window manager and GIMP; all ended on the way out."""

    def __init__(self, work, environment, picture):
        self.work, self.started = work, []
        self.log = work / 'gimp.log'
        reader, writer = os.pipe()
        self.start(['Xvfb', '-displayfd', str(writer), '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'],
                   dict(environment), pass_fds=(writer,))
        os.close(writer)
        with os.fdopen(reader) as pipe:
            display = f':{pipe.readline().strip()}'
        self.environment = dict(environment, DISPLAY=display, G_MESSAGES_DEBUG='gbrs', GBRS_WORK=str(work),
                                GBRS_HERE=str(HERE), GBRS_RESULTS=os.devnull, GDK_BACKEND='x11', LC_ALL='C.UTF-8')
        self.environment.pop('WAYLAND_DISPLAY', None)
        self.start(['openbox'], self.environment)
        script = f'exec(open({str(HERE / "window_drive.py")!r}).read())'
        self.start(['gimp', '-s', '--new-instance', str(picture), '--batch-interpreter=python-fu-eval', '-b', script],
                   self.environment, output=self.log)

    def start(self, command, environment, output=None, **options):
        with open(output or os.devnull, 'wb') as sink:
            self.started.append(subprocess.Popen(command, env=environment, stdout=sink, stderr=subprocess.STDOUT,
                                                 stdin=subprocess.DEVNULL, **options))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.started):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def xdotool(self, *words):
        done = subprocess.run(['xdotool', *map(str, words)], env=self.environment, capture_output=True, text=True,
                              check=False)
        return done.stdout.split()

    def screenshot(self, name, window='root'):
        subprocess.run(['import', '-window', str(window), str(self.work / f'{name}.png')], env=self.environment,
                       check=False)

    def messages(self, kind):
        """What the plug-in's window logged under this word, oldest first: JSON documents or words."""
        text = self.log.read_text(errors='replace') if self.log.exists() else ''
        found = []
        for part in text.split(f': {kind}: ')[1:]:
            found.append(json.JSONDecoder().raw_decode(part)[0] if part[0] == '{' else part.splitlines()[0].split())
        return found

    def plugin_window(self):
        found = self.xdotool('search', '--onlyvisible', '--classname', 'plug-in-gbrs-select')
        return found[0] if found else None

    def click(self, window, x, y, button, key=None):
        """A click at image pixels."""
        scale, left, top = map(float, self.messages('view')[-1])
        place = round(left + (x + 0.5) * scale), round(top + (y + 0.5) * scale)
        self.xdotool('mousemove', '--window', window, *place)
        held = ('keydown', key) if key else ()
        self.xdotool(*held, 'click', button, *(('keyup', key) if key else ()))

    def press(self, window, key):
        self.xdotool('windowfocus', '--sync', window, 'key', '--clearmodifiers', key)


def wait_for(condition, patience=PATIENCE_S):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    return condition()


def answered(desktop, clicks):
    """Waits for the final answer to so many clicks."""
    return wait_for(lambda: next((answer for answer in desktop.messages('answer')[-1:]
                                  if len(answer['clicks']) == clicks), None))


def outcome(desktop, step):
    path = desktop.work / f'{step}.json'
    return json.loads(path.read_text()) if wait_for(path.exists) else None


def check_clicking(tap, desktop, clicks):
    window = wait_for(desktop.plugin_window)
    if not tap.check(window is not None, 'the window opens'):
        return None
    tap.check(bool(wait_for(lambda: desktop.messages('view'))), 'the picture is shown')
    log = desktop.log.read_text(errors='replace')
    tap.check(0 < log.find('window: shown') < log.find('session: made'),
              'the window is on screen before the engine is started')
    time.sleep(1)  # the first drawing
    for count, (x, y, button) in enumerate(clicks, 1):
        desktop.click(window, x, y, button)
        answer = answered(desktop, count)
        if not tap.check(answer is not None, f'click {count} is answered'):
            return None
        click = answer['clicks'][-1]
        tap.check(int(click['x']) in (x - 1, x, x + 1) and int(click['y']) in (y - 1, y, y + 1) and
                  click['target'] == ('+' if button == 1 else '-'), f'click {count} is where and what was clicked',
                  click)
    desktop.press(window, 'ctrl+z')
    tap.check(answered(desktop, len(clicks) - 1) is not None, 'Ctrl+Z takes the last click back')
    desktop.press(window, 'ctrl+shift+z')
    tap.check(answered(desktop, len(clicks)) is not None, 'Ctrl+Shift+Z brings it again')
    time.sleep(1)
    desktop.screenshot('window', window)
    desktop.screenshot('desktop')
    return window


def check_applying(tap, desktop, window, clicks):
    desktop.press(window, 'alt+a')
    applied = outcome(desktop, 'applied')
    if not tap.check(applied is not None and applied['status'] == 'success', 'Apply ends the procedure with success',
                     applied):
        return
    tap.check(desktop.plugin_window() is None, 'the window is gone')
    selection = numpy.load(desktop.work / 'applied.npy')
    for count, (x, y, button) in enumerate(clicks, 1):
        value = int(selection[y, x])
        tap.check(value >= 128 if button == 1 else value < 128, f'the selection obeys click {count}', value)
    time.sleep(1)
    desktop.screenshot('selection')
    main = desktop.xdotool('search', '--onlyvisible', '--name', 'GIMP$')
    tap.check(bool(main), 'GIMP\'s window is found')
    desktop.press(main[0], 'ctrl+z')
    undone = outcome(desktop, 'undone')
    tap.check(undone is not None and undone['empty'] and not undone['dirty'], 'one undo in GIMP restores the image',
              undone)
    repeated = outcome(desktop, 'repeated')
    if tap.check(repeated is not None and repeated['status'] == 'success', 'it runs with the last values', repeated):
        different = int((numpy.load(desktop.work / 'repeated.npy') != selection).sum())
        tap.equal(different, 0, 'which gives the same selection byte for byte')


def check_closing(tap, desktop):
    """From the menu: GIMP holds an image that a script passed on until the script ends."""
    outcome(desktop, 'ended')
    main = desktop.xdotool('search', '--onlyvisible', '--name', 'GIMP$')
    sessions = len(desktop.messages('session'))
    desktop.press(main[0], 'slash')  # the search for commands
    time.sleep(2)
    desktop.xdotool('type', '--delay', '50', 'object by clicks')
    time.sleep(2)
    desktop.screenshot('search')
    desktop.xdotool('key', 'Return')
    if not tap.check(bool(wait_for(desktop.plugin_window)), 'GIMP finds the menu entry and opens the window'):
        return
    wait_for(lambda: len(desktop.messages('session')) > sessions)
    desktop.press(main[0], 'ctrl+w')
    tap.check(bool(wait_for(lambda: desktop.plugin_window() is None, 20)), 'an image closed in GIMP closes the window')


def main():
    work = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tap = Tap()
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        tap.skip('the window', f'not installed: {" ".join(missing)}')
        sys.exit(tap.end())
    photo = pathlib.Path(os.environ.get('GBRS_PHOTOS', '')) / 'chelsea.png'
    clicks = PHOTO
    if not photo.is_file():
        tap.skip('a photograph', 'GBRS_PHOTOS names no folder with chelsea.png; a drawn picture takes its place')
        photo, clicks = work / 'disc.png', DISC
        write_png(photo, disc()[0])
    with Desktop(work, make_profile(work, os.environ['GBRS_PLUGIN']), photo) as desktop:
        window = check_clicking(tap, desktop, clicks)
        if window:
            check_applying(tap, desktop, window, clicks)
            check_closing(tap, desktop)
        if tap.failed:
            desktop.screenshot('failed')
            tap.note(f'screenshots and gimp.log are in {work}')
    sys.exit(tap.end())


main()
