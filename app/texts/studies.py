"""Texts of the panel Studies: patients, studies, series, and what is told of them."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from core.images.slice import Identity
from core.number_text import counted
from core.readers.protocol import SeriesEntry

STUDIES = "Studies"
OPENED = "Opened"
SAMPLES = "Samples"
EMPTY = "Drop images here"
NO_MATCH = "Nothing matches the filter"
FILTER = "Filter series"
CLOSE_ALL = "Close all studies"
CLOSE = {
    "series": "Close series",
    "sequences": "Close these sequences",
    "folder": "Close folder",
    "study": "Close study",
    "patient": "Close patient",
}
ROLE = "Sequence"
# Those that a person can choose; a file may name others.
ROLES = ("T1", "T1 post contrast", "T2", "FLAIR")
NO_ROLE = "Unknown"
NO_TITLE = "Series"
UNKNOWN_STUDY = "Study"
VALUE_BYTES = 4


def case_title(name: str, title: str) -> str:
    """The name first, because many files share a title; the title if it is not part of the name."""
    return f"{name}, {title}" if title and title.casefold() not in name.casefold() else name


def title_of(entry: SeriesEntry) -> str:
    """What a series is called without naming a person: by its header, or by its file where that is silent."""
    if entry.modality and entry.keys.study:
        return entry.title or NO_TITLE
    return case_title(entry.path.name, entry.title)


def extent(entry: SeriesEntry) -> str:
    """How many slices and volumes a series has; empty for a single image."""
    if entry.frames == 1:
        return ""
    slices = counted(entry.slices, "slice")
    return f"{counted(entry.volumes, 'volume')} of {slices}" if entry.volumes > 1 else slices


def series_label(title: str, entry: SeriesEntry | None, role: str) -> str:
    """Two lines: the title, and below it the sequence and the extent; one line where neither is known."""
    facts = [part for part in (role, extent(entry) if entry is not None else "") if part]
    return "\n".join([title, ", ".join(facts)]) if facts else title


def series_details(title: str, entry: SeriesEntry | None, role: str) -> str:
    """All that is known of a series, one fact a line."""
    if entry is None:
        return title
    size = f"{entry.columns} x {entry.rows} pixels"
    lines = [title, role, ", ".join(part for part in (extent(entry), size) if part)]
    if entry.has_planes or entry.frames_at_once > 1:
        lines.append(memory_of_volume(entry))
    return "\n".join(line for line in (*lines, entry.no_volume, *entry.notes) if line)


def memory_of_volume(entry: SeriesEntry) -> str:
    """How much memory the values of one volume take while they are kept."""
    slices, rows, columns = entry.volume_shape
    return f"{megabytes(slices * rows * columns * VALUE_BYTES)} of memory for each volume that is read."


def kept_volumes(kept_bytes: int) -> str:
    """What is still in memory after a series was closed; empty if nothing is."""
    return f"Opened volumes: {megabytes(kept_bytes)} in memory" if kept_bytes else ""


def megabytes(count: int) -> str:
    """A number of bytes, such as '48 MB'; at least 1 MB."""
    return f"{max(1, round(count / 1e6)):,} MB"


def patient(number: int, identity: Identity | None) -> str:
    """`Patient 1`, or the name, number and date of birth where they are to be shown."""
    if identity is None:
        return f"Patient {number}"
    born = f"born {identity.birth_date}" if identity.birth_date else ""
    parts = [part for part in (readable_name(identity.patient_name), identity.patient_id, born) if part]
    return ", ".join(parts) or f"Patient {number}"


def study(number: int, titles: Iterable[str], identity: Identity | None) -> str:
    """`Study 1: MR brain`: its number and the words that the titles of its series begin with."""
    words = common_words(list(titles))
    label = f"{UNKNOWN_STUDY} {number}: {words}" if words else f"{UNKNOWN_STUDY} {number}"
    if identity is None:
        return label
    return ", ".join(part for part in (label, identity.study_date, identity.accession) if part)


def sequences(roles: Sequence[str]) -> str:
    """The heading of co-registered sequences: their names."""
    return f"Registered: {', '.join(roles)}"


def folder(name: str) -> str:
    return name


def readable_name(name: str) -> str:
    """A DICOM person name without its separators."""
    return " ".join(part for part in name.replace("=", " ").replace("^", " ").split() if part)


def common_words(titles: list[str]) -> str:
    """The words with which all titles begin; of a single title the first two."""
    if not titles:
        return ""
    if len(set(titles)) == 1:
        return " ".join(titles[0].split()[:2]).rstrip(",")
    words = zip(*(title.split() for title in titles), strict=False)
    common = takewhile(lambda words_at: len(set(words_at)) == 1, words)
    return " ".join(words_at[0] for words_at in common).rstrip(",")


def listing(done: int, total: int) -> str:
    """What is going on while a folder is listed."""
    return f"Listing files: {done:,} of {total:,}" if total else "Listing files"
