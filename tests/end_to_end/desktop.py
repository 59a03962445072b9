# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual screen with the real GIMP on it, and hands: clicks, drags and keys at image pixels of our window."""
import ctypes
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import numpy
from PIL import Image

from gimp_support import Tap

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE_S = 120
STARTING_S = 300            # GIMP reads its resources first
WIDTH, HEIGHT = 1400, 1000
PROGRAMS = ('Xvfb', 'xrandr', 'openbox', 'xdotool', 'gimp', 'import')


def begin():
    """The folder that the first argument names, emptied, and a Tap; ends here where a program is missing."""
    work = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tap = Tap()
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        tap.skip('the window', f'not installed: {" ".join(missing)}')
        sys.exit(tap.end())
    return work, tap


class Desktop:
    """A screen, a window manager and GIMP; all ended on the way out, after a last screenshot: end.png."""

    def __init__(self, work, environment, picture, script, language=None, second_monitor=None):
        """language: variables that say it; plain English without them. second_monitor: the ICC profile of one that
        stands to the right of the first, which has none."""
        self.work, self.started = work, []
        self.log = work / 'gimp.log'
        reader, writer = os.pipe()
        width = WIDTH if second_monitor is None else 2 * WIDTH
        self.start(['Xvfb', '-displayfd', str(writer), '-screen', '0', f'{width}x{HEIGHT}x24', '-nolisten', 'tcp',
                    '-noreset'], dict(environment), pass_fds=(writer,))
        os.close(writer)
        with os.fdopen(reader) as pipe:
            display = f':{pipe.readline().strip()}'
        self.environment = dict(environment, DISPLAY=display, G_MESSAGES_DEBUG='gbrs', GBRS_WORK=str(work),
                                GBRS_HERE=str(HERE), GBRS_RESULTS=os.devnull, GDK_BACKEND='x11',
                                **(language or {'LC_ALL': 'C.UTF-8'}))
        self.environment.pop('WAYLAND_DISPLAY', None)
        if second_monitor is not None:
            self.add_monitor(second_monitor)
        self.start(['openbox'], self.environment)
        script = f'exec(open({str(HERE / script)!r}).read())'
        self.start(['gimp', '-s', '--new-instance', str(picture), '--batch-interpreter=python-fu-eval', '-b', script],
                   self.environment, output=self.log)

    def start(self, command, environment, output=None, **options):
        with open(output or os.devnull, 'wb') as sink:
            self.started.append(subprocess.Popen(command, env=environment, stdout=sink, stderr=subprocess.STDOUT,
                                                 stdin=subprocess.DEVNULL, **options))

    def add_monitor(self, profile):
        size = f'{WIDTH}/370x{HEIGHT}/265'      # and millimetres
        # GDK takes a monitor without an output for one when another follows that has one
        for monitor in (('left', f'{size}+0+0', 'none'), ('right', f'{size}+{WIDTH}+0', 'screen')):
            subprocess.run(['xrandr', '--setmonitor', *monitor], env=self.environment, check=True, capture_output=True)
        xlib = ctypes.CDLL('libX11.so.6')
        xlib.XOpenDisplay.restype = xlib.XDefaultRootWindow.restype = xlib.XInternAtom.restype = ctypes.c_void_p
        display = ctypes.c_void_p(xlib.XOpenDisplay(self.environment['DISPLAY'].encode()))
        root = ctypes.c_void_p(xlib.XDefaultRootWindow(display))
        name = ctypes.c_void_p(xlib.XInternAtom(display, b'_ICC_PROFILE_1', 0))
        cardinal, replace = ctypes.c_void_p(6), 0
        xlib.XChangeProperty(display, root, name, cardinal, 8, replace, profile, len(profile))
        xlib.XCloseDisplay(display)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.screenshot('end')
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

    def messages(self, kind, shown=0):
        """What the plug-in's windows logged under this word, oldest first: JSON documents or words; shown: after so many
        pictures had been shown."""
        text = self.log.read_text(errors='replace') if self.log.exists() else ''
        text = [*text.split(': picture: ', shown), *[''] * shown][shown]
        found = []
        for part in text.split(f': {kind}: ')[1:]:
            found.append(json.JSONDecoder().raw_decode(part)[0] if part[0] == '{' else part.splitlines()[0].split())
        return found

    def plugin_window(self, task='select'):
        found = self.xdotool('search', '--onlyvisible', '--classname', f'plug-in-gbrs-{task}')
        return found[0] if found else None

    def showing(self, before=0, task='select'):
        """The window, once it shows its picture (and so takes clicks); before: how many pictures were shown already."""
        shown = wait_for(lambda: len(self.messages('picture')) > before, STARTING_S)
        time.sleep(0.7)     # for the layout
        return self.plugin_window(task) if shown else None

    def plugin_process(self):
        """The window's process; none: it has ended."""
        program = self.work / 'profile' / 'plug-ins' / 'gbrs' / 'gbrs'
        found = subprocess.run(['pgrep', '-f', str(program)], capture_output=True, text=True, check=False).stdout.split()
        return int(found[0]) if found else None

    def view(self):
        """Where the picture lies in the window: scale, left, top."""
        return tuple(map(float, self.messages('view')[-1]))

    def point(self, window, x, y):
        """Moves the pointer to image pixels."""
        scale, left, top = self.view()
        self.xdotool('mousemove', '--window', window, round(left + (x + 0.5) * scale), round(top + (y + 0.5) * scale))

    def drag(self, window, start, end, button=1, abandon=False):
        """Press, drag, release at image pixels; or Escape in between."""
        self.point(window, *start)
        self.xdotool('mousedown', button)
        for part in (0.3, 0.7, 1):
            self.point(window, *(a + (b - a) * part for a, b in zip(start, end)))
            time.sleep(0.05)
        if abandon:
            self.xdotool('key', 'Escape')
        self.xdotool('mouseup', button)

    def turn_wheel(self, window, place, notches, key=None):
        """Turns the wheel over image pixels, down for positive numbers; returns the view before and after."""
        self.point(window, *place)
        before = self.view()
        held = ('keydown', key) if key else ()
        self.xdotool(*held, 'click', '--repeat', abs(notches), 5 if notches > 0 else 4,
                     *(('keyup', key) if key else ()))
        wait_for(lambda: self.view() != before, 5)
        time.sleep(0.3)
        return before, self.view()

    def shown(self, name, window):
        """A screenshot, kept as an artefact, as [height, width, 3]; the second is for what is drawn by a thread."""
        time.sleep(1)
        self.screenshot(name, window)
        return numpy.array(Image.open(self.work / f'{name}.png').convert('RGB')).astype(int)

    def click(self, window, x, y, button, key=None):
        """A click at image pixels."""
        self.point(window, x, y)
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


def answered_as(desktop, wanted):
    """Waits for a final answer to such clicks."""
    return wait_for(lambda: next((answer['clicks'] for answer in desktop.messages('answer')[-1:]
                                  if wanted(answer['clicks'])), None))


def outcome(desktop, step):
    path = desktop.work / f'{step}.json'
    return json.loads(path.read_text()) if wait_for(path.exists) else None
