"""Runs a module on the host it is for: its text, what it imports and its arguments come as packed JSON; it prints its own answer."""
import base64
import json
import os
import sys
import traceback
import types
import zlib

given = json.loads(zlib.decompress(base64.b64decode(sys.stdin.buffer.read())).decode('utf-8'))
# What it starts must not wait for input.
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
sys.stdin = open(os.devnull)
sys.meta_path.insert(0, Texts(given['texts']))  # noqa: F821
from ansible.module_utils import basic  # noqa: E402
basic.GIVEN.update(given['args'])


def fail(msg):
    print('\n' + json.dumps({'failed': True, 'msg': msg, 'exception': traceback.format_exc()}))
    sys.exit(1)


main = types.ModuleType('__main__')
main.__package__ = given['name'].rpartition('.')[0]
main.__file__ = given['file']
sys.modules['__main__'] = main
sys.argv = [given['file']]
try:
    exec(compile(given['module'], given['file'], 'exec'), main.__dict__)
except ImportError as error:
    name = error.name or ''
    fail('%s wants %s, which plonerun has no stand-in for' % (given['file'], name) if name.startswith('ansible') else '%s: %s' % (given['file'], error))
except Exception as error:
    fail('%s ended with %s: %s' % (given['file'], type(error).__name__, error))
