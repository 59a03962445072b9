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
