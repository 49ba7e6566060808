"""
A module's arguments, checked and converted by its argument_spec. What each field of that means, and what is said of a
wrong argument: https://docs.ansible.com/ansible/latest/dev_guide/developing_program_flow_modules.html#argument-spec
"""
import os
import re
from ansible.module_utils.plonerun_types import BOOLEANS_FALSE, BOOLEANS_TRUE, CONVERTERS


# Names of arguments that are passwords, most likely.
PASSWORD = re.compile('(?:^|[-_])pass(?:word|wd|phrase)?(?:$|[-_])', re.I)


class ArgumentError(Exception):
    """An argument is wrong; its text is for the person."""


class FallbackNotFound(Exception):
    """A fallback has no value to give."""


class Arguments:
    """What is gathered while arguments are read: the values that nobody may see, warnings and deprecations."""
    def __init__(self, module):
        self.module, self.secrets, self.warnings, self.deprecations = module, set(), [], []

    def read(self, spec, given, rules, path=(), defaults=True):
        """The parameters that the given arguments are, in a new dict."""
        values = dict(given)
        aliases = self._resolve_aliases(spec, values, path)
        for name, option in spec.items():
            self._note_secret(option, values.get(name))
        self._refuse_unknown(spec, values, aliases, path)
        for name, option in spec.items():
            self._note_deprecated(name, option, values, path)
        self._check_exclusive(rules, values, path)
        for name, option in spec.items():
            fallback(name, option, values)
            if defaults and values.get(name) is None and option.get('default') is not None and name not in given:
                values[name] = option['default']
        missing = [name for name, option in spec.items() if option.get('required') and name not in values]
        if missing:
            raise ArgumentError('missing required arguments: %s%s' % (', '.join(sorted(missing)), within(path)))
        for name, option in spec.items():
            if values.get(name) is not None or (name in values and option.get('required')):
                values[name] = self._convert(name, option, values[name], path)
        for name, option in spec.items():
            if values.get(name) is not None:
                values[name] = chosen(name, option, values[name], path)
        check_rules(rules, values, path)
        for name, option in spec.items():
            values.setdefault(name, option.get('default'))
        for name, option in spec.items():
            self._note_secret(option, values[name])
            self._read_inner(name, option, values, path)
        return values

    def warn_of_passwords(self, spec):
        self.warnings.extend('Module did not set no_log for %s' % name for name, option in spec.items() if option.get('no_log') is None and PASSWORD.search(name))

    def _resolve_aliases(self, spec, values, path):
        aliases = {alias: name for name, option in spec.items() for alias in option.get('aliases') or []}
        for alias, name in aliases.items():
            if alias not in values:
                continue
            if name in values:
                self.warnings.append('Both option %s and its alias %s are set.' % (path_text(path + (name,)), path_text(path + (alias,))))
            values[name] = values[alias]
            for deprecated in spec[name].get('deprecated_aliases') or []:
                if deprecated['name'] == alias:
                    self._deprecate("Alias '%s' is deprecated. See the module docs for more information" % path_text(path + (alias,)), deprecated)
        return aliases

    def _note_secret(self, option, value):
        if option.get('no_log') and value:
            self.secrets.update(texts_in(value))

    def _note_deprecated(self, name, option, values, path):
        if name in values and (option.get('removed_in_version') or option.get('removed_at_date')):
            text = "Param '%s' is deprecated. See the module docs for more information" % (path_text(without_index(path)) + '["%s"]' % name if path else name)
            self._deprecate(text, {'version': option.get('removed_in_version'), 'date': option.get('removed_at_date'), 'collection_name': option.get('removed_from_collection')})

    def _deprecate(self, msg, source):
        found = {'msg': msg, **{key: source.get(key) for key in ('version', 'date', 'collection_name')}}
        self.deprecations.append({key: value for key, value in found.items() if value is not None})

    def _refuse_unknown(self, spec, values, aliases, path):
        unknown = sorted(path_text(path + (name,)) for name in values if name not in spec and name not in aliases)
        if unknown:
            known = ', '.join(sorted(spec)) + (' (%s)' % ', '.join(sorted(aliases)) if aliases else '')
            raise ArgumentError('Unsupported parameters for (%s) module: %s. Supported parameters include: %s.' % (self.module, ', '.join(unknown), known))

    @staticmethod
    def _check_exclusive(rules, values, path):
        for names in listed(rules.get('mutually_exclusive')):
            if len(present(names, values)) > 1:
                raise ArgumentError('parameters are mutually exclusive: %s%s' % ('|'.join(names), within(path)))

    @staticmethod
    def _convert(name, option, value, path):
        kind = option.get('type') or 'str'
        found = type(value).__name__
        try:
            value = (kind if callable(kind) else CONVERTERS[kind])(value)
        except (TypeError, ValueError) as error:
            place = " found in '%s'." % path_text(without_index(path)) if path else ''
            raise ArgumentError("argument '%s' is of type %s%s and we were unable to convert to %s: %s" % (name, found, place, getattr(kind, '__name__', kind), error))
        elements = option.get('elements')
        return value if kind != 'list' or elements is None else [convert_element(name, elements, item, path) for item in value]

    def _read_inner(self, name, option, values, path):
        spec = option.get('options')
        if spec is None:
            return
        if values.get(name) is None and option.get('apply_defaults'):
            values[name] = {}
        inner = values.get(name)
        if option.get('type') == 'dict' and inner is not None:
            values[name] = self.read(spec, inner, option, path + (name,))
        elif isinstance(inner, list):
            values[name] = [self.read(spec, item, option, path + ('%s[%d]' % (name, index),)) for index, item in enumerate(inner)]


