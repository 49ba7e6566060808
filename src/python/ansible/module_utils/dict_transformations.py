"""Dicts laid over each other, compared, and with other spellings of their keys."""
import re
from copy import deepcopy


def dict_merge(a, b):
    """A copy of a dict with another one in it; where both have a dict, those are merged too."""
    if not isinstance(b, dict):
        return b
    merged = deepcopy(a)
    for key, value in b.items():
        merged[key] = dict_merge(merged[key], value) if isinstance(merged.get(key), dict) else deepcopy(value)
    return merged


def recursive_diff(dict1, dict2):
    """What either dict has otherwise, as a pair; None when they are alike."""
    left = {key: deepcopy(value) for key, value in dict1.items() if key not in dict2}
    right = {key: deepcopy(value) for key, value in dict2.items() if key not in dict1}
    for key in set(dict1) & set(dict2):
        one, other = dict1[key], dict2[key]
        if isinstance(one, dict) and isinstance(other, dict):
            inner = recursive_diff(one, other)
            if inner is not None:
                left[key], right[key] = inner
        elif one != other:
            left[key], right[key] = one, other
    return (left, right) if left or right else None


def camel_dict_to_snake_dict(camel_dict, reversible=False, ignore_list=()):
    return {_to_snake(key, reversible): value if key in ignore_list else _each(value, lambda item: camel_dict_to_snake_dict(item, reversible)) for key, value in camel_dict.items()}


def snake_dict_to_camel_dict(snake_dict, capitalize_first=False):
    return {_to_camel(key, capitalize_first): _each(value, lambda item: snake_dict_to_camel_dict(item, capitalize_first)) for key, value in snake_dict.items()}


def _each(value, convert):
    if isinstance(value, list):
        return [_each(item, convert) for item in value]
    return convert(value) if isinstance(value, dict) else value


def _to_snake(name, reversible):
    if reversible:
        spelt = re.sub('[A-Z]', lambda letter: '_' + letter.group().lower(), name)
        return spelt[1:] if spelt.startswith('_') and not name.startswith('_') else spelt
    plural = re.sub(r'[A-Z]{3,}s$', lambda letters: '_' + letters.group().lower(), name)
    return re.sub('([a-z0-9])([A-Z])', r'\1_\2', re.sub('(.)([A-Z][a-z]+)', r'\1_\2', plural)).lower().lstrip('_')


def _to_camel(name, capitalize_first):
    first, *rest = name.split('_')
    return (first.capitalize() if capitalize_first else first) + ''.join(word.capitalize() or '_' for word in rest)
