"""PyInstaller's hook for TensorFlow: the modules that its own imports lead to, and no others.

The hook that comes with PyInstaller takes every module and data file of the package. TensorFlow's imports
are plain statements, which the analysis follows, and lazy loaders, whose names are read from its sources
here; what is left out is named in packaging/README.md.
"""

import importlib.util
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from PyInstaller.utils.hooks import copy_metadata

# Its second argument is the module's dictionary.
LAZY = re.compile(r"""LazyLoader\(\s*["'][\w.]+["'],\s*globals\(\),\s*["'](tensorflow[\w.]+)["']""")


def _distribution() -> str:
    for name in ("tensorflow", "tensorflow-cpu"):
        try:
            distribution(name)
        except PackageNotFoundError:
            continue
        return name
    raise SystemExit("TensorFlow is not installed.")


def _lazy_modules() -> set[str]:
    """The modules that TensorFlow's sources name in a call of its `LazyLoader`."""
    (folder,) = importlib.util.find_spec("tensorflow").submodule_search_locations
    sources = (path.read_text(encoding="utf-8") for path in Path(folder, "python").rglob("*.py"))
    return {name for text in sources for name in LAZY.findall(text)}


hiddenimports = ["ml_dtypes", *sorted(_lazy_modules())]
datas = copy_metadata(_distribution())
# Looked up by TensorFlow when it starts, to see whether it can rewrite functions; it warns without them.
module_collection_mode = {"tensorflow.python.autograph": "py+pyz"}
