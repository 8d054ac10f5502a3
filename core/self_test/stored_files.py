"""The small DICOM files of the self-test, one for each transfer syntax, with the hash of their pixels."""

import hashlib
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from core.arrays import Array
from core.errors import Unreadable
from core.models.bundle import RESOURCES
from core.values import FrozenRecord

FOLDER = RESOURCES / "self_test" / "decoding"
LIST_NAME = "files.json"
ADVICE = "Install the program again."
# A slice of a head with its geometry: it is also predicted, explained and exported.
IMAGE_NAME = "explicit_little_endian.dcm"
# Supported as far as the decoders go; nothing that is permitted here writes such files.
WITHOUT_ENCODER = {
    "1.2.840.10008.1.2.4.52": "retired",
    "1.2.840.10008.1.2.4.53": "retired",
    "1.2.840.10008.1.2.4.54": "retired",
    "1.2.840.10008.1.2.4.56": "retired",
    "1.2.840.10008.1.2.4.58": "retired",
    "1.2.840.10008.1.2.4.92": "JPEG 2000 Part 2",
    "1.2.840.10008.1.2.4.93": "JPEG 2000 Part 2",
}


class StoredFile(FrozenRecord):
    """A file, its transfer syntax by identifier and name, and the hash of the values that it decodes to."""

    file: str
    syntax: str
    title: str
    values_sha256: str

    @property
    def path(self) -> Path:
        """Of the file."""
        return FOLDER / self.file


StoredFiles = TypeAdapter(tuple[StoredFile, ...])


def stored_files() -> tuple[StoredFile, ...]:
    """All of them, in the order of their list. Raises Unreadable where the list is missing or damaged."""
    try:
        files = StoredFiles.validate_json((FOLDER / LIST_NAME).read_bytes())
    except (OSError, ValidationError) as error:
        raise Unreadable("The list of the self-test's files is damaged.", ADVICE) from error
    if not files:
        raise Unreadable("The list of the self-test's files is empty.", ADVICE)
    return files


def values_hash(values: Array) -> str:
    """The SHA-256 of an array of any shape, from its shape and its values as float32 in little endian."""
    digest = hashlib.sha256(repr(tuple(map(int, values.shape))).encode("ascii"))
    digest.update(np.ascontiguousarray(values, dtype="<f4").tobytes())
    return digest.hexdigest()
