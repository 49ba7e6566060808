"""What zconsole is from Zope 4 on, for those before it: zconsole.py run ZOPE.CONF SCRIPT [ARGS...] | zconsole.py debug ZOPE.CONF

The script sees the database as `app`, and in sys.argv what zconsole would give it.
"""
import code
import sys

import Zope2
from Testing.makerequest import makerequest

verb, configuration = sys.argv[1:3]
arguments = list(sys.argv)
# Zope reads the command line of its own.
del sys.argv[1:]
Zope2.configure(configuration)
app = makerequest(Zope2.app())
sys.argv[:] = arguments
if verb == "run":
    script = arguments[3]
    # Its Python may be too old for `with`.
    exec(compile(open(script).read(), script, "exec"), {"app": app, "__file__": script, "__name__": "__main__"})
else:
    code.interact("The database is open as app.", local={"app": app})
