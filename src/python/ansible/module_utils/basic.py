"""AnsibleModule, for modules in Python: https://docs.ansible.com/ansible/latest/reference_appendices/module_utils.html"""
import atexit
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import syslog
import tempfile
import traceback
from collections.abc import KeysView, Mapping, MutableMapping, MutableSequence, MutableSet, Sequence, Set  # noqa: F401
from ast import literal_eval  # noqa: F401
from ansible.module_utils.plonerun_arguments import ArgumentError, Arguments, FallbackNotFound as AnsibleFallbackNotFound, env_fallback  # noqa: F401
from ansible.module_utils.plonerun_files import FILE_COMMON_ARGUMENTS, Files, is_executable  # noqa: F401
from ansible.module_utils.plonerun_system import get_bin_path, get_distribution, get_platform  # noqa: F401
from ansible.module_utils.plonerun_texts import jsonify, to_bytes, to_native, to_text
from ansible.module_utils.plonerun_types import BOOLEANS, BOOLEANS_FALSE, BOOLEANS_TRUE, boolean, bytes_to_human, human_to_bytes  # noqa: F401
from ansible.module_utils.six import PY2, PY3, b, binary_type, integer_types, iteritems, string_types, text_type  # noqa: F401

# What the module is given: set by whoever runs it.
GIVEN = {}

HIDDEN = 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER'
SEQUENCETYPE = (list, tuple, KeysView)
PASSWORDS = re.compile(r'(--?(?:pass|passwd|password)[= ])(\S+)|(://[^:/\s]*:)([^@/\s]+)(?=@)', re.I)


class AnsibleModule(Files):
    def __init__(self, argument_spec, bypass_checks=False, no_log=False, mutually_exclusive=None, required_together=None, required_one_of=None,
                 add_file_common_args=False, supports_check_mode=False, required_if=None, required_by=None):
        given = dict(GIVEN)
        own = {key[len('_ansible_'):]: given.pop(key) for key in list(given) if key.startswith('_ansible_')}
        self._name = own.get('module_name', '')
        self.check_mode, self._diff, self._verbosity = own.get('check_mode', False), own.get('diff', False), own.get('verbosity', 0)
        self.ansible_version, self.no_log, self.supports_check_mode = own.get('version'), no_log or own.get('no_log', False), supports_check_mode
        self._debug, self._tmpdir, self._remote_tmp = False, None, None
        self.run_command_environ_update = {}
        self.argument_spec = {**(FILE_COMMON_ARGUMENTS if add_file_common_args else {}), **argument_spec}
        self.mutually_exclusive, self.required_together, self.required_one_of, self.required_if, self.required_by = mutually_exclusive, required_together, required_one_of, required_if, required_by
        self.cleanup_files = []
        stand_somewhere()
        self._arguments = Arguments(self._name)
        self.params = given
        rules = {} if bypass_checks else {name: getattr(self, name) for name in ('mutually_exclusive', 'required_together', 'required_one_of', 'required_if', 'required_by')}
        try:
            self.params = self._arguments.read(self.argument_spec, given, rules)
        except ArgumentError as error:
            self.fail_json(msg=str(error))
        self._arguments.warn_of_passwords(self.argument_spec)
        if self.check_mode and not supports_check_mode:
            self.exit_json(skipped=True, msg='remote module (%s) does not support check mode' % self._name)

    @property
    def no_log_values(self):
        return self._arguments.secrets

    @property
    def tmpdir(self):
        if self._tmpdir is None:
            self._tmpdir = tempfile.mkdtemp(prefix='ansible-moduletmp-')
            atexit.register(shutil.rmtree, self._tmpdir, ignore_errors=True)
        return self._tmpdir

    def exit_json(self, **result):
        self._answer(result, 0)

    def fail_json(self, msg, exception=None, **result):
        result.update(failed=True, msg=msg)
        if exception is not None or sys.exc_info()[0] is not None:
            result.setdefault('exception', ''.join(traceback.format_exception(type(exception), exception, exception.__traceback__)) if isinstance(exception, BaseException) else exception or traceback.format_exc())
        self._answer(result, 1)

    def _answer(self, result, code):
        self.do_cleanup_files()
        self.add_path_info(result)
        result.setdefault('invocation', {'module_args': self.params})
        warnings = result.pop('warnings', [])
        result['warnings'] = self._arguments.warnings + ([warnings] if isinstance(warnings, str) else list(warnings))
        result['deprecations'] = self._arguments.deprecations + [each if isinstance(each, Mapping) else {'msg': each} for each in result.pop('deprecations', [])]
        for name in ('warnings', 'deprecations'):
            if not result[name]:
                del result[name]
        print('\n' + jsonify(remove_values(result, self.no_log_values)))
        sys.exit(code)

    def fail_on_missing_params(self, required_params=None):
        missing = [name for name in required_params or [] if not self.params.get(name)]
        if missing:
            self.fail_json(msg='missing required arguments: %s' % ', '.join(missing))

    def warn(self, warning):
        self._arguments.warnings.append(warning)

    def deprecate(self, msg, version=None, date=None, collection_name=None, **_more):
        self._arguments.deprecations.append({key: value for key, value in {'msg': msg, 'version': version, 'date': date, 'collection_name': collection_name}.items() if value is not None})

    def log(self, msg, log_args=None):
        if not self.no_log:
            syslog.openlog('ansible-%s' % self._name, 0, syslog.LOG_USER)
            syslog.syslog(syslog.LOG_INFO, remove_values(to_native(msg), self.no_log_values).replace('\0', ''))

    def debug(self, msg):
        pass

    def boolean(self, arg):
        if arg is None:
            return arg
        try:
            return boolean(arg)
        except TypeError as error:
            self.fail_json(msg=str(error))

    def jsonify(self, data):
        return jsonify(data)

    def from_json(self, data):
        return json.loads(data)

    def bytes_to_human(self, size):
        return bytes_to_human(size)

    def human_to_bytes(self, number, isbits=False):
        return human_to_bytes(number, isbits=isbits)

    def add_cleanup_file(self, path):
        self.cleanup_files.append(path)

    def do_cleanup_files(self):
        for path in self.cleanup_files:
            self.cleanup(path)

    def get_bin_path(self, arg, required=False, opt_dirs=None):
        try:
            return get_bin_path(arg, opt_dirs)
        except ValueError as error:
            if required:
                self.fail_json(msg=str(error))
            return None

    def run_command(self, args, check_rc=False, close_fds=True, executable=None, data=None, binary_data=False, path_prefix=None, cwd=None, use_unsafe_shell=False,
                    prompt_regex=None, environ_update=None, umask=None, encoding='utf-8', errors='surrogate_or_strict', expand_user_and_vars=True, pass_fds=None,
                    before_communicate_callback=None, ignore_invalid_cwd=True, handle_exceptions=True):
        """Runs a command, and gives its exit code, its output and its errors; as texts unless encoding is None."""
        if use_unsafe_shell:
            command = args if isinstance(args, (str, bytes)) else ' '.join(shlex.quote(to_native(arg)) for arg in args)
        else:
            words = shlex.split(to_native(args)) if isinstance(args, (str, bytes)) else [to_native(arg) for arg in args]
            command = [os.path.expanduser(os.path.expandvars(word)) for word in words] if expand_user_and_vars else words
        environment = {**os.environ, **self.run_command_environ_update, **(environ_update or {})}
        if path_prefix:
            environment['PATH'] = '%s:%s' % (path_prefix, environment['PATH'])
        if cwd is not None:
            cwd = os.path.abspath(os.path.expanduser(to_native(cwd)))
            if not os.path.isdir(cwd):
                if not ignore_invalid_cwd:
                    self.fail_json(msg='Provided cwd is not a valid directory: %s' % cwd)
                cwd = None
        given = None if data is None else to_bytes(data if binary_data or data.endswith('\n' if isinstance(data, str) else b'\n') else data + ('\n' if isinstance(data, str) else b'\n'))
        try:
            process = subprocess.Popen(command, executable=executable, close_fds=close_fds, cwd=cwd, env=environment, shell=use_unsafe_shell, pass_fds=pass_fds or (),
                                       stdin=subprocess.DEVNULL if given is None else subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       preexec_fn=None if umask is None else lambda: os.umask(umask))
            if before_communicate_callback:
                before_communicate_callback(process)
            out, err = process.communicate(given)
        except (OSError, ValueError) as error:
            if not handle_exceptions:
                raise
            self.fail_json(rc=getattr(error, 'errno', 257), stdout='', stderr='', msg='Error executing command.', exception=error, cmd=self._shown(command))
        code = process.returncode
        if check_rc and code != 0:
            self.fail_json(cmd=self._shown(command), rc=code, stdout=to_native(out), stderr=to_native(err), msg=to_native(err).rstrip() or 'Command failed')
        return (code, out, err) if encoding is None else (code, to_text(out, encoding, errors), to_text(err, encoding, errors))

    def _shown(self, command):
        return heuristic_log_sanitize(command if isinstance(command, str) else ' '.join(shlex.quote(word) for word in command), self.no_log_values)


