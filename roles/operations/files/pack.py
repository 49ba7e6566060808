"""Packs the databases of a site that Zope opens itself: zopeU run pack.py DAYS"""
from __future__ import print_function

import sys

days = float(sys.argv[4])
for name, database in sorted(app._p_jar.db().databases.items()):  # noqa: F821, the database, from zconsole
    if name != "temporary":
        before = database.getSize()
        database.pack(days=days)
        print("packed %s from %d to %d bytes" % (name, before, database.getSize()))