def fallback(name, option, values):
    """Sets what is not given to what its fallback gives."""
    if values.get(name) is not None or not option.get('fallback'):
        return
    strategy, *rest = option['fallback']
    args = [each for item in rest if not isinstance(item, dict) for each in (item if isinstance(item, (list, tuple)) else [item])]
    kwargs = {key: value for item in rest if isinstance(item, dict) for key, value in item.items()}
    try:
        values[name] = strategy(*args, **kwargs)
    except FallbackNotFound:
        pass


def env_fallback(*names, **_options):
    for name in names:
        if name in os.environ:
            return os.environ[name]
    raise FallbackNotFound


def convert_element(name, kind, value, path):
    try:
        return (kind if callable(kind) else CONVERTERS[kind])(value)
    except (TypeError, ValueError) as error:
        raise ArgumentError("Elements value for option '%s'%s is of type %s and we were unable to convert to %s: %s" % (name, within(path), type(value).__name__, kind, error))


def chosen(name, option, value, path):
    """The value, which has to be one of the choices: YAML makes a boolean of on and off, for which the one choice that means it is taken."""
    choices = option.get('choices')
    if choices is None or value in ([] if isinstance(value, list) else choices):
        return value
    known = ', '.join(str(choice) for choice in choices)
    if isinstance(value, list):
        wrong = [str(item) for item in value if item not in choices]
        if wrong:
            raise ArgumentError('value of %s must be one or more of: %s. Got no match for: %s%s' % (name, known, ', '.join(wrong), within(path)))
        return value
    meant = {'True': BOOLEANS_TRUE, 'False': BOOLEANS_FALSE}.get(str(value), frozenset()) & frozenset(choices)
    if len(meant) != 1:
        raise ArgumentError('value of %s must be one of: %s, got: %s%s' % (name, known, value, within(path)))
    return next(iter(meant))


def check_rules(rules, values, path):
    for names in listed(rules.get('required_together')):
        if 0 < len(present(names, values)) < len(names):
            raise ArgumentError('parameters are required together: %s%s' % (', '.join(names), within(path)))
    for names in listed(rules.get('required_one_of')):
        if not present(names, values):
            raise ArgumentError('one of the following is required: %s%s' % (', '.join(names), within(path)))
    for key, wanted, names, *any_of in rules.get('required_if') or []:
        missing = [name for name in names if values.get(name) is None]
        enough = any_of and any_of[0] and len(missing) < len(names)
        if key in values and values[key] == wanted and missing and not enough:
            which = 'any' if any_of and any_of[0] else 'all'
            raise ArgumentError('%s is %s but %s of the following are missing: %s%s' % (key, wanted, which, ', '.join(missing), within(path)))
    for name, needed in (rules.get('required_by') or {}).items():
        missing = [each for each in ([needed] if isinstance(needed, str) else needed) if values.get(each) is None]
        if values.get(name) is not None and missing:
            raise ArgumentError("missing parameter(s) required by '%s': %s%s" % (name, ', '.join(missing), within(path)))


def listed(names):
    """A list of lists of names, where one of them alone may stand without its own."""
    names = names or []
    return [names] if names and isinstance(names[0], str) else names


def present(names, values):
    return [name for name in names if values.get(name) is not None]


def path_text(path):
    return '.'.join(path)


def within(path):
    return ' found in %s' % ' -> '.join(without_index(path)) if path else ''


def without_index(path):
    return [part.split('[')[0] for part in path]


def texts_in(value):
    """The texts that a value holds, at any depth."""
    if isinstance(value, dict):
        return {text for item in value.values() for text in texts_in(item)}
    if isinstance(value, (list, tuple, set)):
        return {text for item in value for text in texts_in(item)}
    return set() if value is None or isinstance(value, bool) or value == '' else {str(value)}
