# SPDX-License-Identifier: Apache-2.0
"""OpenEXR files of single scan lines' parts, read and written without the library that is tried."""
import struct
import zlib

import numpy

TYPES = {1: numpy.dtype('<f2'), 2: numpy.dtype('<f4')}
NONE, ZIP = 0, 3


def attributes(data):
    """Name to (type, value) of a header, and where it ends."""
    found, at = {}, 8
    while data[at]:
        name, kind = data[at:].split(b'\0', 2)[:2]
        at += len(name) + len(kind) + 2
        size = struct.unpack_from('<i', data, at)[0]
        found[name.decode()] = data[at + 4:at + 4 + size]
        at += 4 + size
    return found, at + 1


def unzipped(block, size):
    """A compressed block: the bytes in halves, each but the first as a difference."""
    if len(block) == size:
        return block
    steps = numpy.frombuffer(zlib.decompress(block), numpy.uint8).astype(int)
    steps[1:] -= 128
    values = numpy.cumsum(steps).astype(numpy.uint8)
    mixed = numpy.empty(size, numpy.uint8)
    mixed[0::2], mixed[1::2] = values[:(size + 1) // 2], values[(size + 1) // 2:]
    return mixed.tobytes()


def read_exr(path):
    """Name to [height, width] of the channels in a file of scan lines, without compression or with ZIP."""
    data = path.read_bytes()
    assert data[:8] == b'\x76\x2f\x31\x01\x02\0\0\0', data[:8]
    header, at = attributes(data)
    left, top, right, bottom = struct.unpack('<4i', header['dataWindow'])
    width, height = right - left + 1, bottom - top + 1
    channels, rest = [], header['channels']
    while rest[0]:
        name, rest = rest.split(b'\0', 1)
        channels.append((name.decode(), TYPES[struct.unpack_from('<i', rest)[0]]))
        rest = rest[16:]
    compression = header['compression'][0]
    lines = {NONE: 1, ZIP: 16}[compression]
    line_bytes = sum(width * kind.itemsize for _, kind in channels)
    maps = {name: numpy.empty((height, width), kind) for name, kind in channels}
    for start in struct.unpack_from(f'<{-(-height // lines)}Q', data, at):
        first, size = struct.unpack_from('<2i', data, start)
        count = min(lines, bottom - first + 1)
        block = data[start + 8:start + 8 + size]
        block = unzipped(block, count * line_bytes) if compression == ZIP else block
        place = 0
        for row in range(first - top, first - top + count):
            for name, kind in channels:
                maps[name][row] = numpy.frombuffer(block, kind, width, place)
                place += width * kind.itemsize
    return maps


def write_exr(path, channels, shown=None):
    """An uncompressed file of these channels, [height, width] of float16 or float32; `shown`: left, top, width, height
    of the picture in it."""
    height, width = next(iter(channels.values())).shape
    left, top, shown_width, shown_height = shown or (0, 0, width, height)
    kinds = {numpy.dtype('float16'): 1, numpy.dtype('float32'): 2}
    names = sorted(channels)
    listed = b''.join(name.encode() + b'\0' + struct.pack('<iBxxxii', kinds[channels[name].dtype], 0, 1, 1)
                      for name in names) + b'\0'
    window = struct.pack('<4i', 0, 0, width - 1, height - 1)
    display = struct.pack('<4i', left, top, left + shown_width - 1, top + shown_height - 1)
    header = b'\x76\x2f\x31\x01\x02\0\0\0'
    for name, kind, value in (('channels', 'chlist', listed), ('compression', 'compression', bytes([NONE])),
                              ('dataWindow', 'box2i', window), ('displayWindow', 'box2i', display),
                              ('lineOrder', 'lineOrder', b'\0'), ('pixelAspectRatio', 'float', struct.pack('<f', 1)),
                              ('screenWindowCenter', 'v2f', bytes(8)), ('screenWindowWidth', 'float', struct.pack('<f', 1))):
        header += name.encode() + b'\0' + kind.encode() + b'\0' + struct.pack('<i', len(value)) + value
    header += b'\0'
    line_bytes = sum(width * channels[name].dtype.itemsize for name in names)
    table = b''.join(struct.pack('<Q', len(header) + 8 * height + row * (8 + line_bytes)) for row in range(height))
    lines = b''.join(struct.pack('<2i', row, line_bytes) + b''.join(channels[name][row].tobytes() for name in names)
                     for row in range(height))
    path.write_bytes(header + table + lines)
