"""`saliscope deidentify`: the command, the document and its refusals."""

from core.exports.deidentification import DeidentifyDocument
from tests.core.readers.identified_files import identified_dataset, planted_in, write_identified


def test_that_a_folder_is_exported_without_identity(saliscope, tmp_path, picture):
    study, out = tmp_path / "Zaphod größe 患者", tmp_path / "für alle"
    for number in (1, 2):
        write_identified(study / f"Zaphod {number}.dcm", identified_dataset(number))
    picture.rename(study / "zaphod.png")
    ran = saliscope("deidentify", study, "--out", out, "--json")
    assert ran.code == 0
    document = DeidentifyDocument.model_validate(ran.document)
    assert (document.files, document.left_out, document.folder) == (2, 1, "für alle")
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) == 4
    assert [planted_in(path.read_bytes()) for path in files] == [[]] * 4
    assert planted_in((ran.out + ran.err).encode()) == []
    text = saliscope("deidentify", study, "--out", tmp_path / "again").out
    assert "Patient's Name (0010,0010): emptied" in text
    assert "Warning: Text that is burnt into the pixels stays" in text


def test_that_an_output_in_the_input_is_a_wrong_call(saliscope, tmp_path):
    write_identified(tmp_path / "study" / "a.dcm")
    ran = saliscope("deidentify", tmp_path / "study", "--out", tmp_path / "study" / "out")
    assert ran.code == 2
    assert ran.one_error == (
        "The output folder lies in the folder of the originals. Choose a folder outside of it."
    )
    assert [path.name for path in (tmp_path / "study").iterdir()] == ["a.dcm"]


def test_that_a_picture_cannot_be_exported(saliscope, tmp_path, picture):
    ran = saliscope("deidentify", picture, "--out", tmp_path / "out")
    assert ran.code == 3
    assert ran.one_error.startswith("There is no DICOM series to export.")
    assert not (tmp_path / "out").exists()
