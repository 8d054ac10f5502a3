"""PyInstaller's hook for TensorFlow: the modules that its own imports lead to, and no others.

The hook that comes with PyInstaller takes every module and data file of the package. TensorFlow's imports are
plain statements, which the analysis follows; what is left out is named in packaging/README.md.
"""

from importlib.metadata import PackageNotFoundError, distribution

from PyInstaller.utils.hooks import copy_metadata


def _distribution() -> str:
    for name in ("tensorflow", "tensorflow-cpu"):
        try:
            distribution(name)
        except PackageNotFoundError:
            continue
        return name
    raise SystemExit("TensorFlow is not installed.")


hiddenimports = ["ml_dtypes"]
datas = copy_metadata(_distribution())
# Looked up by TensorFlow when it starts, to see whether it can rewrite functions; it warns without them.
module_collection_mode = {"tensorflow.python.autograph": "py+pyz"}
