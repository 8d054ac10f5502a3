"""An export without identity: a whole folder or none, apart from the originals, with its report."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import DiskFull, Unsupported, UsageError
from core.exports.deidentification import (
    REPORT_NAME,
    REPORT_TEXT_NAME,
    DeidentifiedExport,
    DeidentifyDocument,
    require_new_folder,
)
from core.readers.dicom_deidentify import deidentified
from core.readers.element_changes import DeidentifiedFile
from core.readers.index import index_path, read
from core.readers.protocol import FrameSource, SeriesEntry
from tests.core.readers.identified_files import identified_dataset, planted_in, write_identified


def series(*paths: Path, reader: str = "DICOM") -> SeriesEntry:
    return SeriesEntry(
        path=paths[0],
        reader=reader,
        title="",
        frames=len(paths),
        rows=12,
        columns=10,
        sources=tuple(FrameSource(path=path) for path in paths),
    )


@pytest.fixture
def study(tmp_path):
    """Two series of two files each, in a folder named after the patient."""
    folder = tmp_path / "Zaphod 4711X"
    return [
        series(
            *(
                write_identified(folder / f"Zaphod {group}{n}.dcm", identified_dataset(10 * group + n, group))
                for n in (1, 2)
            )
        )
        for group in (1, 2)
    ]


def exported(entries, out, inputs=()) -> DeidentifyDocument:
    export = DeidentifiedExport(entries, out, inputs)
    try:
        for path in export.sources:
            export.take(*deidentified(path, export.secret))
        return export.finish()
    finally:
        export.discard()


def content_of(folder: Path) -> bytes:
    """The bytes of all files below a folder, and their names."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"".join(str(path.relative_to(folder)).encode() + path.read_bytes() for path in files)


def test_that_neither_bytes_nor_names_of_an_export_identify_anyone(study, tmp_path):
    out = tmp_path / "öffentlich 患者"
    document = exported(study, out, [study[0].path.parent])
    assert planted_in(content_of(out)) == []
    assert sorted(path.name for path in out.iterdir()) == [
        REPORT_NAME,
        REPORT_TEXT_NAME,
        "series-1",
        "series-2",
    ]
    assert sorted(path.name for path in (out / "series-1").iterdir()) == ["image-1.dcm", "image-2.dcm"]
    assert (document.files, document.series, document.left_out) == (4, 2, 0)
    written = DeidentifyDocument.model_validate(json.loads((out / REPORT_NAME).read_text(encoding="utf-8")))
    assert written.changes == document.changes
    counts = {change.name: change.count for change in document.changes}
    assert counts["Private elements"] == 12
    text = (out / REPORT_TEXT_NAME).read_text(encoding="utf-8")
    assert "Private elements: removed 12 times" in text
    assert "Text that is burnt into the pixels stays" in text


def test_that_the_series_stay_series_with_the_same_pixels(study, tmp_path):
    exported(study, tmp_path / "out")
    copies, originals = index_path(tmp_path / "out"), index_path(study[0].path.parent)
    assert len(copies) == len(originals) == 2
    for copy, original in zip(copies, originals, strict=True):
        assert (copy.frames, copy.affine_lps_mm) == (2, original.affine_lps_mm)
        for frame in range(2):
            np.testing.assert_array_equal(read(copy, frame)[0].values, read(original, frame)[0].values)


def test_that_a_single_series_needs_no_folder_of_its_own(study, tmp_path):
    exported(study[:1], tmp_path / "out")
    assert (tmp_path / "out" / "image-1.dcm").is_file()


def test_that_an_export_that_is_broken_off_leaves_nothing(study, tmp_path):
    export = DeidentifiedExport(study, tmp_path / "out", [])
    export.take(*deidentified(export.sources[0], export.secret))
    assert not (tmp_path / "out").exists()
    export.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["Zaphod 4711X"]


def test_that_the_originals_are_never_written_to(study, tmp_path):
    folder = study[0].path.parent
    for out in (folder, folder / "new", folder / "deep" / "er"):
        with pytest.raises(UsageError, match="in the folder of the originals"):
            DeidentifiedExport(study, out, [folder])
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(UsageError, match="in the folder of the originals"):
        DeidentifiedExport(study, link / "new", [folder])
    with pytest.raises(UsageError, match="not empty"):
        DeidentifiedExport(study, tmp_path, [folder])
    with pytest.raises(UsageError, match="is a file"):
        require_new_folder(study[0].path, [])
    assert len(list(folder.iterdir())) == 4


def test_that_an_empty_folder_is_taken(study, tmp_path):
    (tmp_path / "out").mkdir()
    assert exported(study, tmp_path / "out").files == 4


def test_that_a_folder_that_cannot_be_made_is_one_error(study, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DiskFull):
        DeidentifiedExport(study, tmp_path / "file" / "out", [])


def test_that_only_dicom_series_are_exported(study, tmp_path):
    other = series(tmp_path / "a.nii", reader="NIfTI")
    with pytest.raises(Unsupported, match="no DICOM series"):
        DeidentifiedExport([other], tmp_path / "out", [])
    assert exported([*study, other], tmp_path / "out").left_out == 1


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"modality": "US"}, "Images of the modality US usually show text"),
        ({"modality": "CR", "burned_in": "YES"}, "1 of 1 files state that they hold burnt-in text"),
        ({"modality": "MR"}, "the face can be reconstructed"),
        ({"modality": "MR", "is_mosaic": True}, "1 files are mosaics"),
    ],
)
def test_that_what_stays_in_the_pixels_is_told(tmp_path, fields, expected):
    export = DeidentifiedExport([series(tmp_path / "a.dcm")], tmp_path / "out", [])
    file = DeidentifiedFile(**({"changes": (), "burned_in": ""} | fields))
    export.take(file, np.zeros(2, np.uint8))
    assert any(expected in warning for warning in export.finish().warnings)
