"""What a module does with files: owner, group and mode, replacing one in a step, digests."""
import grp
import hashlib
import os
import pwd
import re
import shutil
import stat
import tempfile
import time
from ansible.module_utils.plonerun_texts import to_text

FILE_COMMON_ARGUMENTS = {
    'mode': {'type': 'raw'}, 'owner': {'type': 'str'}, 'group': {'type': 'str'}, 'seuser': {'type': 'str'}, 'serole': {'type': 'str'}, 'selevel': {'type': 'str'},
    'setype': {'type': 'str'}, 'attributes': {'type': 'str', 'aliases': ['attr']}, 'unsafe_writes': {'type': 'bool', 'default': False},
}

BITS = {'r': 4, 'w': 2, 'x': 1}
SHIFTS = {'u': 6, 'g': 3, 'o': 0}


def symbolic_mode(status, words):
    """The mode that words such as `u=rw,g-w,a+X` make of what a file has."""
    mode = stat.S_IMODE(status.st_mode)
    for word in words.split(','):
        found = re.match(r'^([ugoa]*)([-+=])([rwxXstugo]*)$', word)
        if found is None:
            raise ValueError('bad symbolic permission for mode: %s' % words)
        who, how, what = found.groups()
        for user in 'ugo' if who in ('', 'a') else who.replace('a', 'ugo'):
            shift = SHIFTS[user]
            runs = stat.S_ISDIR(status.st_mode) or stat.S_IMODE(status.st_mode) & 0o111
            bits = sum(BITS[each] << shift for each in set(what) & set(BITS))
            bits |= (1 << shift if 'X' in what and runs else 0) | ({'u': 0o4000, 'g': 0o2000}.get(user, 0) if 's' in what else 0) | (0o1000 if 't' in what else 0)
            bits |= sum((mode >> SHIFTS[each] & 7) << shift for each in set(what) & set(SHIFTS))
            special = {'u': 0o4000, 'g': 0o2000}.get(user, 0)
            kept = mode & ~(7 << shift | special) if how == '=' else mode
            mode = kept & ~bits if how == '-' else kept | bits
    return mode


