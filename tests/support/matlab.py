# SPDX-License-Identifier: Apache-2.0
"""Writes MATLAB files of level 5: as much as the annotations of SBD need."""
import struct
import zlib

import numpy

INT8, UINT8, INT32, UINT32, DOUBLE, MATRIX, COMPRESSED = 1, 2, 5, 6, 9, 14, 15
CELL_CLASS, STRUCT_CLASS, DOUBLE_CLASS, UINT8_CLASS = 1, 2, 6, 9


def _element(kind, body):
    return struct.pack('<II', kind, len(body)) + body + bytes(-len(body) % 8)


def _matrix(array_class, shape, name, body):
    return _element(MATRIX, _element(UINT32, struct.pack('<II', array_class, 0)) +
                    _element(INT32, struct.pack(f'<{len(shape)}i', *shape)) + _element(INT8, name.encode()) + body)


def _numbers(values):
    values = numpy.atleast_2d(values)
    kinds = (UINT8, UINT8_CLASS) if values.dtype == numpy.uint8 else (DOUBLE, DOUBLE_CLASS)
    return _matrix(kinds[1], values.shape, '', _element(kinds[0], values.tobytes(order='F')))


def _cells(values):
    return _matrix(CELL_CLASS, (len(values), 1), '', b''.join(_numbers(value) for value in values))


def write_struct(path, name, fields, is_compressed=True):
    """A variable that is a struct; `fields`: arrays of uint8 or float, or lists of them."""
    width = 32
    names = b''.join(field.encode().ljust(width, b'\0') for field in fields)
    body = struct.pack('<HHI', INT32, 4, width) + _element(INT8, names)
    body += b''.join(_cells(value) if isinstance(value, list) else _numbers(value) for value in fields.values())
    variable = _matrix(STRUCT_CLASS, (1, 1), name, body)
    if is_compressed:
        packed = zlib.compress(variable)
        variable = struct.pack('<II', COMPRESSED, len(packed)) + packed
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b'MATLAB 5.0 MAT-file'.ljust(124) + struct.pack('<HH', 0x0100, 0x4d49) + variable)
