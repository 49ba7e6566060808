"""Versions that compare part by part, numbers as numbers."""
import functools
import re


@functools.total_ordering
class LooseVersion:
    def __init__(self, vstring=None):
        if vstring is not None:
            self.parse(vstring)

    def parse(self, vstring):
        self.vstring = vstring
        self.version = [int(part) if part.isdigit() else part for part in re.findall(r'\d+|[a-z]+', vstring)]

    def __str__(self):
        return self.vstring

    def __repr__(self):
        return "%s ('%s')" % (type(self).__name__, self)

    def __eq__(self, other):
        return self.version == self._other(other).version

    def __lt__(self, other):
        return self.version < self._other(other).version

    def _other(self, other):
        return other if isinstance(other, LooseVersion) else type(self)(other)


StrictVersion = LooseVersion
