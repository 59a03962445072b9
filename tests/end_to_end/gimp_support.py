# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests that run the real GIMP share: a profile with the built plug-in, TAP, pictures.

Environment: GBRS_PLUGIN (the built plug-in's program), GBRS_PROGRAM (the command line's), GBRS_PHOTOS (a folder of
photographs, may be missing).
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import zlib

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from tap import Tap  # noqa: E402, F401  (for those who import from here)

GIMPRC = '''(config-version "3.0.4")
(show-welcome-dialog no)
(check-updates no)
(color-profile-policy keep)
(metadata-rotation-policy keep)
(save-session-info no)
'''


def make_profile(folder, plugin):
    """A GIMP profile whose only plug-in of its own is `plugin`; returns the environment to run GIMP with."""
    profile = pathlib.Path(folder) / 'profile'
    plugin_folder = profile / 'plug-ins' / 'gbrs'
    plugin_folder.mkdir(parents=True, exist_ok=True)
    (profile / 'gimprc').write_text(GIMPRC)
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


def write_png(path, pixels):
    """pixels: [height, width] or [height, width, 2..4] of uint8 or uint16."""
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    depth = pixels.dtype.itemsize * 8
    rows = pixels.astype(pixels.dtype.newbyteorder('>')).reshape(height, -1)
    data = b''.join(b'\0' + row.tobytes() for row in rows)
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]

    def chunk(name, body):
        return struct.pack('>I', len(body)) + name + body + struct.pack('>I', zlib.crc32(name + body))

    header = struct.pack('>IIBBBBB', width, height, depth, kind, 0, 0, 0)
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(data)) +
                   chunk(b'IEND', b''))


def read_gray_png(path):
    """A gray PNG without interlacing as [height, width] of uint8 or uint16."""
    data = pathlib.Path(path).read_bytes()
    at, packed = 8, b''
    while at < len(data):
        length, name = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if name == b'IHDR':
            width, height, depth, kind = struct.unpack('>IIBB', body[:10])
            assert kind == 0 and depth in (8, 16) and body[12] == 0, 'not a plain gray PNG'
        elif name == b'IDAT':
            packed += body
        at += 12 + length
    raw = numpy.frombuffer(zlib.decompress(packed), numpy.uint8).reshape(height, -1)
    step = depth // 8
    rows = numpy.zeros((height + 1, raw.shape[1] - 1 + step), numpy.uint8)  # a row and some columns of zeros before
    for y in range(height):
        _unfilter(int(raw[y, 0]), raw[y, 1:], rows[y], rows[y + 1], step)
    rows = numpy.ascontiguousarray(rows[1:, step:])
    return rows if depth == 8 else rows.view('>u2').astype(numpy.uint16)


def _unfilter(kind, line, above, out, step):
    if kind == 0:
        out[step:] = line
    elif kind == 2:
        out[step:] = line + above[step:]
    else:
        up = above.astype(int)
        for x in range(len(line)):
            left, top, corner = int(out[x]), int(up[x + step]), int(up[x])
            if kind == 1:
                guess = left
            elif kind == 3:
                guess = (left + top) // 2
            else:
                guess = min((left, top, corner), key=lambda value: abs(left + top - corner - value))
            out[x + step] = (int(line[x]) + guess) & 255


def disc_picture(width=120, height=90):
    """An orange disc on a blue ground with some texture, [height, width, 3] of uint8."""
    y, x = numpy.mgrid[0:height, 0:width]
    inside = numpy.hypot(x + 0.5 - 0.4 * width, y + 0.5 - 0.5 * height) <= 0.28 * height
    colours = numpy.where(inside[..., None], [220, 120, 30], [40, 70, 130])
    return (colours + ((x * 7 + y * 13) % 17)[..., None]).astype(numpy.uint8)


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
    command = [os.environ['GBRS_PROGRAM'], 'segment', str(image)]
    for click in clicks.split():
        command += ['--click', click]
    command += ['-o', str(output), '--depth', str(depth), '--force', *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise RuntimeError(f'{" ".join(command)}: {done.stderr}')
    return read_gray_png(output)
