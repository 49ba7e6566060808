"""What of six is left where there is no Python 2 any more."""
import functools
import io
import operator
import sys

PY2, PY3 = False, True
string_types, integer_types, class_types, text_type, binary_type = (str,), (int,), (type,), str, bytes
MAXSIZE = sys.maxsize
StringIO, BytesIO = io.StringIO, io.BytesIO
iteritems, iterkeys, itervalues = (lambda mapping: iter(mapping.items())), (lambda mapping: iter(mapping.keys())), (lambda mapping: iter(mapping.values()))
viewitems, viewkeys, viewvalues = operator.methodcaller('items'), operator.methodcaller('keys'), operator.methodcaller('values')
wraps, next, unichr, int2byte = functools.wraps, next, chr, operator.methodcaller('to_bytes', 1, 'big')


def b(text):
    return text.encode('latin-1')


def u(text):
    return text


def ensure_text(value, encoding='utf-8', errors='strict'):
    return value.decode(encoding, errors) if isinstance(value, bytes) else value


ensure_str = ensure_text


def ensure_binary(value, encoding='utf-8', errors='strict'):
    return value if isinstance(value, bytes) else value.encode(encoding, errors)


def reraise(_kind, value, trace=None):
    raise value.with_traceback(trace)


def raise_from(value, cause):
    raise value from cause


def with_metaclass(meta, *bases):
    return meta('with_metaclass', bases, {})


def add_metaclass(meta):
    return lambda cls: meta(cls.__name__, cls.__bases__, {key: value for key, value in cls.__dict__.items() if key not in ('__dict__', '__weakref__')})
