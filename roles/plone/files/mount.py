"""Moves objects into databases of their own: zopeU run mount.py NAME=PATH...

The database NAME is to be mounted at PATH (zope.conf says so). What it held before under that name is thrown away.
"""
from __future__ import print_function

import sys
import tempfile

import transaction
from Acquisition import aq_base
from OFS.Application import Application
from Products.ZODBMountPoint.MountedObject import MountedObject, setMountPoint
from zope.component.hooks import setSite


def move(app, name, path):
    parent_path, _, id = path.rpartition("/")
    parent = app.unrestrictedTraverse(parent_path) if parent_path else app
    found = parent._getOb(id)
    if isinstance(aq_base(found), MountedObject):
        sys.exit("%s is mounted, but its database cannot be opened: %s" % (path, found.mount_error_()))
    if found._p_jar is not parent._p_jar:
        return False
    other = app._p_jar.get_connection(name)
    root = other.root()
    if "Application" not in root:
        root["Application"] = Application()
        transaction.savepoint()
    holder = root["Application"]
    if holder.hasObject(id):
        holder._delOb(id)
    with tempfile.TemporaryFile() as file:
        found._p_jar.exportFile(found._p_oid, file)
        file.seek(0)
        moved = other.importFile(file)
    holder._setOb(id, moved)
    transaction.savepoint()
    mounted = MountedObject(path)
    parent._delOb(id)
    parent._setOb(id, mounted)
    setMountPoint(parent, id, mounted)
    register(app, aq_base(found), parent, id)
    return True


def register(app, before, parent, id):
    """The site's utilities name the object that is used now, and not the one of before."""
    for site in app.objectValues("Plone Site"):
        setSite(site)
        manager = site.getSiteManager()
        for utility in list(manager.registeredUtilities()):
            if aq_base(utility.component) is before:
                manager.registerUtility(parent._getOb(id), utility.provided, utility.name)


for argument in sys.argv[4:]:
    name, _, path = argument.partition("=")
    if move(app, name, path):  # noqa: F821, the database, from zconsole
        transaction.get().note(u"mount" if str is not bytes else "mount")
        transaction.commit()
        print("changed: %s is in the database %s" % (path, name))
