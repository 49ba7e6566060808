"""The base of a lookup, and how it finds files."""
import os
import sys


class Silence:
    def __getattr__(self, name):
        return lambda *_args, **_kwargs: None


display = Silence()


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
        self._loader, self._templar, self._options, self._display = loader, templar, {}, display

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
            from ansible.errors import AnsibleError
            raise AnsibleError('there is no file %s' % name)
        return found

    @staticmethod
    def _flatten(terms):
        return [item for term in terms for item in (term if isinstance(term, (list, tuple)) else [term])]
