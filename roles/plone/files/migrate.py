"""Brings about what a site definition says of the site's content, all in one process.

zopeU run migrate.py SETTINGS.json|- [-n] [-c] [-r]
  -n  only say what would change; scripts of the site are not run
  -c  make the site when there is none, and nothing else
  -r  throw the site away and make it anew

Prints a line `changed: ...` for each thing that was not yet as it shall be.
"""
from __future__ import print_function

import hashlib
import json
import sys
import time
import traceback

import transaction
from AccessControl.SecurityManagement import newSecurityManager
from plone.registry.interfaces import IRegistry
from ZODB.POSException import ConflictError
from zope.annotation.interfaces import IAnnotations
from zope.component import queryUtility
from zope.component.hooks import setSite

ATTEMPTS = 20
PROFILES_RUN = "plonestack.profiles"
SCRIPTS_RUN = "plonestack.scripts"


class Migration(object):

    def __init__(self, app, settings, foretell):
        self.app = app
        self.settings = settings
        self.foretell = foretell
        self.changes = []

    def changed(self, what):
        self.changes.append(what)

    def run(self, only_create=False, replace=False):
        settings = self.settings
        site_id = str(settings["site_id"])
        self.administrator()
        if replace and site_id in self.app.objectIds():
            self.app.manage_delObjects([site_id])
            self.changed("site %s thrown away" % site_id)
        made = site_id not in self.app.objectIds()
        if made:
            self.create(site_id)
        self.portal = self.app[site_id]
        setSite(self.portal)
        if only_create:
            return
        for step, arguments in self.steps(made):
            try:
                step(*arguments)
            except ConflictError:
                raise
            except Exception as error:
                traceback.print_exc()
                sys.exit("%s %s: %s: %s" % (step.__name__, arguments[0], type(error).__name__, error))

    def steps(self, made):
        """What is to be brought about, in its order."""
        settings = self.settings
        yield self.upgrade, (str(settings["plone"]),)
        if made:
            for name in settings["products_initial"]:
                yield self.product, (str(name),)
            for name in settings["profiles_initial"]:
                yield self.profile, (str(name),)
        for script in settings["pre_extras"]:
            yield self.script, (str(script["name"]), native(script["text"]))
        for name in settings["products"]:
            yield self.product, (str(name),)
        for name in settings["profiles"]:
            yield self.profile, (str(name),)
        for name, value in sorted(settings["properties"].items()):
            yield self.property, (str(name), value)
        for path, value in settings["mutators"].items():
            yield self.mutator, (str(path), value)
        for script in settings["post_extras"]:
            yield self.script, (str(script["name"]), native(script["text"]))

    def administrator(self):
        """The account exists; its password is set only when it is made, because people change it."""
        users = self.app.acl_users
        name = str(self.settings["admin_user"])
        if users.getUser(name) is None:
            users._doAddUser(name, native(self.settings["admin_password"]), ["Manager"], [])
            self.changed("administrator %s" % name)
        newSecurityManager(None, users.getUser(name).__of__(users))

    def create(self, site_id):
        from Products.CMFPlone.factory import addPloneSite
        settings = self.settings
        given = dict(title=native(settings["title"]), default_language=native(settings["language"]))
        if "portal_timezone" in addPloneSite.__code__.co_varnames:
            given.update(portal_timezone=native(settings["tz"]))
        try:
            import plone.distribution  # noqa: F401
            given.update(distribution_name=settings["distribution"])
        except ImportError:
            given.update(extension_ids=themes() + ("plone.app.caching:default",))
        site = addPloneSite(self.app, site_id, setup_content=True, **given)
        # The content that comes with a distribution brings a title of its own.
        site.title = native(settings["title"])
        self.changed("site %s" % site_id)

    def upgrade(self, plone):
        """The content follows a newer Plone, as @@plone-upgrade does."""
        tool = self.portal.portal_migration
        if not tool.needUpgrading():
            return
        before = tool.getInstanceVersion()
        log = tool.upgrade(swallow_errors=False)
        if tool.needUpgrading():
            raise ValueError("the content stays at version %s:\n%s" % (tool.getInstanceVersion(), log))
        self.changed("content of Plone: version %s -> %s" % (before, tool.getInstanceVersion()))

    def product(self, name):
        installer = installer_of(self.portal, self.app.REQUEST)
        if installer.is_product_installed(name):
            return
        if not installer.install_product(name, allow_hidden=True):
            errors = "; ".join(map(str, getattr(installer, "errors", [])))
            raise ValueError("product %s cannot be installed: %s" % (name, errors or "there is no such product"))
        self.changed("product %s" % name)

    def profile(self, name):
        """Runs a profile unless it has been run with these packages; its own version may be 'unknown' for ever."""
        if self.first_time(PROFILES_RUN, name, self.settings["packages"]):
            self.portal.portal_setup.runAllImportStepsFromProfile("profile-%s" % name)
            self.changed("profile %s" % name)

    def script(self, name, text):
        """Runs a script of the site unless the same one has been run with these packages. It sees the database as `app` and the site as `portal`."""
        digest = hashlib.sha1(text if isinstance(text, bytes) else text.encode("utf-8")).hexdigest()
        if not self.first_time(SCRIPTS_RUN, name, "%s %s" % (digest, self.settings["packages"])):
            return
        if not self.foretell:
            exec(compile(text, name, "exec"), {"app": self.app, "portal": self.portal, "__file__": name, "__name__": "__main__"})
        self.changed("script %s" % name)

    def first_time(self, key, name, version):
        """Whether something has not been run in this version; notes that it has."""
        notes = IAnnotations(self.portal)
        run = dict(notes.get(key, {}))
        if run.get(name) == version:
            return False
        run[name] = version
        notes[key] = run
        return True

    def property(self, name, value):
        registry = queryUtility(IRegistry, context=self.portal)
        if registry is not None and name in registry.records:
            record = registry.records[name]
            wanted = as_field(record.field, value)
            if record.value != wanted:
                self.changed("record %s: %r -> %r" % (name, record.value, wanted))
                record.value = wanted
            return
        value = native(value)
        wanted = tuple(value) if isinstance(value, list) else value
        if not self.portal.hasProperty(name):
            self.portal.manage_addProperty(name, wanted, property_type(value))
            self.changed("property %s: %r" % (name, wanted))
        elif self.portal.getProperty(name) != wanted:
            self.changed("property %s: %r -> %r" % (name, self.portal.getProperty(name), wanted))
            self.portal.manage_changeProperties(**{name: wanted})

    def mutator(self, path, value):
        """Calls a setter of the portal or, with a dotted path, of what lies below it; a mapping becomes keyword arguments."""
        value = native(value)
        parts = path.split(".")
        target = self.portal
        for part in parts[:-1]:
            target = getattr(target, part)
        setter = getattr(target, parts[-1])
        if isinstance(value, dict):
            setter(**value)
            self.changed("%s(%s)" % (path, ", ".join("%s=%r" % item for item in sorted(value.items()))))
            return
        before = current(target, parts[-1])
        if before == [value] or (isinstance(value, list) and before == [tuple(value)]):
            return
        setter(value)
        self.changed("%s(%r)" % (path, value) if not before else "%s: %r -> %r" % (path, before[0], value))


