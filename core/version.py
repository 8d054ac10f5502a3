"""The version of the program."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The version of Saliscope; that of a source tree that is not installed is 0."""
    try:
        return version("saliscope")
    except PackageNotFoundError:
        return "0"
