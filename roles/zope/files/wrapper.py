"""Runs a console script of the site's packages with the database open: zopeU run wrapper.py NAME [ARGS...]

Its module sees the database as `app`; a function that wants an argument gets it, too.
"""
import importlib
import sys


def entry_point(name):
    """Module and function of a console script."""
    try:
        from importlib.metadata import entry_points
    except ImportError:
        import pkg_resources
        for found in pkg_resources.iter_entry_points("console_scripts", name):
            return found.module_name, ".".join(found.attrs)
    else:
        points = entry_points()
        scripts = points.select(group="console_scripts") if hasattr(points, "select") else points.get("console_scripts", ())
        for found in scripts:
            if found.name == name:
                module, _, function = found.value.partition(":")
                return module, function.split(" ")[0]
    sys.exit("no package of the site has a console script %s" % name)


sys.argv = sys.argv[4:]
module_name, function_name = entry_point(sys.argv[0])
module = importlib.import_module(module_name)
module.app = app  # noqa: F821, the database, from zconsole
function = module
for part in function_name.split("."):
    function = getattr(function, part)
wanted = function.__code__.co_argcount - len(function.__defaults__ or ())
sys.exit(function(module.app) if wanted else function())
