"""Kinds of collections."""
from collections.abc import *  # noqa: F401,F403
from collections.abc import Hashable, Iterable, Mapping, MutableMapping, Sequence


class ImmutableDict(Hashable, Mapping):
    def __init__(self, *args, **kwargs):
        self._store = dict(*args, **kwargs)

    def __getitem__(self, key):
        return self._store[key]

    def __iter__(self):
        return iter(self._store)

    def __len__(self):
        return len(self._store)

    def __hash__(self):
        return hash(frozenset(self.items()))

    def union(self, other):
        return ImmutableDict({**self, **other})

    def difference(self, keys):
        return ImmutableDict({key: value for key, value in self.items() if key not in keys})


def is_string(value):
    return isinstance(value, (str, bytes))


def is_iterable(value, include_strings=False):
    return include_strings if is_string(value) else isinstance(value, Iterable)


def is_sequence(value, include_strings=False):
    return include_strings if is_string(value) else isinstance(value, Sequence)


def count(values):
    return {value: list(values).count(value) for value in values}
