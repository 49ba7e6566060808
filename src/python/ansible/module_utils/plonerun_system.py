"""The system a module runs on: its programs, and what distribution it is."""
import os
import platform


def get_bin_path(arg, opt_dirs=None, required=None):
    """The path of a program, also where only an administrator has it in PATH. Raises ValueError when there is none."""
    places = [*(opt_dirs or []), *os.environ.get('PATH', '').split(os.pathsep), '/sbin', '/usr/sbin', '/usr/local/sbin']
    for place in places:
        path = os.path.join(place, arg) if place else ''
        if path and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise ValueError('Failed to find required executable "%s" in paths: %s' % (arg, ':'.join(place for place in places if place)))


def release():
    try:
        with open('/etc/os-release') as file:
            pairs = [line.strip().split('=', 1) for line in file if '=' in line]
    except OSError:
        return {}
    return {key: value.strip('"\'') for key, value in pairs}


def get_platform():
    return platform.system()


def get_distribution():
    name = release().get('ID', 'OtherLinux').capitalize()
    return {'Rhel': 'Redhat', 'Amzn': 'Amazon'}.get(name, name)


def get_distribution_version():
    return release().get('VERSION_ID', '')


def get_distribution_codename():
    return release().get('VERSION_CODENAME')


def get_platform_subclass(cls):
    """The subclass that is for this platform and distribution, or the class itself."""
    def below(each):
        return {inner for direct in each.__subclasses__() for inner in below(direct) | {direct}}
    mine = [each for each in below(cls) if getattr(each, 'platform', None) == get_platform()]
    return next((each for each in mine if getattr(each, 'distribution', None) == get_distribution()), next((each for each in mine if getattr(each, 'distribution', None) is None), cls))


def get_best_parsable_locale(module, preferences=None, raise_on_locale=False):
    code, out, _ = module.run_command(['locale', '-a'])
    found = out.split() if code == 0 else []
    return next((each for each in preferences or ['C.utf8', 'C.UTF-8', 'en_US.utf8', 'C', 'POSIX'] if each in found), 'C')
