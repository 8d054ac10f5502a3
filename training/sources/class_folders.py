"""Pictures in a folder a class, with or without a folder a part above: `[train|val|test/]CLASS/*`."""

import hashlib
import re
from pathlib import Path
from typing import ClassVar, final

from core.errors import UsageError
from training.datasets import PARTS, DataSet, Record, require_sound
from training.sources.files import content_sha256, pictures_below
from training.sources.protocol import Reading


@final
class ClassFolders:
    """The form of many public sets. It says of no picture whose it is, unless its name does."""

    name: ClassVar[str] = "class_folders"
    title: ClassVar[str] = "a folder a class, with or without folders train, val and test above them"

    def claims(self, path: Path) -> bool:
        return path.is_dir()

    def read(self, path: Path, reading: Reading) -> DataSet:
        """One record a picture. Raises InputError, or UsageError for a bad pattern."""
        pattern = _compiled(reading.group_pattern)
        given = all((path / part).is_dir() for part in PARTS)
        roots = {part: path / part for part in PARTS} if given else {"": path}
        problems: list[str] = []
        records = []
        for part, root in roots.items():
            for folder in sorted(place for place in root.iterdir() if place.is_dir()):
                for file in pictures_below(folder):
                    id_ = _id(file, path)
                    found = pattern.search(file.name) if pattern else None
                    if pattern and found is None:
                        problems.append(f"the name of {file.name} does not hold the group pattern")
                    # One number in two classes may be two persons; kept together they cannot leak.
                    group = found.group(1) if found else id_
                    records.append(Record(id_, file, folder.name, part if reading.parts else "", group))
        require_sound(records, "The folder", given and reading.parts, problems)
        digest = content_sha256(path, [record.path for record in records])
        return DataSet(tuple(records), "group in the file's name" if pattern else "", digest)


def _id(file: Path, root: Path) -> str:
    """The file's name and a hash of its place: the folders on the way may be named after people."""
    place = file.relative_to(root).as_posix().encode("utf-8", "surrogateescape")
    return f"{file.name} {hashlib.sha256(place).hexdigest()[:8]}"


def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or None for an empty one. Raises UsageError."""
    if not pattern:
        return None
    try:
        made = re.compile(pattern)
    except re.error as error:
        raise UsageError(
            f"{pattern!r} is no regular expression: {error}.", "Write, say, (person\\d+)."
        ) from None
    if made.groups < 1:
        raise UsageError(f"{pattern!r} has no brackets round the group.", "Write, say, (person\\d+).")
    return made
