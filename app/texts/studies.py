"""Texts of the panel Studies: patients, studies, series, and what is told of them."""

from collections.abc import Sequence
from itertools import takewhile

from core.images.slice import Identity
from core.number_text import counted
from core.output import shown_name
from core.readers.protocol import SeriesEntry

STUDIES = "Studies"
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
    "failures": "Dismiss",
}
ROLE = "Sequence"
# Those that a person can choose; a file may name others.
ROLES = ("T1", "T1 post contrast", "T2", "FLAIR")
NO_ROLE = "Unknown"
NO_TITLE = "Series"
VALUE_BYTES = 4


def case_title(name: str, title: str) -> str:
    """The name first, because many files share a title; the title if it is not part of the name."""
    return f"{name}, {title}" if title and title.casefold() not in name.casefold() else name


def has_title(entry: SeriesEntry) -> bool:
    """Whether its header says what the series is, without naming a person; else the file's name has to do."""
    return bool(entry.modality and entry.keys.study)


def title_of(entry: SeriesEntry) -> str:
    """What a series is called, by its header or by its file."""
    if has_title(entry):
        return entry.title or NO_TITLE
    return case_title(entry.path.name, entry.title)


def sample_tip(title: str, note: str) -> str:
    """note: what a person must know of the sample's label; often nothing."""
    return "\n".join(filter(None, (title, note)))


def blind_title(title: str, place: int) -> str:
    """The title of a sample without its class, which follows the comma. place: in the list, from 1."""
    return f"{title.partition(',')[0]}, sample {place}"


def extent(entry: SeriesEntry) -> str:
    """How many slices and volumes a series has; empty for a single image."""
    if entry.frames == 1:
        return ""
    slices = counted(entry.slices, "slice")
    return f"{counted(entry.volumes, 'volume')} of {slices}" if entry.volumes > 1 else slices


def series_label(name: str, entry: SeriesEntry | None, role: str) -> str:
    """Two lines: the name, and below it the sequence and the extent; one line where neither is known."""
    facts = [part for part in (role, extent(entry) if entry is not None else "") if part]
    return "\n".join([name, ", ".join(facts)]) if facts else name


def series_names(titles: Sequence[str]) -> list[str]:
    """What tells the series of a study apart: titles without their common beginning, numbered if equal."""
    skipped = len(common_parts(titles))
    names = [", ".join(title.split(", ")[skipped:]) or title for title in titles]
    names = [name[:1].upper() + name[1:] for name in names]
    return [
        f"{name} ({names[: at + 1].count(name)})" if names.count(name) > 1 else name
        for at, name in enumerate(names)
    ]


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
    slices, rows, columns = entry.stack_shape
    return f"{megabytes(slices * rows * columns * VALUE_BYTES)} of memory for each volume that is read."


def failures(count: int, folder: str) -> str:
    """How many files of a folder could not be read."""
    return f"{counted(count, 'file')} of {shown_name(folder)} could not be read"


def more_failures(count: int) -> str:
    """For those that have no row."""
    return f"And {count:,} more."


def kept_volumes(kept_bytes: int) -> str:
    """What opened volumes take in memory; empty if they take none."""
    return f"Opened volumes: {megabytes(kept_bytes)} in memory" if kept_bytes else ""


def megabytes(count: int) -> str:
    """A number of bytes, such as '48 MB'; at least 1 MB."""
    return f"{max(1, round(count / 1e6)):,} MB"


def patient(number: int, identity: Identity | None) -> str:
    """`Patient 1`, or the name, number and date of birth where they are to be shown."""
    if identity is None:
        return f"Patient {number}"
    born = f"born {readable_date(identity.birth_date)}" if identity.birth_date else ""
    parts = [part for part in (readable_name(identity.patient_name), identity.patient_id, born) if part]
    return ", ".join(parts) or f"Patient {number}"


def study(number: int, titles: Sequence[str], identity: Identity | None) -> str:
    """`Study 1: MR, brain`: its number, or its date, and how the titles of all its series begin."""
    dates = (readable_date(identity.study_date), identity.accession) if identity is not None else ()
    name = ", ".join(part for part in dates if part) or f"Study {number}"
    parts = ", ".join(common_parts(titles))
    return f"{name}: {parts}" if parts else name


def sequences(roles: Sequence[str]) -> str:
    """The heading of co-registered sequences: their names."""
    return f"Registered: {', '.join(roles)}"


def readable_date(date: str) -> str:
    """A DICOM date with hyphens: `2026-11-28`; other texts as they are."""
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == 8 and date.isdigit() else date


def readable_name(name: str) -> str:
    """A DICOM person name without its separators."""
    return " ".join(part for part in name.replace("=", " ").replace("^", " ").split() if part)


def common_parts(titles: Sequence[str]) -> list[str]:
    """Modality and body part, as far as all titles have them: `MR, brain, series 3` begins with two."""
    parts = zip(*(title.split(", ") for title in titles), strict=False)
    common = takewhile(lambda part: len(set(part)) == 1 and not part[0].startswith("series"), parts)
    return [part[0] for part in common]


def listing(done: int, total: int) -> str:
    """What is going on while a folder is listed."""
    return f"Listing files: {done:,} of {total:,}" if total else "Listing files"
