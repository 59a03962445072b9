# SPDX-License-Identifier: Apache-2.0
"""Dependencies between rooms point one way: reads the include lines and names each arrow that points back.

usage: arrows_test.py SOURCE_ROOT
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'support'))
from tap import Tap  # noqa: E402

# What a room may include beside itself. The border to libgbrs-torch, refine/backend.hpp, and the manifest it
# speaks of are torch-free headers that both libraries may see.
ALLOWED = {
    'include/gbrs': set(),
    'layers': {'include/gbrs'},
    'imaging': {'include/gbrs'},
    'objectives': {'include/gbrs', 'layers', 'imaging'},
    'networks': {'include/gbrs', 'layers', 'imaging', 'models'},
    'models': {'include/gbrs', 'refine'},
    'refine': {'include/gbrs', 'layers', 'imaging', 'objectives', 'networks', 'models'},
    'baselines': {'include/gbrs', 'imaging', 'layers', 'objectives', 'networks', 'models', 'refine'},
    'session': {'include/gbrs', 'imaging', 'models', 'refine'},
    'evaluation': {'include/gbrs'},  # measures what a program gets
    'training': {'include/gbrs', 'layers', 'imaging', 'objectives', 'networks', 'models', 'refine', 'session'},
}
# Rooms that may see only part of another.
ONLY = {
    ('models', 'refine'): {'refine/backend.hpp'},
    ('session', 'refine'): {'refine/backend.hpp'},
    ('baselines', 'refine'): {'refine/backend.hpp', 'refine/guarded.hpp', 'refine/load_weights.hpp', 'refine/refiner.hpp',
                              'refine/runtime.hpp'},
    ('networks', 'models'): {'models/safetensors.hpp'},
}
OPEN_TO_CLI = {'include/gbrs', 'evaluation'}
# The plug-in's rooms, each of which may include those before it; the tools do not know one another.
PLUGIN_ROOMS = ('base', 'gimp', 'canvas', 'editing', 'window', 'tools', 'procedures')
OPENCV_IN_PLUGIN = {'adjustments.cpp', 'blur_levels.cpp', 'hint_clicks.cpp'}  # pixel work on the public headers' maps
TORCH_ROOMS = {'baselines', 'layers', 'objectives', 'networks', 'refine', 'training'}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def includes(path):
    for line in path.read_text().splitlines():
        if match := INCLUDE.match(line):
            yield match.group(1), match.group(2)


def room_of(header):
    if header.startswith('gbrs/'):
        return 'include/gbrs'
    return header.split('/')[0] if '/' in header else None


def faults_of_engine(engine):
    for path in sorted(engine.rglob('*.[ch]pp')):
        inside = path.relative_to(engine)
        room = 'include/gbrs' if inside.parts[0] == 'include' else inside.parts[1] if inside.parts[0] == 'src' else None
        for kind, header in includes(path):
            torch = header.startswith(('torch/', 'ATen/', 'c10/'))
            opencv = header.startswith('opencv2/')
            if inside.parts[0] == 'cli':
                if torch or opencv or (kind == '"' and '/' in header and room_of(header) not in OPEN_TO_CLI):
                    yield f'{inside} includes {header}: the command line knows the public headers and evaluation only'
            elif room == 'include/gbrs' and (torch or opencv or (kind == '"' and room_of(header) != room)):
                yield f'{inside} includes {header}: public headers know the standard library only'
            elif torch and room not in TORCH_ROOMS:
                yield f'{inside} includes {header}: {room} knows no torch'
            elif kind == '"' and (other := room_of(header)) and other in ALLOWED and other != room:
                if other not in ALLOWED[room]:
                    yield f'{inside} includes {header}: no arrow from {room} to {other}'
                elif header not in ONLY.get((room, other), {header}):
                    yield f'{inside} includes {header}: {room} may only see {", ".join(ONLY[room, other])}'


def faults_between_plugin_rooms(inside, header):
    """`inside`: a source's path within plugin/."""
    own, other = inside.parts[:-1], header.split('/')[:-1]
    if not own or not other or other[0] not in PLUGIN_ROOMS:  # main.cpp puts everything together
        return
    if PLUGIN_ROOMS.index(other[0]) > PLUGIN_ROOMS.index(own[0]):
        yield f'plugin/{inside} includes {header}: no arrow from {own[0]} to {other[0]}'
    elif own[0] == other[0] == 'tools' and own[1] != other[1]:
        yield f'plugin/{inside} includes {header}: the tools do not know one another'


def faults_of_plugin(plugin):
    for path in sorted(plugin.rglob('*.[ch]pp')):
        inside = path.relative_to(plugin)
        if len(inside.parts) > 1 and inside.parts[0] not in PLUGIN_ROOMS:
            yield f'plugin/{inside}: {inside.parts[0]} is no room'
        for _, header in includes(path):
            yield from faults_between_plugin_rooms(inside, header)
            torch = header.startswith(('torch/', 'ATen/', 'c10/'))
            opencv = header.startswith('opencv2/') and path.name not in OPENCV_IN_PLUGIN
            if torch or opencv or header.split('/')[0] in ALLOWED:
                yield f'plugin/{inside} includes {header}: the plug-in knows the public headers only'


root = pathlib.Path(sys.argv[1])
tap = Tap()
rooms = {path.name for path in (root / 'engine/src').iterdir() if path.is_dir() and any(path.iterdir())}
tap.equal(rooms - set(ALLOWED), set(), 'every room has its rule')
for name, faults in (('engine', list(faults_of_engine(root / 'engine'))), ('plug-in', list(faults_of_plugin(root / 'plugin')))):
    tap.check(not faults, f'no arrow points back in the {name}', '\n'.join(faults))
sys.exit(tap.end())
