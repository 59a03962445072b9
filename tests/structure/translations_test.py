# SPDX-License-Identifier: Apache-2.0
"""Translations are complete: every text of the plug-in is collected and translated, no two labels of the window share
an Alt+letter, and the help page of each language uses the window's words.

usage: translations_test.py SOURCE_ROOT
"""
import gettext
import html
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from tap import Tap  # noqa: E402

TEXT = re.compile(r'\b(?:N?_|ngettext)\(')
LABEL = re.compile(r'\bN?_\("([^"\n]*_\w[^"\n]*)"')
# Their labels may be on screen together, and those of one of the tools with them.
WINDOW = ('window/window_layout.cpp', 'window/click_list.cpp', 'window/click_window.cpp',
          'window/click_window_input.cpp')
TOOLS = {'segment': ('edge_controls.cpp', 'segment_tool.cpp'),
         'depth': ('depth_panel.cpp', 'depth_tool.cpp', 'focus_controls.cpp'),
         'semantic': ('semantic_panel.cpp', 'semantic_tool.cpp'), 'matte': ('matte_panel.cpp', 'matte_tool.cpp')}
GIMP_WORDS = {'Select', 'Auswahl', 'Bearbeiten'}  # menus of GIMP's that a help page may name


def run(*command):
    """Standard output and errors in the language that the checks read."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ, LC_ALL='C'))
    return done.returncode, done.stdout + done.stderr


def plain(label):
    """A label as it is read: without mnemonic, colon, and dots."""
    return re.sub(r'\s*(:|…| \(.*\):)$', '', label.replace('_', ''))


def check_sources(tap, root):
    listed = set((root / 'po/POTFILES').read_text().split())
    having = {str(path.relative_to(root)) for path in (root / 'plugin').rglob('*.[ch]pp')
              if path.name != 'translation.hpp' and TEXT.search(path.read_text())}
    tap.equal(listed ^ having, set(), 'POTFILES lists the files that have texts, and no others')


def collect(root):
    """The texts as `gbrs-pot` collects them."""
    options = re.findall(r"'(--[^']+)'", (root / 'po/meson.build').read_text())
    status, pot = run('xgettext', *options, '--directory', str(root), '--files-from', str(root / 'po/POTFILES'),
                      '-o', '-')
    if status != 0:
        raise RuntimeError(pot)
    return pot


def check_catalogue(tap, root, language, pot):
    path = root / f'po/{language}.po'
    status, said = run('msgfmt', '--check', '--statistics', '--output-file=/dev/null', str(path))
    tap.check(status == 0 and re.fullmatch(r'\d+ translated messages\.\n', said),
              f'{language}: everything is translated, nothing is fuzzy', said)
    done = subprocess.run(['msgcmp', str(path), '-'], input=pot, capture_output=True, text=True, check=False)
    tap.check(done.returncode == 0, f'{language}: it has the texts of today', done.stderr)
    status, obsolete = run('msgattrib', '--only-obsolete', str(path))
    tap.equal(obsolete, '', f'{language}: and no others')


def translate(root, language):
    """What gettext makes of a text in a language; English is the texts themselves."""
    if language == 'en':
        return lambda text: text
    compiled = subprocess.run(['msgfmt', '-o', '-', str(root / f'po/{language}.po')], capture_output=True, check=True)
    return gettext.GNUTranslations(io.BytesIO(compiled.stdout)).gettext


def check_mnemonics(tap, root, language, translated, tool):
    names = [*WINDOW, *(f'tools/{tool}/{name}' for name in TOOLS[tool])]
    labels = [label for name in names for label in LABEL.findall((root / 'plugin' / name).read_text())]
    taken = {}
    for label in map(translated, labels):
        letters = re.findall(r'_(\w)', label)
        key = letters[0].lower() if len(letters) == 1 else f'no single letter in {label}'
        taken.setdefault(key, []).append(label)
    faults = {key: found for key, found in taken.items() if len(found) > 1 or not re.fullmatch('[a-z]', key)}
    tap.check(len(labels) > 15 and not faults, f'{language}: no two labels of the {tool} window share an Alt+letter', faults)


def check_help(tap, root, language, translated, texts):
    page = root / f'data/help/{language}/index.html'
    if not tap.check(page.is_file(), f'{language}: there is a help page'):
        return
    text = html.unescape(' '.join(page.read_text().split()))
    named = {plain(name.split('→')[-1].strip()) for name in re.findall(r'<[bi]>(.*?)</[bi]>', text)}
    named |= {plain(name) for name in re.findall(r'<tr><td>([^<]*)</td><td>[^<]*</td></tr>', text)
              if name.startswith(translated('Object by Clicks').split()[0] + ' ')}
    known = {plain(translated(text)) for text in texts} | GIMP_WORDS
    tap.check(len(named) > 7 and named <= known, f'{language}: the help page uses the window\'s words', named - known)


def check_kinds(tap, root, texts):
    """The classes of the models that come with the plug-in are texts, too."""
    manifests = [json.loads(path.read_text()) for path in sorted((root / 'models').glob('*/manifest.json'))]
    kinds = {kind for manifest in manifests for kind in manifest.get('classes', ())}
    tap.check(len(kinds) > 20 and kinds <= set(texts), 'the kinds of things of all models can be translated',
              kinds - set(texts))


def check_engine_words(tap, root):
    """What is translated of the engine's sentences is what it says."""
    said = ' '.join(path.read_text() for path in (root / 'engine/src').rglob('*.[ch]pp'))
    said = re.sub(r'"\s*"', '', said)     # in parts
    words = re.findall(r'N_\("(.*?)"\)', (root / 'plugin/base/engine_words.cpp').read_text())
    missing = [sentence for sentence in words if f'"{sentence}"' not in said]
    tap.check(len(words) > 10 and not missing, 'the engine says the sentences that are translated for it', missing)


def main():
    root = pathlib.Path(sys.argv[1])
    tap = Tap()
    check_sources(tap, root)
    if not all(map(shutil.which, ('xgettext', 'msgfmt', 'msgcmp', 'msgattrib'))):
        tap.skip('the catalogues', 'gettext is not installed')
        sys.exit(tap.end())
    pot = collect(root)
    texts = [''.join(re.findall('"(.*)"', block)) for block in re.findall(r'^msgid ((?:".*"\n)+)', pot, re.MULTILINE)]
    check_kinds(tap, root, texts)
    check_engine_words(tap, root)
    for language in ('en', *(root / 'po/LINGUAS').read_text().split()):
        translated = translate(root, language)
        if language != 'en':
            check_catalogue(tap, root, language, pot)
        for tool in TOOLS:
            check_mnemonics(tap, root, language, translated, tool)
        check_help(tap, root, language, translated, texts)
    sys.exit(tap.end())


main()
