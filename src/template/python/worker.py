"""Runs the person's own plugins for plonerun: a JSON text in, a JSON text out, a line each."""
import collections.abc
import importlib
import importlib.abc
import importlib.machinery
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


# What plugins import of Ansible, for where it is not installed; a lookup's base class is always this one, since Ansible's needs its own loader.
def text(value, *_args, **_kwargs):
    return value.decode('utf-8', 'surrogateescape') if isinstance(value, bytes) else str(value)


def octets(value, *_args, **_kwargs):
    return value if isinstance(value, bytes) else str(value).encode('utf-8', 'surrogateescape')


def boolean(value, strict=True):
    word = value.strip().lower() if isinstance(value, str) else value
    if word in ('y', 'yes', 'on', '1', 'true', 't', 1, True):
        return True
    if word in ('n', 'no', 'off', '0', 'false', 'f', 0, False) or not strict:
        return False
    raise TypeError('%r is no boolean' % (value,))


class AnsibleError(Exception):
    def __init__(self, message='', *_args, **_kwargs):
        super().__init__(message)
        self.message = message


def errors(name):
    if not name.startswith('Ansible'):
        raise AttributeError(name)
    return type(name, (AnsibleError,), {})


class Display:
    def __getattr__(self, name):
        return lambda *_args, **_kwargs: None


class Loader:
    def __init__(self, folder):
        self.folder = folder

    def get_basedir(self):
        return self.folder

    def path_dwim(self, path):
        return os.path.normpath(os.path.join(self.folder, os.path.expanduser(path)))

    def path_dwim_relative(self, path, kind, name, is_role=False):
        places = [os.path.join(path, kind, name), os.path.join(path, name), self.path_dwim(os.path.join(kind, name)), self.path_dwim(name)]
        return next((place for place in places if os.path.exists(place)), places[-1])

    def path_dwim_relative_stack(self, paths, kind, name, is_role=False):
        return next((place for path in [*paths, self.folder] for place in (os.path.join(path, kind, name), os.path.join(path, name)) if os.path.exists(place)), None)

    def path_exists(self, path):
        return os.path.exists(self.path_dwim(path))

    def is_file(self, path):
        return os.path.isfile(self.path_dwim(path))

    def get_real_file(self, path, decrypt=True):
        return self.path_dwim(path)


class LookupBase:
    def __init__(self, loader=None, templar=None, **_kwargs):
        self._loader, self._templar, self._options, self._display = loader, templar, {}, Display()

    def set_options(self, task_keys=None, var_options=None, direct=None):
        self._options = dict(direct or {})

    def has_option(self, name):
        return name in self._options or name in self._documented()

    def get_option(self, name, hostvars=None):
        if name in self._options:
            return self._options[name]
        documented = self._documented()
        if name not in documented:
            raise KeyError('there is no option %s' % name)
        option = documented[name]
        return next((os.environ[each['name']] for each in option.get('env') or [] if each['name'] in os.environ), option.get('default'))

    def get_options(self, hostvars=None):
        return {name: self.get_option(name) for name in {**self._documented(), **self._options}}

    def _documented(self):
        written = getattr(sys.modules[type(self).__module__], 'DOCUMENTATION', '')
        if not written:
            return {}
        import yaml
        return yaml.safe_load(written).get('options') or {}

    def get_basedir(self, variables):
        return variables.get('role_path') or self._loader.get_basedir()

    def find_file_in_search_path(self, variables, kind, name, ignore_missing=False):
        found = name if os.path.isabs(name) and os.path.exists(name) else self._loader.path_dwim_relative_stack(variables.get('ansible_search_path') or [], kind, name)
        if found is None and not ignore_missing:
            raise AnsibleError('there is no file %s' % name)
        return found

    @staticmethod
    def _flatten(terms):
        return [item for term in terms for item in (term if isinstance(term, (list, tuple)) else [term])]


def abstract():
    return {name: getattr(collections.abc, name) for name in collections.abc.__all__}


def is_sequence(value, include_strings=False):
    return include_strings if isinstance(value, (str, bytes)) else isinstance(value, collections.abc.Sequence)


def is_iterable(value, include_strings=False):
    return include_strings if isinstance(value, (str, bytes)) else isinstance(value, Iterable)

TEXTS = {'to_text': text, 'to_native': text, 'to_str': text, 'to_unicode': text, 'to_bytes': octets}
SIX = {'string_types': (str,), 'text_type': str, 'binary_type': bytes, 'integer_types': (int,), 'PY2': False, 'PY3': True,
       'iteritems': lambda mapping: iter(mapping.items()), 'iterkeys': lambda mapping: iter(mapping.keys()), 'itervalues': lambda mapping: iter(mapping.values())}
LOOKUP = {'LookupBase': LookupBase, 'display': Display()}
STAND_INS = {
    'ansible': {}, 'ansible.plugins': {}, 'ansible.utils': {}, 'ansible.module_utils': {}, 'ansible.module_utils.common': {}, 'ansible.module_utils.common.text': {}, 'ansible.module_utils.parsing': {},
    'ansible.errors': {'AnsibleError': AnsibleError, '__getattr__': errors},
    'ansible.plugins.lookup': LOOKUP,
    'ansible.utils.display': {'Display': Display},
    'ansible.utils.unsafe_proxy': {'wrap_var': lambda value: value},
    'ansible.module_utils._text': TEXTS,
    'ansible.module_utils.common.text.converters': TEXTS,
    'ansible.module_utils.parsing.convert_bool': {'boolean': boolean},
    'ansible.module_utils.six': SIX,
    'ansible.module_utils.common._collections_compat': abstract(),
    'ansible.module_utils.common.collections': {**abstract(), 'is_sequence': is_sequence, 'is_iterable': is_iterable},
}


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name in STAND_INS else None

    def exec_module(self, module):
        module.__dict__.update(STAND_INS[module.__name__])


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
        plugin = module_of(file).LookupModule(loader=Loader(folder), templar=None)
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
sys.meta_path.append(StandIn())
sys.modules['ansible.plugins.lookup'] = types.ModuleType('ansible.plugins.lookup')
sys.modules['ansible.plugins.lookup'].__dict__.update(LOOKUP)


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
