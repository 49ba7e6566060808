"""Texts and bytes, as ansible.module_utils has them under several names."""
import json


def to_bytes(value, encoding='utf-8', errors=None, nonstring='simplerepr'):
    if isinstance(value, bytes):
        return value
    return _text_of(value, nonstring).encode(encoding, _handler(errors))


def to_text(value, encoding='utf-8', errors=None, nonstring='simplerepr'):
    return value.decode(encoding, _handler(errors)) if isinstance(value, bytes) else _text_of(value, nonstring)


to_native = to_str = to_unicode = to_text


def _text_of(value, nonstring):
    if isinstance(value, str) or nonstring == 'passthru':
        return value
    if nonstring == 'strict':
        raise TypeError('%r is neither text nor bytes' % (value,))
    return '' if nonstring == 'empty' else str(value)


def _handler(errors):
    return 'surrogateescape' if errors in (None, 'surrogate_or_strict', 'surrogate_or_replace', 'surrogate_then_replace') else errors


def container_to_text(value, encoding='utf-8', errors='surrogate_or_strict'):
    return _within(value, bytes, lambda each: to_text(each, encoding, errors))


def container_to_bytes(value, encoding='utf-8', errors='surrogate_or_strict'):
    return _within(value, str, lambda each: to_bytes(each, encoding, errors))


def _within(value, kind, convert):
    if isinstance(value, kind):
        return convert(value)
    if isinstance(value, dict):
        return {_within(key, kind, convert): _within(item, kind, convert) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_within(item, kind, convert) for item in value)
    return value


def jsonify(value, **options):
    return json.dumps(container_to_text(value), default=_plain, **options)


def _plain(value):
    if isinstance(value, (set, frozenset)):
        return list(value)
    return value.isoformat() if hasattr(value, 'isoformat') else str(value)
