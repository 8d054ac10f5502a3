"""Workspaces as files: a ZIP archive of `workspace.json` and `arrays/NAME.npy`, without pickle.

A file may come from anywhere: what it claims of itself is checked before memory is taken for it, and any
bytes lead to a workspace or to one sentence.
"""

import json
import os
import struct
import zipfile
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from pydantic import ValidationError
from pydantic_core import to_json

from core.arrays import Array
from core.errors import InputError, Refused, Truncated, Unreadable, Unsupported
from core.output import remove_abandoned_parts, shown_name, written
from core.readers.other_formats import WORKSPACE_SUFFIX
from core.workspace.consistency import ArrayRule, array_rules, contradiction, wrong_values
from core.workspace.document import WorkspaceDocument
from core.workspace.workspace import Workspace

SUFFIX = WORKSPACE_SUFFIX
DOCUMENT, ARRAYS, ARRAY_SUFFIX = "workspace.json", "arrays/", ".npy"
SCHEMA_NAME, SCHEMA_REVISION = "saliscope/workspace/", 1
MOST_MEMBERS = 10_000
MOST_BYTES, MOST_DOCUMENT_BYTES = 2 * 2**30, 64 * 2**20
# So much of the archive's list of members that no more than MOST_MEMBERS are read from it.
MOST_DIRECTORY_BYTES = 256 * MOST_MEMBERS
# What an archive of MOST_MEMBERS takes besides their contents: headers, and what cannot be compressed.
ARCHIVE_BYTES = 2**24
HINT = "Open an earlier copy of it."
_END = struct.Struct("<4s4H2LH")
_SIGNATURES, _END_SIGNATURE = (b"PK\x03\x04", b"PK\x05\x06"), b"PK\x05\x06"
_ENCRYPTED = 0x1
_MOST_HEADER_BYTES = 1000
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    RuntimeError,  # NotImplementedError among them
    ValueError,
)


def write_workspace(path: Path, workspace: Workspace) -> None:
    """Write a workspace; the earlier file stays until the new one is whole.

    Raises DiskFull, InputError (Refused) for a workspace that is larger than one may be, and ValueError if
    document and arrays do not belong together, as no reader would take them.
    """
    _require_whole(workspace)
    content = to_json(workspace.document.model_dump(by_alias=True), indent=1, inf_nan_mode="constants")
    arrays_bytes = sum(values.nbytes for values in workspace.arrays.values())
    if (
        len(workspace.arrays) >= MOST_MEMBERS  # the document is one as well
        or len(content) > MOST_DOCUMENT_BYTES
        or len(content) + arrays_bytes > MOST_BYTES - ARCHIVE_BYTES
    ):
        raise _too_large(shown_name(path.name))
    remove_abandoned_parts(path)
    with (
        written(path, is_durable=True) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        archive.writestr(DOCUMENT, content)
        for name, values in workspace.arrays.items():
            with archive.open(f"{ARRAYS}{name}{ARRAY_SUFFIX}", "w") as entry:
                np.lib.format.write_array(entry, np.ascontiguousarray(values), (1, 0), allow_pickle=False)


def read_workspace(path: Path) -> Workspace:
    """The workspace in a file.

    Raises InputError: Unreadable for a file that cannot be read, is no workspace or contradicts itself,
    Truncated without its end, Unsupported from a newer version, Refused beyond a limit.
    """
    name = shown_name(path.name)
    if not os.path.isfile(path):  # reading from a pipe might never end
        raise Unreadable(f"{name} cannot be read: there is no such file.", "Look for it in another folder.")
    try:
        with path.open("rb") as file:
            _require_archive(file, name)
            with zipfile.ZipFile(file) as archive:
                return _read(archive, name)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise Unreadable(f"{name} cannot be read: {reason}.", "Copy it to another folder.") from None
    except _DAMAGES:
        raise _damaged(name, "its archive is damaged") from None


def _require_whole(workspace: Workspace) -> None:
    document = workspace.document
    if clause := contradiction(document):
        raise ValueError(clause)
    rules = array_rules(document)
    if rules.keys() != workspace.arrays.keys():
        raise ValueError(f"arrays {sorted(rules.keys() ^ workspace.arrays.keys())} are not in both")
    for name, rule in rules.items():
        values = workspace.arrays[name]
        if not rule.allows(values.dtype, values.shape):
            raise ValueError(f"{name} is {values.dtype} of {values.shape}, not {rule}")
        if clause := wrong_values(values):
            raise ValueError(f"{name} {clause}")


def _require_archive(file: IO[bytes], name: str) -> None:
    """Raises Unreadable, Truncated or Refused by the first and last bytes of a file."""
    if not file.read(4).startswith(_SIGNATURES):
        raise _no_workspace(name)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size))
    end = file.read()
    if len(end) < _END.size or not end.startswith(_END_SIGNATURE):
        raise Truncated(f"{name} is incomplete: its end is missing.", "Copy it again, or open an older one.")
    _, _, _, _, members, directory_bytes, _, _ = _END.unpack(end)
    if members > MOST_MEMBERS or directory_bytes > MOST_DIRECTORY_BYTES or size > MOST_BYTES:
        raise _too_large(name)


