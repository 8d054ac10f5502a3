"""The forms in which labelled images are read. To add one: its file, its line in SOURCES, its test."""

from pathlib import Path

from core.errors import Unreadable, UsageError, nearest_hint
from training.sources.class_folders import ClassFolders
from training.sources.covid19_radiography import Covid19Radiography
from training.sources.figshare_brain_tumour import FigshareBrainTumour
from training.sources.index import IndexSource
from training.sources.protocol import DataSource

# The surest signature first.
SOURCES: tuple[DataSource, ...] = (FigshareBrainTumour(), Covid19Radiography(), ClassFolders(), IndexSource())


def source(path: Path, name: str = "") -> DataSource:
    """The source of this name, or the first that claims `path`. Raises UsageError or Unreadable."""
    if name:
        by_name = {each.name: each for each in SOURCES}
        if name not in by_name:
            raise UsageError(f"There is no format {name!r}.", nearest_hint(name, by_name))
        return by_name[name]
    claiming = next((each for each in SOURCES if each.claims(path)), None)
    if claiming is None:
        raise Unreadable(f"There is no file or folder {path.name}.", "Name an index file or a folder.")
    return claiming
