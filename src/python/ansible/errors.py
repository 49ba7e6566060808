"""What plugins raise: any name that begins with Ansible is an error."""


class AnsibleError(Exception):
    def __init__(self, message='', *_args, **_kwargs):
        super().__init__(message)
        self.message = message


def __getattr__(name):
    if not name.startswith('Ansible'):
        raise AttributeError(name)
    return type(name, (AnsibleError,), {})
