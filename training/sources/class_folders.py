"""Pictures in one folder for each class, with or without folders of parts: `[train|val|test/]CLASS/*`."""

import hashlib
import re
from pathlib import Path
from typing import ClassVar, final

from core.errors import UsageError
from training.datasets import PARTS, DataSet, LabelledImage, require_sound
from training.sources.files import content_sha256, pictures_below
from training.sources.protocol import Reading


@final
class ClassFolders:
    """The form of many public data sets. Persons are known only if the names of the files hold them."""

    name: ClassVar[str] = "class_folders"
    title: ClassVar[str] = "one folder for each class, with or without folders train, val and test above them"

    def claims(self, path: Path) -> bool:
        return path.is_dir()

    def read(self, path: Path, reading: Reading) -> DataSet:
        """One labelled image for each picture. Raises InputError, or UsageError for an invalid pattern."""
        pattern = _compiled(reading.group_pattern)
        has_parts = all((path / part).is_dir() for part in PARTS)
        roots = {part: path / part for part in PARTS} if has_parts else {"": path}
        problems: list[str] = []
        records = []
        for part, root in roots.items():
            for folder in sorted(place for place in root.iterdir() if place.is_dir()):
                for file in pictures_below(folder):
                    id_ = _id(file, path)
                    match = pattern.search(file.name) if pattern else None
                    if pattern and match is None:
                        problems.append(f"the name of {file.name} does not hold the group pattern")
                    # One number in two classes may be two persons; in one part they cannot leak.
                    group = match.group(1) if match else id_
                    records.append(
                        LabelledImage(id_, file, folder.name, part if reading.parts else "", group)
                    )
        require_sound(records, "The folder", has_parts and reading.parts, problems)
        digest = content_sha256(path, [record.path for record in records])
        return DataSet(tuple(records), "group in the file's name" if pattern else "", digest)


def _id(file: Path, root: Path) -> str:
    """The file's name and a hash of its path: folders may be named after persons."""
    path = file.relative_to(root).as_posix().encode("utf-8", "surrogateescape")
    return f"{file.name} {hashlib.sha256(path).hexdigest()[:8]}"


def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or None for an empty one. Raises UsageError."""
    if not pattern:
        return None
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UsageError(
            f"{pattern!r} is not a regular expression: {error}.", "Write, say, (person\\d+)."
        ) from None
    if compiled.groups < 1:
        raise UsageError(f"{pattern!r} has no parentheses around the group.", "Write, say, (person\\d+).")
    return compiled
