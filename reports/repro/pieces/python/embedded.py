import importlib.abc
import importlib.util
import linecache
import os
import sys
import tempfile


class Embedded(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules whose sources this file contains."""

    def __init__(self, sources):
        self._sources = sources

    def find_spec(self, name, path=None, target=None):
        if name not in self._sources:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=name == "conformance_driver")

    def exec_module(self, module):
        name, source = module.__name__, self._sources[module.__name__]
        module.__file__ = f"<{name}>"
        linecache.cache[module.__file__] = (len(source), None, source.splitlines(True), module.__file__)
        exec(compile(source, module.__file__, "exec"), module.__dict__)


def prepare_process(sources, variables):
    """Sets up the process as the harness does: fixed hash seed, environment variables, a temporary home folder, and imports."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    os.environ.update(variables)
    os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    os.environ["HOME"] = tempfile.mkdtemp(prefix="repro-")
    sys.meta_path.insert(0, Embedded(sources))
