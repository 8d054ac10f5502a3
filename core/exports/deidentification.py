"""DICOM series without the patient's identity, as a new folder with a report of what was removed.

The files are made by the reader process (`core.readers.dicom_deidentify`); here they are written: to a
folder with a temporary name, which gets its own at the end, whole or not at all.
"""

import secrets
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import Unsupported, UsageError
from core.output import finish_folder, make_temporary_folder, write_document, written
from core.readers.element_changes import DeidentifiedFile, ElementAction, ElementChange
from core.readers.protocol import SeriesEntry
from core.results.document import Document

PROFILE = "DICOM PS3.15 Basic Application Level Confidentiality Profile"
REPORT_NAME, REPORT_TEXT_NAME = "deidentification.json", "deidentification.txt"
BURNT_IN = "Text that is burnt into the pixels stays: look at the images before you pass them on."
FACE = "From a scan of the head the face can be reconstructed: this export does not change pixels."
# Modalities whose images usually show text of the device: ultrasound, endoscopy, photographs, captures.
BURNT_IN_MODALITIES = frozenset(("US", "IVUS", "ES", "XC", "GM", "SM", "OP", "OT", "SC", "XA", "RF", "DOC"))
HEAD_MODALITIES = frozenset(("CT", "MR", "PT", "NM"))
ACTION_WORDS = {
    ElementAction.REMOVED: "removed",
    ElementAction.EMPTIED: "emptied",
    ElementAction.REPLACED: "replaced by a dummy value",
    ElementAction.UID_REPLACED: "replaced by another UID",
}


class DeidentifyDocument(Document, name="deidentify"):
    """`saliscope deidentify --json`, and the report beside the files: names and counts, never values.

    left_out: series that are no DICOM, and files without an image or that cannot be read.
    """

    profile: str = PROFILE
    folder: str
    series: int
    files: int
    left_out: int
    changes: tuple[ElementChange, ...]
    warnings: tuple[str, ...] = Field(description="what stays in the files, in sentences")


class DeidentifiedExport:
    """One export on its way: take the files in the order of `sources`, then `finish`; or `discard`."""

    def __init__(self, series: Sequence[SeriesEntry], out: Path, inputs: Sequence[Path], left_out: int = 0):
        """series: to be exported; those that are no DICOM are left out. inputs: files or folders to spare.

        Raises UsageError for a folder that is not empty or in one of `inputs`, Unsupported without a DICOM
        series, DiskFull.
        """
        exported = [entry for entry in series if entry.reader == "DICOM"]
        if not exported:
            raise Unsupported(
                "There is no DICOM series to export.", "Only DICOM files carry a header that can be cleaned."
            )
        require_new_folder(out, inputs)
        self._out, self._series_count = out.absolute(), len(exported)
        self._left_out = left_out + len(series) - len(exported)
        self._names = _names(exported)
        self._files: list[DeidentifiedFile] = []
        # It is stored nowhere, so that nobody can tell later which UID became which.
        self.secret = secrets.token_hex(16)
        self._part = make_temporary_folder(self._out)

    @property
    def sources(self) -> tuple[Path, ...]:
        """The files of all series, each once."""
        return tuple(self._names)

    def take(self, file: DeidentifiedFile, content: Array) -> None:
        """Write the next file. content: its bytes (n,) uint8. Raises DiskFull."""
        path = self._part / self._names[self.sources[len(self._files)]]
        path.parent.mkdir(exist_ok=True)
        with written(path) as stream:
            stream.write(np.ascontiguousarray(content).data)
        self._files.append(file)

    def finish(self) -> DeidentifyDocument:
        """Write the report and give the folder its name. Raises DiskFull."""
        assert len(self._files) == len(self._names), "every file was taken"
        document = DeidentifyDocument(
            folder=self._out.name,
            series=self._series_count,
            files=len(self._files),
            left_out=self._left_out,
            changes=_sums(self._files),
            warnings=_warnings(self._files),
        )
        # The name of the folder is the user's; whoever gets the files need not know it.
        write_document(self._part / REPORT_NAME, document.model_copy(update={"folder": ""}))
        with written(self._part / REPORT_TEXT_NAME) as stream:
            stream.write("\n".join([*report_lines(document), ""]).encode("utf-8"))
        finish_folder(self._part, self._out)
        return document

    def discard(self) -> None:
        """Remove what was written, unless it is finished."""
        shutil.rmtree(self._part, ignore_errors=True)


def require_new_folder(out: Path, inputs: Sequence[Path]) -> None:
    """Raises UsageError unless `out` is absent or empty, and neither in one of `inputs` nor around it."""
    resolved = out.resolve()
    for path in inputs:
        original = path.resolve()
        if resolved == original or original in resolved.parents:
            raise UsageError(
                "The output folder lies in the folder of the originals.", "Choose a folder outside of it."
            )
    if out.is_dir() and any(out.iterdir()):
        raise UsageError("The output folder is not empty.", "Choose a new folder.")
    if out.exists() and not out.is_dir():
        raise UsageError("The output is a file, not a folder.", "Choose a new folder.")


def report_lines(document: DeidentifyDocument) -> list[str]:
    """The report as text: what was done by name, and what stays."""
    lines = [
        f"De-identified by {document.profile}.",
        f"{document.files:,} files of {document.series:,} series; left out: {document.left_out:,}.",
        *(f"Warning: {warning}" for warning in document.warnings),
        "",
    ]
    for change in document.changes:
        name = f"{change.name} {change.tag}".rstrip()
        lines.append(f"{name}: {ACTION_WORDS[change.action]} {change.count:,} times")
    return lines


def _names(series: Sequence[SeriesEntry]) -> dict[Path, str]:
    """The new name of each source, in the order of the slices; nothing in it comes from the source."""
    names: dict[Path, str] = {}
    for number, entry in enumerate(series, 1):
        paths = dict.fromkeys(source.path for source in entry.sources or (entry.source(0),))
        folder = f"series-{number:0{len(str(len(series)))}}/" if len(series) > 1 else ""
        for place, path in enumerate(paths, 1):
            names.setdefault(path, f"{folder}image-{place:0{len(str(len(paths)))}}.dcm")
    return names


def _sums(files: Sequence[DeidentifiedFile]) -> tuple[ElementChange, ...]:
    counts: Counter[tuple[str, str, ElementAction]] = Counter()
    for file in files:
        for change in file.changes:
            counts[change.tag, change.name, change.action] += change.count
    return tuple(
        ElementChange(tag=tag, name=name, action=action, count=count)
        for (tag, name, action), count in sorted(counts.items())
    )


def _warnings(files: Sequence[DeidentifiedFile]) -> tuple[str, ...]:
    warnings = [BURNT_IN]
    burned_in = sum(file.burned_in.upper() == "YES" for file in files)
    if burned_in:
        warnings.append(f"{burned_in:,} of {len(files):,} files state that they hold burnt-in text.")
    mosaics = sum(file.is_mosaic for file in files)
    if mosaics:
        warnings.append(
            f"{mosaics:,} files are mosaics of many slices, whose places are in private elements. These are "
            "removed: what remains is one picture, whose position in the patient is not that of a slice."
        )
    modalities = {file.modality for file in files}
    usual = sorted(modalities & BURNT_IN_MODALITIES)
    if usual:
        warnings.append(f"Images of the modality {', '.join(usual)} usually show text in their pixels.")
    if modalities & HEAD_MODALITIES:
        warnings.append(FACE)
    return tuple(warnings)
