#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as others see it: in German, with the plug-in as `./dev install` installs it, and in GIMP's light theme.

usage: window_looks_test.py FOLDER       FOLDER keeps profiles, logs and screenshots
"""
import io
import os
import pathlib
import shutil
import sys
import time

import numpy
from PIL import Image, ImageCms

from desktop import HEIGHT, WIDTH, Desktop, answered, begin, outcome, wait_for
from gimp_support import (GERMAN, SOURCE, dev, disc, has_german, make_profile, user_environment, wide_gamut_profile,
                          write_png)

PLUGIN = '.config/GIMP/3.0/plug-ins/gbrs'
ENLARGED = 4
OBJECT, BESIDE = (48, 45), (100, 15)    # pixels of the picture before it is enlarged
MOST_WIDTH, MOST_HEIGHT = 1110, 950     # of the unfolded window, on a screen of 1400 x 1000
# stands in for a browser: keeps what it is to show
BROWSER = '''[Desktop Entry]
Type=Application
Name=Browser
Exec="{work}/browser" %u
MimeType=text/html;
'''


def place(point):
    return tuple(ENLARGED * number + ENLARGED // 2 for number in point)


def opened(tap, desktop, words):
    window = desktop.showing()
    tap.check(window is not None, f'{words}: the window opens')
    return window


def geometry(desktop, window):
    lines = desktop.xdotool('getwindowgeometry', '--shell', window)
    numbers = dict(line.split('=') for line in lines)
    return tuple(int(numbers[name]) for name in ('X', 'Y', 'WIDTH', 'HEIGHT'))


def size(desktop, window):
    return geometry(desktop, window)[2:]


def check_drag(tap, desktop, window, words):
    x, y = place(OBJECT)
    desktop.drag(window, (x, y), (x + 100, y))
    tap.check(answered(desktop, 1) is not None, f'{words}: a drag is answered')


def brightness(shot):
    """Of the lowest part of the window, where the buttons are."""
    return float(numpy.median(shot[-60:]))


def check_unfolded(tap, desktop, window, words):
    """Everything that can be unfolded is; returns the screenshot."""
    for key in ('F8', 'alt+b' if words == 'German' else 'alt+m'):
        desktop.press(window, key)
        time.sleep(1)
    wide, high = size(desktop, window)
    tap.check(wide <= MOST_WIDTH and high <= MOST_HEIGHT, f'{words}: the window fits on the screen', (wide, high))
    desktop.press(window, 'F9')
    time.sleep(1)
    shot = desktop.shown(f'{words.lower()}-unfolded', window)
    desktop.screenshot(f'{words.lower()}-screen')
    desktop.press(window, 'F9')
    return shot


def provide_browser(work, home):
    (work / 'browser').write_text(f'#!/bin/sh\necho "$1" >"{work}/shown.new"\nmv "{work}/shown.new" "{work}/shown"\n')
    (work / 'browser').chmod(0o755)
    (home / '.local/share/applications/browser.desktop').write_text(BROWSER.format(work=work))
    (home / '.config/mimeapps.list').write_text('[Default Applications]\ntext/html=browser.desktop\n')


def hide_browsers(home):
    """No program of this system shows HTML pages or texts to the user of this home."""
    (home / '.local/share/applications').mkdir(parents=True)
    folders = os.environ.get('XDG_DATA_DIRS', '/usr/local/share:/usr/share').split(':')
    names = {path.name for folder in folders for path in pathlib.Path(folder, 'applications').glob('*.desktop')}
    types = ('text/html', 'application/xhtml+xml', 'text/plain', 'application/octet-stream', 'x-scheme-handler/file')
    removed = ''.join(f'{kind}={";".join(sorted(names))};\n' for kind in types)
    (home / '.config/mimeapps.list').write_text(f'[Removed Associations]\n{removed}')


def messages(desktop):
    return [' '.join(words) for words in desktop.messages('message')]


def check_help(tap, desktop, window, home):
    page = home / PLUGIN / 'help/de/index.html'
    desktop.press(window, 'F1')
    wait_for(lambda: messages(desktop), 20)
    tap.equal(desktop.messages('help'), [[f'file://{page}']], 'German: F1 chooses the German help page')
    said = messages(desktop)
    tap.check(len(said) == 1 and said[0].startswith(f'Die Hilfeseite {page} konnte nicht geöffnet werden: '),
              'German: where no program can show it, the window says so', said)
    desktop.shown('german-help', window)
    provide_browser(desktop.work, home)
    time.sleep(2)  # GIO looks at what has changed
    desktop.press(window, 'F1')
    shown = desktop.work / 'shown'
    tap.check(bool(wait_for(shown.exists, 20)) and shown.read_text().strip().removeprefix('file://') == str(page),
              'German: where there is one, it is opened', messages(desktop))


def check_offer(tap, desktop):
    """The window opened again: it offers the clicks in the plural."""
    wait_for(lambda: desktop.messages('offer'))
    window = desktop.plugin_window()
    said = [' '.join(words) for words in desktop.messages('offer')]
    tap.equal(said, ['2 Klicks wurden mit diesem Bild aufbewahrt.'], 'German: the clicks are offered')
    time.sleep(1)
    desktop.shown('german-offer', window)
    answers = len(desktop.messages('answer'))
    desktop.press(window, 'alt+z')  # _Zurückbringen
    wait_for(lambda: len(desktop.messages('answer')) > answers, 30)
    tap.check(answered(desktop, 2) is not None and len(desktop.messages('answer')) > answers,
              'German: Alt+Z brings them back')
    desktop.press(window, 'alt+c')  # Abbre_chen
    tap.equal(outcome(desktop, 'reopened'), {'status': 'cancel'}, 'German: Alt+C closes the window')


def check_german(tap, work):
    """As a user has it: installed, in the language of the desktop."""
    work.mkdir()
    home = work / 'home'
    env = user_environment(home)
    status, output = dev(env, 'install')
    tap.check(status == 0, 'German: the plug-in is installed', output)
    shutil.copy(SOURCE / 'data/gimprc', home / '.config/GIMP/3.0/gimprc')
    hide_browsers(home)
    with Desktop(work, env, work.parent / 'disc.png', 'window_looks_drive.py', GERMAN) as desktop:
        window = opened(tap, desktop, 'German')
        title = ' '.join(desktop.xdotool('getwindowname', window))
        tap.check(title.startswith('Objekt durch Klicks — [disc]'), 'German: so is the title', title)
        check_drag(tap, desktop, window, 'German')
        desktop.point(window, 2, 2)
        shot = desktop.shown('german', window)
        check_unfolded(tap, desktop, window, 'German')
        check_help(tap, desktop, window, home)
        desktop.press(window, 'alt+w')  # Anwenden und _weiter
        tap.check(bool(wait_for(lambda: desktop.messages('applied'), 30)), 'German: Alt+W applies and goes on')
        tap.check(bool(wait_for(lambda: messages(desktop)[-1].startswith('Angewendet.'), 10)), 'German: which is said',
                  messages(desktop)[-1])
        desktop.click(window, *place(BESIDE), 3)
        desktop.click(window, *place(OBJECT), 1)
        tap.check(answered(desktop, 2) is not None, 'German: two clicks are answered')
        desktop.press(window, 'alt+a')  # _Anwenden
        looked = outcome(desktop, 'looked')
        tap.equal(looked, {'status': 'success'}, 'German: Alt+A applies and closes')
        if looked:
            selection = numpy.load(work / 'looked.npy')
            values = [int(selection[y, x]) for x, y in map(place, (OBJECT, BESIDE))]
            tap.check(values[0] >= 128 > values[1], 'German: the selection obeys the clicks', values)
            check_offer(tap, desktop)
    return brightness(shot)


def check_colours(tap, desktop, window, profile, words):
    """The picture as a monitor of this profile is to get it."""
    shot = desktop.shown(words.split()[0], window)
    scale, left, top = desktop.view()
    picture = numpy.array(Image.open(desktop.work.parent / 'disc.png').convert('RGB'))
    places = [place(point) for point in (OBJECT, BESIDE, (10, 80))]
    wanted = [numpy.array(ImageCms.profileToProfile(Image.fromarray(picture[y:y + 1, x:x + 1]),
                                                    ImageCms.createProfile('sRGB'), profile))[0, 0].astype(int)
              for x, y in places]
    found = [shot[round(top + (y + 0.5) * scale), round(left + (x + 0.5) * scale)] for x, y in places]
    worst = max(abs(one - other).max() for one, other in zip(found, wanted))
    tap.check(worst <= 2, f'the picture has the colours of the {words}', f'found {found}, wanted {wanted}')
    return numpy.array(wanted)


def check_monitors(tap, desktop, window):
    """On a monitor without a profile, then moved to one that has its own."""
    desktop.xdotool('windowmove', '--sync', window, 0, 0)
    plain = check_colours(tap, desktop, window, ImageCms.createProfile('sRGB'), 'first monitor')
    shown = len(desktop.messages('picture'))
    desktop.xdotool('windowmove', '--sync', window, WIDTH + 20, 20)
    tap.check(desktop.showing(shown) is not None, 'Light: moved to another monitor it shows its picture again')
    wide = check_colours(tap, desktop, window, ImageCms.ImageCmsProfile(io.BytesIO(wide_gamut_profile())),
                         'second monitor, to which it was moved')
    tap.check(abs(wide - plain).max() > 10, 'Light: which are others')


def check_list(tap, desktop, window):
    """The output is chosen at the window's lower edge, which may be the screen's: the list is above then."""
    high = size(desktop, window)[1]
    x, y = 150, high - 28
    desktop.xdotool('windowmove', '--sync', window, WIDTH + 20, HEIGHT - high - 40)
    desktop.xdotool('mousemove', '--window', window, x, y)
    before = desktop.shown('box', 'root')
    desktop.xdotool('click', 1)
    after = desktop.shown('list', 'root')
    desktop.xdotool('key', 'Escape')
    left, top = geometry(desktop, window)[:2]
    columns, line = slice(left + x - 60, left + x + 60), 23
    rows = numpy.flatnonzero((abs(after - before).max(axis=2) > 20)[:top + y - 20, columns].any(axis=1))
    ends = (rows[0], rows[-1] - line) if rows.size else (0, 0)
    contrasts = [after[row:row + line, columns].std() for row in range(*ends, line)]
    tap.check(len(contrasts) >= 3 and min(contrasts) > 5,
              'Light: at the screen\'s edge a list with all its lines is above its box', contrasts)


def check_chosen_profile(tap, work):
    """The profile that the user has chosen in GIMP's preferences, whatever the monitor's own is."""
    work.mkdir()
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    (work / 'monitor.icc').write_bytes(wide_gamut_profile())
    with open(work / 'profile/gimprc', 'a', encoding='utf-8') as file:
        file.write(f'(color-management (mode display) (display-profile "{work}/monitor.icc")'
                   ' (display-profile-from-gdk no))\n')
    with Desktop(work, environment, work.parent / 'disc.png', 'window_looks_drive.py') as desktop:
        window = opened(tap, desktop, 'Chosen profile')
        check_colours(tap, desktop, window, ImageCms.ImageCmsProfile(io.BytesIO(wide_gamut_profile())), 'chosen profile')
        desktop.press(window, 'alt+c')
        tap.equal(outcome(desktop, 'looked'), {'status': 'cancel'}, 'Chosen profile: Cancel closes the window')


def check_light(tap, work):
    """In a light theme and on a monitor with a profile of its own."""
    work.mkdir()
    environment = make_profile(work, os.environ['GBRS_PLUGIN'])
    with open(work / 'profile/gimprc', 'a', encoding='utf-8') as file:
        file.write('(theme-color-scheme light)\n(color-management (mode display) (display-profile-from-gdk yes))\n')
    with Desktop(work, environment, work.parent / 'disc.png', 'window_looks_drive.py',
                 second_monitor=wide_gamut_profile()) as desktop:
        window = opened(tap, desktop, 'Light')
        check_monitors(tap, desktop, window)
        check_list(tap, desktop, window)
        check_drag(tap, desktop, window, 'Light')
        desktop.point(window, 2, 2)
        shot = desktop.shown('light', window)
        check_unfolded(tap, desktop, window, 'Light')
        desktop.press(window, 'alt+a')
        tap.equal(outcome(desktop, 'looked'), {'status': 'success'}, 'Light: Apply closes the window')
    return brightness(shot)


def main():
    work, tap = begin()
    write_png(work / 'disc.png', disc()[0].repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1))
    dark = check_german(tap, work / 'german') if has_german() else None
    if dark is None:
        tap.skip('the window in German', 'there is no locale de_DE.UTF-8')
    light = check_light(tap, work / 'light')
    check_chosen_profile(tap, work / 'chosen')
    tap.check(light > 180 and (dark is None or dark < 100), 'the window takes GIMP\'s theme', (dark, light))
    if tap.failed:
        tap.note(f'screenshots and gimp.log are in {work}')
    sys.exit(tap.end())


main()
