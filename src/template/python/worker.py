"""Runs the person's own plugins for plonerun: a JSON text in, a JSON text out, a line each."""
import importlib
import importlib.util
import json
import os
import signal
import sys
import types
from collections.abc import Iterable, Mapping


# Values are JSON; a dict is {"d": [[key, value]...]}, a tuple {"t": [...]}, a float {"f": text}, an int beyond JSON's {"i": text},
# what is to be left out {"o": true}.
class Omit:
    pass

OMIT = Omit()


def encode(value):
    if value is OMIT:
        return {'o': True}
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value) if abs(value) < 2 ** 53 else {'i': str(value)}
    if isinstance(value, float):
        return {'f': repr(value)}
    if isinstance(value, bytes):
        return value.decode('utf-8', 'surrogateescape')
    if isinstance(value, Mapping):
        return {'d': [[encode(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return {'t': [encode(item) for item in value]}
    if isinstance(value, Iterable):
        return [encode(item) for item in value]
    raise TypeError('a value of type %s cannot leave the plugin' % type(value).__name__)


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    (kind, content), = value.items()
    if kind == 'd':
        return {decode(key): decode(item) for key, item in content}
    if kind == 'o':
        return OMIT
    if kind == 't':
        return tuple(decode(item) for item in content)
    return float(content) if kind == 'f' else int(content)


class Variables(Mapping):
    '''The variables of the task: each is asked for when the plugin wants it.'''
    def __init__(self):
        self.known = {}

    def _ask(self, name):
        if name not in self.known:
            self.known[name] = ask({'variable': name})
        return self.known[name]

    def __getitem__(self, name):
        found = self._ask(name)
        if not found:
            raise KeyError(name)
        return decode(found[0])

    def __contains__(self, name):
        return bool(self._ask(name))

    def __iter__(self):
        return iter(ask({'variables': True}))

    def __len__(self):
        return len(list(iter(self)))

modules = {}


def module_of(file):
    if file not in modules:
        root, mark, inner = file.rpartition('/ansible_collections/')
        if mark and root not in sys.path:
            sys.path.insert(0, root)
        if mark:
            modules[file] = importlib.import_module('ansible_collections.' + inner[:-len('.py')].replace('/', '.'))
        else:
            spec = importlib.util.spec_from_file_location('plugins_%d' % len(modules), file)
            module = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = module
            spec.loader.exec_module(module)
            modules[file] = module
    return modules[file]


def functions_of(kind, file):
    made = getattr(module_of(file), {'filter': 'FilterModule', 'test': 'TestModule'}[kind], None)
    return {} if made is None else (made().filters() if kind == 'filter' else made().tests())


def names(kind, file):
    if kind == 'lookup':
        return [os.path.basename(file)[:-len('.py')]] if hasattr(module_of(file), 'LookupModule') else []
    return list(functions_of(kind, file))


def call(kind, file, name, args, kwargs, folder):
    args, kwargs = [decode(each) for each in args], decode(kwargs)
    if kind == 'lookup':
        os.chdir(folder)
        plugin = module_of(file).LookupModule(loader=lookup.Loader(folder), templar=None)
        return encode(plugin.run(args[0], variables=Variables(), **kwargs))
    function = functions_of(kind, file)[name]
    if getattr(function, 'jinja_pass_arg', None) is not None:
        raise TypeError('it wants a part of Jinja2 (%s), which is not there' % function.jinja_pass_arg)
    answer = function(*args, **kwargs)
    return bool(answer) if kind == 'test' else encode(answer)


def explain(error):
    return str(error) if type(error).__name__.startswith('Ansible') and str(error) else '%s: %s' % (type(error).__name__, error)

# What a plugin prints must not get among the answers.
requests, answers = os.fdopen(0, 'r', encoding='utf-8', errors='surrogateescape'), os.fdopen(os.dup(1), 'w', encoding='utf-8', errors='surrogateescape')
os.dup2(2, 1)
# Where Ansible is installed all comes from there, but for the base of lookups: Ansible's needs its own loader.
texts = json.loads(next(requests))
lookup = sys.modules['ansible.plugins.lookup'] = types.ModuleType('ansible.plugins.lookup')
exec(texts['ansible.plugins.lookup'], lookup.__dict__)
sys.meta_path.append(Texts(texts))  # noqa: F821


def tell(answer):
    answers.write(json.dumps(answer) + '\n')
    answers.flush()


def ask(question):
    tell(question)
    return json.loads(next(requests))

# Between calls the person's ^C is for plonerun, which may still have things to put in order; during a call nothing else could end it.
signal.signal(signal.SIGINT, signal.SIG_IGN)
for line in requests:
    request = json.loads(line)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        tell({'value': names(**request['names']) if 'names' in request else call(**request['call'])})
    except (Exception, KeyboardInterrupt) as error:
        tell({'error': explain(error)})
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