class QuickInstaller(object):
    """What Plone before 5.1 installs products with, in the words of its successor."""

    def __init__(self, tool):
        self.is_product_installed = tool.isProductInstalled
        self.tool = tool

    def install_product(self, name, allow_hidden):
        if name not in self.tool.objectIds() and not self.tool.isProductInstallable(name):
            return False
        self.tool.installProduct(name, hidden=allow_hidden)
        return self.tool.isProductInstalled(name)


def installer_of(portal, request):
    try:
        from plone.base.utils import get_installer
    except ImportError:
        try:
            from Products.CMFPlone.utils import get_installer
        except ImportError:
            return QuickInstaller(portal.portal_quickinstaller)
    return get_installer(portal, request)


def themes():
    """The theme that Plone's own form chooses, before sites were made by distributions."""
    try:
        import plonetheme.barceloneta  # noqa: F401
        return ("plonetheme.barceloneta:default",)
    except ImportError:
        return ("plonetheme.classic:default", "plonetheme.sunburst:default")


def native(value):
    """A value of JSON with its texts as this Python's str; Python 2 gets them in UTF-8, as Plone keeps them there."""
    if isinstance(value, dict):
        return dict((native(key), native(each)) for key, each in value.items())
    if isinstance(value, list):
        return [native(each) for each in value]
    return value.encode("utf-8") if str is bytes and isinstance(value, type(u"")) else value


def current(target, setter):
    """What a setter set, in a list; an empty one when nothing tells."""
    if setter.startswith("set"):
        bare = setter[3:]
        for name in ("get" + bare, "is" + bare, bare, bare[:1].lower() + bare[1:]):
            found = getattr(target, name, None)
            if found is not None:
                return [found() if callable(found) else found]
    return []


def as_field(field, value):
    """A value of JSON as the type that a registry field wants."""
    kind = getattr(field, "_type", None)
    for wanted in kind if isinstance(kind, tuple) else (kind,):
        if wanted in (tuple, set, frozenset) and isinstance(value, list):
            return wanted(value)
        if wanted is bytes and isinstance(value, type(u"")):
            return value.encode("utf-8")
        if wanted is str and not isinstance(value, str):
            return str(value)
    return value


def property_type(value):
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "float"
    return "lines" if isinstance(value, list) else "string"


def migrate(app, settings, options):
    for attempt in range(1, ATTEMPTS + 1):
        migration = Migration(app, settings, foretell="-n" in options)
        try:
            migration.run(only_create="-c" in options, replace="-r" in options)
            if "-n" in options:
                transaction.abort()
            else:
                transaction.get().note(native(u"migrate"))
                transaction.commit()
            return migration.changes
        except ConflictError:
            transaction.abort()
            if attempt == ATTEMPTS:
                raise
            time.sleep(0.1 * attempt)


def read_settings(path):
    if path == "-":
        return json.load(sys.stdin)
    with open(path) as file:
        return json.load(file)


arguments = sys.argv[4:]
settings = read_settings(arguments[0])
changes = migrate(app, settings, arguments[1:])  # noqa: F821, the database, from zconsole
for change in changes:
    print("changed: %s" % change)
if not changes:
    print("unchanged")