def stand_somewhere():
    """Programs do not like to start in a folder that is gone or closed."""
    try:
        if os.access(os.getcwd(), os.F_OK | os.R_OK):
            return
    except OSError:
        pass
    os.chdir(next(place for place in (os.path.expanduser('~'), tempfile.gettempdir(), '/') if os.access(place, os.R_OK | os.X_OK)))


def remove_values(value, no_log_strings):
    """The value without the texts that nobody may see."""
    hidden = sorted((to_native(each) for each in no_log_strings), key=len, reverse=True)

    def clean(part):
        if isinstance(part, (str, bytes)):
            text = to_native(part)
            if text in hidden:
                return HIDDEN
            for secret in hidden:
                text = text.replace(secret, '*' * 8)
            return text
        if isinstance(part, Mapping):
            return {key: clean(item) for key, item in part.items()}
        if isinstance(part, (list, tuple, set, frozenset)):
            return [clean(item) for item in part]
        return HIDDEN if not isinstance(part, bool) and isinstance(part, (int, float)) and any(secret in str(part) for secret in hidden) else part
    return clean(value) if hidden else value


def sanitize_keys(obj, no_log_strings, ignore_keys=frozenset()):
    """The value without such texts in the keys of its dicts."""
    if isinstance(obj, Mapping):
        return {key if key in ignore_keys or not isinstance(key, str) else remove_values(key, no_log_strings): sanitize_keys(item, no_log_strings, ignore_keys) for key, item in obj.items()}
    return [sanitize_keys(item, no_log_strings, ignore_keys) for item in obj] if isinstance(obj, (list, tuple, set)) else obj


def heuristic_log_sanitize(data, no_log_values=None):
    text = PASSWORDS.sub(lambda found: (found.group(1) or found.group(3)) + '*' * 8, to_native(data))
    return remove_values(text, no_log_values) if no_log_values else text


def missing_required_lib(library, reason=None, url=None):
    more = (' This is required %s.' % reason if reason else '') + (' See %s for more info.' % url if url else '')
    return 'Failed to import the required Python library (%s) on %s\'s Python %s.%s Please read the module documentation and install it in the appropriate location.' % (library, os.uname()[1], sys.executable, more)


def get_exception():
    return sys.exc_info()[1]

