"""Types of arguments: each converts what was given, or raises TypeError or ValueError with why it cannot."""
import ast
import json
import os
import re
import shlex
from ansible.module_utils.plonerun_texts import jsonify

BOOLEANS_TRUE = frozenset(('y', 'yes', 'on', '1', 'true', 't', 1, 1.0, True))
BOOLEANS_FALSE = frozenset(('n', 'no', 'off', '0', 'false', 'f', 0, 0.0, False))
BOOLEANS = BOOLEANS_TRUE | BOOLEANS_FALSE

UNITS = {'Y': 1 << 80, 'Z': 1 << 70, 'E': 1 << 60, 'P': 1 << 50, 'T': 1 << 40, 'G': 1 << 30, 'M': 1 << 20, 'K': 1 << 10, 'B': 1}


def boolean(value, strict=True):
    word = value.strip().lower() if isinstance(value, str) else value
    try:
        if word in BOOLEANS_TRUE:
            return True
        if word in BOOLEANS_FALSE or not strict:
            return False
    except TypeError:
        if not strict:
            return False
    raise TypeError('The value %r is not a valid boolean. Valid booleans include: %s' % (value, ', '.join(repr(each) for each in BOOLEANS)))


def text(value):
    return value if isinstance(value, str) else '' if value is None else str(value)


def items(value):
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, str):
        return value.split(',')
    if isinstance(value, (int, float)):
        return [str(value)]
    raise TypeError('%s cannot be converted to a list' % type(value))


def mapping(value):
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise TypeError('%s cannot be converted to a dict' % type(value))
    if value.startswith('{'):
        try:
            return json.loads(value)
        except ValueError:
            try:
                return dict(ast.literal_eval(value))
            except (SyntaxError, TypeError, ValueError):
                raise TypeError('unable to evaluate string as dictionary')
    if '=' in value:
        lexer = shlex.shlex(value, posix=True)
        lexer.whitespace, lexer.whitespace_split, lexer.commenters = ' ,\t\n', True, ''
        words = list(lexer)
        if all('=' in word for word in words):
            return dict(word.split('=', 1) for word in words)
    raise TypeError('dictionary requested, could not parse JSON or key=value')


def integer(value):
    try:
        if isinstance(value, float) and not value.is_integer():
            raise ValueError
        return int(value)
    except (TypeError, ValueError):
        raise TypeError('"%r" cannot be converted to an int' % (value,))


def decimal(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError('%s cannot be converted to a float' % type(value))


def path(value):
    return os.path.expanduser(os.path.expandvars(text(value)))


def json_text(value):
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (dict, list, tuple)):
        return jsonify(value)
    raise TypeError('%s cannot be converted to a json string' % type(value))


def human_to_bytes(number, default_unit=None, isbits=False):
    """A size such as 10, 1K, 2.5 MB; with isbits also 1Mb."""
    found = re.match(r'^\s*([\d.]+)\s*([A-Za-z]*)\s*$', str(number))
    if found is None:
        raise ValueError("human_to_bytes() can't interpret following string: %s" % number)
    unit = found.group(2) or default_unit or 'B'
    wanted = 'b' if isbits else 'B'
    if unit[0].upper() not in UNITS or (len(unit) > 1 and unit[1:] not in (wanted, 'bit' if isbits else 'yte', 'its' if isbits else 'ytes')):
        raise ValueError('human_to_bytes() failed to convert %s (unit = %s)' % (number, unit))
    return int(round(float(found.group(1)) * UNITS[unit[0].upper()]))


def bytes_to_human(size, isbits=False, unit=None):
    base = 'bits' if isbits else 'Bytes'
    name, limit = next(((name, limit) for name, limit in UNITS.items() if (unit is None and size >= limit) or (unit is not None and unit.upper()[0] == name)), ('B', 1))
    return '%.2f %s' % (size / limit, base if limit == 1 else name + base[0])


def size_in(what, isbits):
    def convert(value):
        try:
            return human_to_bytes(value, isbits=isbits)
        except ValueError:
            raise TypeError('%s cannot be converted to a %s value' % (type(value), what))
    return convert


CONVERTERS = {
    'str': text, 'list': items, 'dict': mapping, 'bool': boolean, 'int': integer, 'float': decimal, 'path': path, 'raw': lambda value: value,
    'jsonarg': json_text, 'json': json_text, 'bytes': size_in('Byte', False), 'bits': size_in('Bit', True),
}
