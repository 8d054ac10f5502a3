"""Exports as files: one exporter into named files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.exports.contract import Exporter, ExportSubject
from core.network.parameters import checked_parameters
from core.output import make_folder, written


def export(
    exporter: Exporter, subject: ExportSubject, folder: Path, stem: str, values: Mapping[str, Any]
) -> tuple[Path, ...]:
    """The files written, `stem` with each suffix in `folder`, the main one first.

    values: options by name. Raises BadParameter, NotApplicable, DiskFull, and InputError if the source cannot
    be read.
    """
    params = checked_parameters(exporter, dict(values))
    exporter.applies(subject)
    contents = exporter.files(subject, params)
    make_folder(folder)
    for suffix, content in contents.items():
        with written(folder / f"{stem}{suffix}") as file:
            file.write(content)
    return tuple(folder / f"{stem}{suffix}" for suffix in contents)
