"""ZIP archives: unpacked under numbers into a private folder, which is then listed like any other.

The names in an archive may be those of patients, so none is written; a name is also never taken as a path.
"""

import lzma
import shutil
import stat
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

from core.errors import DiskFull, Refused, Unreadable
from core.number_text import fixed
from core.output import shown_name
from core.readers import other_formats
from core.readers.archive_folder import archive_folder
from core.readers.files import DEFLATE_RATIO
from core.readers.nifti_roles import sequence_in

MOST_FILES = 20_000
MOST_BYTES = 8 * 10**9
# Of a single file.
MOST_RATIO = DEFLATE_RATIO
_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_BLOCK_BYTES = 2**22
_ENCRYPTED = 0x1
_HINT = "Unpack it and open its contents."
# The number of the file, and of all.
UnpackCallback = Callable[[int, int], None]


def is_archive(path: Path, head: bytes) -> bool:
    """Whether a file is a ZIP archive that may hold images, and not a document that is stored as one."""
    if not head.startswith(_SIGNATURES):
        return False
    return path.name.lower().endswith(".zip") or other_formats.kind_of(path, head) == other_formats.ARCHIVE


def unpacked(path: Path, suffixes: tuple[str, ...], progress: UnpackCallback) -> Path:
    """The folder with the files of a ZIP archive, unpacked unless an earlier call has done it.

    suffixes: endings of names that are kept. Folders and files are numbered in the order of their names;
    files of one name with different endings, and the sequences of one case, have the same number.

    Raises Unreadable for a damaged or encrypted archive, Refused beyond a limit, DiskFull.
    """
    state = path.stat()
    name = sha256(f"{path}\0{state.st_mtime_ns}\0{state.st_size}".encode("utf-8", "replace")).hexdigest()[:16]
    folder = archive_folder() / name
    if folder.is_dir():
        return folder
    unfinished = folder.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        with _opened(path) as archive, _large_files_allowed():
            members = _members(path, archive)
            _require_space(path, members)
            _unpack(path, archive, _targets(members, suffixes), unfinished, progress)
        unfinished.rename(folder)
    except (zipfile.BadZipFile, NotImplementedError):
        raise _damaged(path) from None
    except OSError as error:
        raise DiskFull(
            f"{shown_name(path.name)} cannot be unpacked: {error.strerror or 'the disk is full'}.",
            "Make room in the folder for temporary files, or unpack the archive yourself.",
        ) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # a place before the start of the file
        raise _damaged(path) from None


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive in the order of their names, hidden ones left out."""
    files = [member for member in archive.infolist() if _is_visible_file(member)]
    name = shown_name(path.name)
    if any(member.flag_bits & _ENCRYPTED for member in files):
        raise Unreadable(f"{name} is encrypted.", _HINT)
    if len(files) > MOST_FILES:
        raise Refused(
            f"{name} holds {len(files):,} files, more than the supported {MOST_FILES:,}.",
            "If it is genuine, unpack it and open its contents.",
        )
    total = sum(member.file_size for member in files)
    if total > MOST_BYTES:
        raise Refused(
            f"{name} would take {fixed(total / 1e9, 1)} GB unpacked, more than the supported"
            f" {MOST_BYTES // 10**9} GB.",
            "If it is genuine, unpack it and open its contents.",
        )
    if any(member.file_size > MOST_RATIO * max(member.compress_size, 1) for member in files):
        raise Refused(f"{name} holds a file that is packed more tightly than images can be.", _HINT)
    return sorted(files, key=_parts)


def _is_visible_file(member: zipfile.ZipInfo) -> bool:
    mode = member.external_attr >> 16
    is_regular = stat.S_IFMT(mode) in (0, stat.S_IFREG)  # no link, which could lead anywhere
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in _parts(member))
    return is_regular and not is_hidden and not member.is_dir()


def _parts(member: zipfile.ZipInfo) -> tuple[str, ...]:
    """The folders and the name of a file, without those that lead upward."""
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    return tuple(part for part in parts if part not in ("/", ".", ".."))


def _targets(
    members: list[zipfile.ZipInfo], suffixes: tuple[str, ...]
) -> Iterator[tuple[zipfile.ZipInfo, Path]]:
    """Where each file is written, relative to the folder of the archive."""
    folders: dict[tuple[str, ...], int] = {}
    numbers: dict[tuple[int, str], int] = {}
    used: set[Path] = set()
    endings = sorted({*suffixes, *other_formats.endings()}, key=len, reverse=True)
    for member in members:
        *parents, name = _parts(member) or ("",)
        folder = folders.setdefault(tuple(parents), len(folders) + 1)
        ending = next((each for each in endings if name.lower().endswith(each)), "")
        stem, sequence = sequence_in(name[: len(name) - len(ending)])
        # A name of nothing but a sequence belongs to the case of its folder.
        number = numbers.setdefault((folder, stem), len(numbers) + 1) if stem or not sequence else 0
        target = _target(folder, number, sequence, ending)
        if target in used:  # names that differ in a separator or in capitals only
            numbers[folder, name] = number = len(numbers) + 1
            target = _target(folder, number, sequence, ending)
        used.add(target)
        yield member, target


def _target(folder: int, number: int, sequence: str, ending: str) -> Path:
    words = [f"{number:05}"] if number else []
    return Path(f"{folder:04}", "_".join([*words, *filter(None, [sequence])]) + ending)


def _unpack(
    path: Path,
    archive: zipfile.ZipFile,
    targets: Iterator[tuple[zipfile.ZipInfo, Path]],
    folder: Path,
    progress: UnpackCallback,
) -> None:
    folder.mkdir()
    pairs = list(targets)
    for number, (member, target) in enumerate(pairs):
        (folder / target).parent.mkdir(exist_ok=True)
        with archive.open(member) as source, (folder / target).open("wb") as written:
            while block := _block(path, source):
                progress(number, len(pairs))
                written.write(block)


def _block(path: Path, source: IO[bytes]) -> bytes:
    """The next bytes of a packed file, never more than the archive states. Raises Unreadable."""
    try:
        return source.read(_BLOCK_BYTES)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError):
        raise _damaged(path) from None


def _require_space(path: Path, members: list[zipfile.ZipInfo]) -> None:
    needed = sum(member.file_size for member in members)
    if needed > shutil.disk_usage(archive_folder()).free:
        raise DiskFull(
            f"{shown_name(path.name)} would take {needed / 1e6:,.0f} MB unpacked, more than the disk for"
            " temporary files has left.",
            "Make room, or unpack the archive yourself on another disk.",
        )


def _damaged(path: Path) -> Unreadable:
    return Unreadable(
        f"{shown_name(path.name)} cannot be unpacked: it is damaged or packed in an unusual way.",
        "Copy it again, or unpack it and open its contents.",
    )


@contextmanager
def _large_files_allowed() -> Iterator[None]:
    """In the reader process files are small, but for those of archives."""
    if sys.platform == "win32":  # has no such limit
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
