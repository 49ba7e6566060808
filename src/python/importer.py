"""Gives modules of Python from texts, so that none has to lie in a file."""
import importlib.abc
import importlib.machinery


class Texts(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, texts):
        self.texts = texts

    def find_spec(self, name, path=None, target=None):
        if name not in self.texts:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=any(each.startswith(name + '.') for each in self.texts))

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__name__
        exec(compile(self.texts[name], '<%s>' % name, 'exec'), module.__dict__)