def _read(archive: zipfile.ZipFile, name: str) -> Workspace:
    members = _members(archive, name)
    if DOCUMENT not in members:
        raise _no_workspace(name)
    with archive.open(members.pop(DOCUMENT)) as entry:
        document = _document(entry.read(), name)
    if clause := contradiction(document):
        raise _damaged(name, clause)
    rules = array_rules(document)
    if missing := sorted(rules.keys() - members.keys()):
        raise _damaged(name, f"the array {missing[0]} is missing")
    if members.keys() - rules.keys():
        raise _damaged(name, "it holds an array that nothing uses")
    arrays = {}
    for array_name, rule in rules.items():
        with archive.open(members[array_name]) as entry:
            values = _array(entry, members[array_name].file_size, rule)
        if values is None:
            raise _damaged(name, f"the array {array_name} is not of the size and type that it should have")
        if clause := wrong_values(values):
            raise _damaged(name, f"the array {array_name} {clause}")
        arrays[array_name] = values
    return Workspace(document, arrays)


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The document and the arrays by their names. Raises Unreadable or Refused."""
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        if member.flag_bits & _ENCRYPTED:
            raise Unreadable(f"{name} is encrypted.", HINT)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(f"{name} is compressed in a way that workspaces never are.", HINT)
        is_array = member.filename.startswith(ARRAYS) and member.filename.endswith(ARRAY_SUFFIX)
        key = member.filename.removeprefix(ARRAYS).removesuffix(ARRAY_SUFFIX) if is_array else DOCUMENT
        if not is_array and member.filename != DOCUMENT:
            raise _damaged(name, "it holds files that are not part of a workspace")
        if key in members:
            raise _damaged(name, "it holds two files of one name")
        members[key] = member
    if sum(member.file_size for member in members.values()) > MOST_BYTES:
        raise _too_large(name)
    if DOCUMENT in members and members[DOCUMENT].file_size > MOST_DOCUMENT_BYTES:
        raise _too_large(name)
    return members


def _document(content: bytes, name: str) -> WorkspaceDocument:
    """Raises Unsupported for a newer revision, Unreadable for anything else that is no workspace."""
    try:
        return WorkspaceDocument.model_validate_json(content)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        if problem["type"] == "json_invalid":
            raise _damaged(name, "its document is not JSON") from None
        revision = _revision_in(content)
        if revision is None:
            raise _no_workspace(name) from None
        if revision > SCHEMA_REVISION:
            raise Unsupported(
                f"{name} was saved by a newer version of Saliscope (workspace {revision}; this version reads "
                f"up to {SCHEMA_REVISION}).",
                "Update Saliscope.",
            ) from None
        place = ".".join(str(part) for part in problem["loc"][:6])[:80]
        clause = f"in its document {place or 'a field'} is wrong ({problem['msg'].lower()})"
        raise _damaged(name, clause) from None


def _revision_in(content: bytes) -> int | None:
    """The revision that a document of valid JSON claims; None if it is no workspace's."""
    document = json.loads(content)
    schema = document.get("schema") if isinstance(document, dict) else None
    number = schema.removeprefix(SCHEMA_NAME) if isinstance(schema, str) else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 6 else None


def _array(entry: IO[bytes], size: int, rule: ArrayRule) -> Array | None:
    """The array in an entry of so many bytes; None if it is not what the rule asks for."""
    if np.lib.format.read_magic(entry) != (1, 0):
        return None
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(entry, _MOST_HEADER_BYTES)
    if is_fortran or not rule.allows(dtype, shape) or size - entry.tell() != prod(shape) * dtype.itemsize:
        return None
    # To its end, so that the archive's checksum is compared.
    return np.frombuffer(entry.read(), dtype).reshape(shape)


def _no_workspace(name: str) -> InputError:
    """For content that is none. A file that is called like a workspace is taken for a damaged one."""
    if name.lower().endswith(SUFFIX):
        return _damaged(name, "its content is not that of a workspace")
    return Unreadable(f"{name} is not a workspace.", f"Open a file that ends with {SUFFIX}.")


def _damaged(name: str, clause: str) -> InputError:
    return Unreadable(f"{name} is damaged: {clause}.", HINT)


def _too_large(name: str) -> InputError:
    return Refused(f"{name} is larger than a workspace may be.", "Save fewer cases in one workspace.")
