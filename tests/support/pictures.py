# SPDX-License-Identifier: Apache-2.0
"""Pictures for the tests, and reading what became of them."""
import struct
import zlib

import numpy
from PIL import Image


def disc(width=120, height=90):
    """An orange disc on a blue ground with some texture, [height, width, 3] of uint8, and where the disc is."""
    y, x = numpy.mgrid[0:height, 0:width]
    inside = numpy.hypot(x + 0.5 - 0.4 * width, y + 0.5 - 0.5 * height) <= 0.28 * height
    colours = numpy.where(inside[..., None], [220, 120, 30], [40, 70, 130]) + ((x * 7 + y * 13) % 17)[..., None]
    return colours.astype(numpy.uint8), inside


def soft_disc(shift=0, width=96, height=64):
    """A disc whose edge is soft over 16 pixels, before a striped ground: the picture, its alpha, and the disc's colour."""
    y, x = numpy.mgrid[0:height, 0:width]
    alpha = numpy.clip((26 - numpy.hypot(x - width / 2 - shift, y - height / 2)) / 16, 0, 1)
    front = numpy.array([220.0, 120, 30])
    back = numpy.where((x // 6 % 2 == 0)[..., None], [40.0, 70, 130], [60.0, 110, 90])
    return (alpha[..., None] * front + (1 - alpha[..., None]) * back + 0.5).astype(numpy.uint8), alpha, front


def trimap_of(alpha):
    """0 and 255 where alpha is 0 and 1, 128 between."""
    return numpy.where(alpha == 0, 0, numpy.where(alpha == 1, 255, 128)).astype(numpy.uint8)


def read_gray(path):
    """A gray picture as [height, width] of uint8 or uint16."""
    return numpy.array(Image.open(path))


def png_chunk(name, body):
    return struct.pack('>I', len(body)) + name + body + struct.pack('>I', zlib.crc32(name + body))


def png(width, height, depth, colour_type, data):
    """A PNG of packed rows, which may be fewer than it claims."""
    header = struct.pack('>IIBBBBB', width, height, depth, colour_type, 0, 0, 0)
    return (b'\x89PNG\r\n\x1a\n' + png_chunk(b'IHDR', header) + png_chunk(b'IDAT', zlib.compress(data)) +
            png_chunk(b'IEND', b''))


def write_png(path, pixels):
    """pixels: [height, width] or [height, width, 2..4] of uint8 or uint16; Pillow has no colours of 16 bits."""
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    rows = pixels.astype(pixels.dtype.newbyteorder('>')).reshape(height, -1)
    data = b''.join(b'\0' + row.tobytes() for row in rows)
    with open(path, 'wb') as file:
        file.write(png(width, height, pixels.dtype.itemsize * 8, {1: 0, 2: 4, 3: 2, 4: 6}[channels], data))


def wide_gamut_profile():
    """An ICC profile (version 2) of a monitor with wider primaries than sRGB's and a gamma of 2.2, as bytes."""
    def fixed(*numbers):
        return struct.pack(f'>{len(numbers)}i', *(round(number * 65536) for number in numbers))
    text = b'Wide gamut'
    xyz = {b'wtpt': (0.9642, 1, 0.8249), b'rXYZ': (0.60974, 0.31111, 0.01947), b'gXYZ': (0.20528, 0.62567, 0.06087),
           b'bXYZ': (0.14919, 0.06322, 0.74457)}
    tags = {b'desc': b'desc' + bytes(4) + struct.pack('>I', len(text) + 1) + text + bytes(1 + 8 + 3 + 67),
            b'cprt': b'text' + bytes(4) + b'CC0\0'}
    tags |= {name: b'XYZ ' + bytes(4) + fixed(*values) for name, values in xyz.items()}
    tags |= {name: b'curv' + bytes(4) + struct.pack('>IH', 1, 563) for name in (b'rTRC', b'gTRC', b'bTRC')}
    body, table, start = b'', struct.pack('>I', len(tags)), 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack('>II', start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack('>I4sI4s4s4s12s4s4s', start + len(body), bytes(4), 0x02400000, b'mntr', b'RGB ', b'XYZ ',
                         struct.pack('>6H', 2026, 1, 1, 0, 0, 0), b'acsp', bytes(4))
    return (header + bytes(24) + fixed(0.9642, 1, 0.8249)).ljust(128, b'\0') + table + body