class Files:
    """The part of AnsibleModule that files are the matter of."""
    def load_file_common_arguments(self, params, path=None):
        path = path or params.get('path') or params.get('dest')
        if path is None:
            return {}
        return {'path': os.path.expanduser(os.path.expandvars(path)), **{name: params.get(name) for name in ('mode', 'owner', 'group', 'attributes')}, 'secontext': [None] * 3}

    def set_fs_attributes_if_different(self, file_args, changed, diff=None, expand=True):
        changed = self.set_owner_if_different(file_args['path'], file_args.get('owner'), changed, diff, expand)
        changed = self.set_group_if_different(file_args['path'], file_args.get('group'), changed, diff, expand)
        return self.set_mode_if_different(file_args['path'], file_args.get('mode'), changed, diff, expand)

    set_file_attributes_if_different = set_directory_attributes_if_different = set_fs_attributes_if_different

    def set_mode_if_different(self, path, mode, changed, diff=None, expand=True):
        status = self._status(path)
        if mode is None or status is None or stat.S_ISLNK(status.st_mode):
            return changed
        try:
            wanted = mode if isinstance(mode, int) else int(mode, 8) if re.match('^[0-7]+$', mode) else symbolic_mode(status, mode)
        except ValueError as error:
            self.fail_json(path=path, msg='mode must be in octal or symbolic form', details=str(error))
        if stat.S_IMODE(status.st_mode) == wanted:
            return changed
        self._differ(diff, 'mode', '0%03o' % stat.S_IMODE(status.st_mode), '0%03o' % wanted)
        return self._act(path, 'chmod failed', lambda: os.chmod(path, wanted))

    def set_owner_if_different(self, path, owner, changed, diff=None, expand=True):
        return self._own(path, owner, changed, diff, 'owner', lambda name: pwd.getpwnam(name).pw_uid, 'st_uid', lambda number: os.lchown(path, number, -1))

    def set_group_if_different(self, path, group, changed, diff=None, expand=True):
        return self._own(path, group, changed, diff, 'group', lambda name: grp.getgrnam(name).gr_gid, 'st_gid', lambda number: os.lchown(path, -1, number))

    def set_context_if_different(self, path, context, changed, diff=None):
        return changed

    def set_attributes_if_different(self, path, attributes, changed, diff=None, expand=True):
        return changed

    def user_and_group(self, path, expand=True):
        status = os.lstat(path)
        return status.st_uid, status.st_gid

    def is_special_selinux_path(self, path):
        return False, None

    def selinux_enabled(self):
        return False

    def add_path_info(self, result):
        status = self._status(to_text(result.get('path', result.get('dest')) or ''))
        if status is not None:
            kinds = {stat.S_ISLNK: 'link', stat.S_ISDIR: 'directory'}
            result.update(uid=status.st_uid, gid=status.st_gid, mode='0%03o' % stat.S_IMODE(status.st_mode), size=status.st_size,
                          owner=name_of(pwd.getpwuid, status.st_uid), group=name_of(grp.getgrgid, status.st_gid), state=next((kind for test, kind in kinds.items() if test(status.st_mode)), 'hard' if status.st_nlink > 1 else 'file'))
        return result

    def backup_local(self, path):
        if not os.path.exists(path):
            return ''
        kept = '%s.%s.%s' % (path, os.getpid(), time.strftime('%Y-%m-%d@%H:%M:%S~'))
        self.preserved_copy(path, kept)
        return kept

    def preserved_copy(self, source, destination):
        shutil.copy2(source, destination)
        status = os.stat(source)
        try:
            os.chown(destination, status.st_uid, status.st_gid)
        except PermissionError:
            pass

    def cleanup(self, path):
        try:
            os.remove(path)
        except FileNotFoundError:
            pass
        except OSError as error:
            self.warn('could not remove %s: %s' % (path, error))

    def atomic_move(self, source, destination, unsafe_writes=False, keep_dest_attrs=True):
        """Puts a file in the place of another in one step; what is there gives it its owner and mode."""
        status = self._status(os.path.realpath(destination))
        target = os.path.realpath(destination)
        try:
            if status is not None and keep_dest_attrs:
                os.chmod(source, stat.S_IMODE(status.st_mode))
                os.chown(source, status.st_uid, status.st_gid)
            elif status is None:
                mask = os.umask(0)
                os.umask(mask)
                os.chmod(source, 0o666 & ~mask)
            if os.stat(source).st_dev != os.stat(os.path.dirname(target) or '.').st_dev:
                handle, beside = tempfile.mkstemp(prefix='.ansible_tmp', dir=os.path.dirname(target) or '.')
                os.close(handle)
                self.preserved_copy(source, beside)
                os.remove(source)
                source = beside
            os.rename(source, target)
        except OSError as error:
            self.fail_json(msg='Unable to make %s into to %s, failed final rename from %s: %s' % (source, destination, source, error))

    def digest_from_file(self, path, algorithm):
        if not os.path.exists(path):
            return None
        if os.path.isdir(path):
            self.fail_json(msg='attempted to take checksum of directory: %s' % path)
        digest = hashlib.new(algorithm)
        with open(path, 'rb') as file:
            for block in iter(lambda: file.read(1 << 16), b''):
                digest.update(block)
        return digest.hexdigest()

    def md5(self, path):
        return self.digest_from_file(path, 'md5')

    def sha1(self, path):
        return self.digest_from_file(path, 'sha1')

    def sha256(self, path):
        return self.digest_from_file(path, 'sha256')

    def is_executable(self, path):
        return is_executable(path)

    def _own(self, path, name, changed, diff, what, number_of, field, act):
        status = self._status(path)
        if name is None or status is None:
            return changed
        try:
            number = int(name) if str(name).isdigit() else number_of(name)
        except KeyError:
            self.fail_json(path=path, msg='ch%s failed: failed to look up %s %s' % ('own' if what == 'owner' else 'grp', 'user' if what == 'owner' else 'group', name))
        if getattr(status, field) == number:
            return changed
        self._differ(diff, what, getattr(status, field), number)
        return self._act(path, 'ch%s failed' % ('own' if what == 'owner' else 'grp'), lambda: act(number))

    def _act(self, path, failure, act):
        if not self.check_mode:
            try:
                act()
            except OSError as error:
                self.fail_json(path=path, msg=failure, details=str(error))
        return True

    @staticmethod
    def _differ(diff, what, before, after):
        if diff is not None:
            diff.setdefault('before', {})[what] = before
            diff.setdefault('after', {})[what] = after

    @staticmethod
    def _status(path):
        try:
            return os.lstat(path)
        except OSError:
            return None


def is_executable(path):
    return bool(os.stat(path).st_mode & 0o111)


def name_of(entry, number):
    try:
        return entry(number)[0]
    except KeyError:
        return str(number)
