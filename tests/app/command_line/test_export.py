"""`saliscope export`: named exports and batches, options, what is left out, exit codes."""

import nibabel
import numpy as np
import pytest

from core.api import export
from core.errors import Unreadable
from core.exports.documents import ExportDocument
from core.exports.exporters import EXPORTERS
from core.exports.map_npy import MapNpy
from core.workspace.file import write_workspace
from tests.core.exports.pdf_text import PdfFile
from tests.core.workspace.example import example_workspace


@pytest.fixture
def workspace(tmp_path):
    path = tmp_path / "brain.saliscope"
    write_workspace(path, example_workspace())
    return path


def files_in(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_that_a_named_export_is_written_for_each_map(saliscope, workspace, tmp_path):
    out = tmp_path / "out"
    ran = saliscope("export", workspace, "--as", "map_npy", "--to", out)
    assert ran.code == 0
    expected = {
        f"case-1/{stem}-map_npy{suffix}"
        for stem in ("map-1-grad_cam", "map-2-integrated_gradients")
        for suffix in (".npy", ".json")
    }
    assert files_in(out) == expected
    assert all(name in ran.out for name in expected)
    assert "2 exports written." in ran.out
    values = np.load(out / "case-1" / "map-2-integrated_gradients-map_npy.npy")
    np.testing.assert_array_equal(values, example_workspace().arrays["case-1-map-2"])


def test_that_one_map_is_exported_with_options(saliscope, workspace, tmp_path):
    out = tmp_path / "out"
    setting = "map_nifti.outside=zero"
    ran = saliscope("export", workspace, "--as", "map_nifti", "--map", "map-1", "--set", setting, "--to", out)
    assert ran.code == 0
    values = np.asarray(nibabel.load(out / "case-1" / "map-1-grad_cam-map_nifti.nii.gz").dataobj)
    assert np.isfinite(values).all()


def test_that_a_batch_leaves_out_what_does_not_apply_and_tells_what_needs_a_missing_source(
    saliscope, workspace, tmp_path
):
    out = tmp_path / "out"
    ran = saliscope("export", "--all", "--identity", workspace, "--to", out, "--json")
    assert ran.code == 7
    document = ExportDocument.model_validate(ran.document)
    assert {record.exporter for record in document.exports} == {exporter.name for exporter in EXPORTERS}
    left_out = {record.exporter: record for record in document.exports if not record.is_applicable}
    assert left_out["curves_csv"].error.message == "This case has no curves."
    failed = {record.exporter for record in document.exports if record.error and record.is_applicable}
    assert failed == {exporter.name for exporter in EXPORTERS if exporter.needs_source} - set(left_out)
    assert ran.err.count("The image of case-1 (slice.dcm) is not where it was") == 1
    assert files_in(out) == {name for record in document.exports for name in record.files}
    assert all(path.stat().st_size for path in out.rglob("*.*"))
    assert ran.err.startswith(
        "saliscope: note: Of DICOM images with the patient's identity as it stands there: DICOM"
    )


def test_that_a_batch_holds_no_identity_unless_that_is_chosen(saliscope, workspace, tmp_path):
    ran = saliscope("export", "--all", workspace, "--to", tmp_path / "out", "--json")
    assert ran.code == 0
    document = ExportDocument.model_validate(ran.document)
    expected = {exporter.name for exporter in EXPORTERS if exporter.identity != "of the source"}
    assert {record.exporter for record in document.exports} == expected
    assert len(expected) < len(EXPORTERS)
    assert ran.err.startswith("saliscope: note: Left out, as they hold the patient's identity: DICOM Param")
    assert not list((tmp_path / "out").rglob("*.dcm"))
    ran = saliscope("export", "--all", workspace, "--to", tmp_path / "again")
    assert "case-1 curves_csv: left out. This case has no curves." in ran.out


def test_that_a_batch_goes_on_after_a_failure_and_ends_with_seven(
    saliscope, workspace, tmp_path, monkeypatch
):
    def fail(*_):
        raise Unreadable("The values are gone.")

    monkeypatch.setattr(MapNpy, "files", fail)
    ran = saliscope("export", "--all", workspace, "--to", tmp_path / "out")
    assert ran.code == 7
    assert ran.err.count("The values are gone.") == 1
    assert "1 other export: the same as case-1 map-1 map_npy." in ran.out
    assert any(name.endswith(".nii.gz") for name in files_in(tmp_path / "out"))
    ran = saliscope("export", workspace, "--as", "map_npy", "--to", tmp_path / "out")
    assert ran.code == 3


def test_that_files_of_an_earlier_export_are_replaced_by_choice_alone(saliscope, workspace, tmp_path):
    call = ("export", workspace, "--as", "map_npy", "--map", "grad_cam", "--to", tmp_path / "out")
    assert saliscope(*call).code == 0
    ran = saliscope(*call)
    assert ran.code == 2
    assert ran.one_error == (
        "The folder has files of an earlier export: map-1-grad_cam-map_npy.npy and 1 other. "
        "Choose another folder, or add --replace to write them anew."
    )
    assert saliscope(*call, "--replace").code == 0


def test_that_a_named_export_that_does_not_apply_has_failed(saliscope, workspace, tmp_path):
    ran = saliscope("export", workspace, "--as", "curves_svg", "--to", tmp_path / "out")
    assert ran.code == 5
    assert ran.one_error == "case-1 curves_svg: This case has no curves. Measure its maps by curves first."


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--to", "out"], 2, "Name exports with --as, or take all with --all."),
        (["--all", "--as", "map_npy", "--to", "out"], 2, "Name exports with --as"),
        (["--all"], 2, "A workspace and --to FOLDER are needed."),
        (["--as", "map_nify", "--to", "out"], 2, "There is no export 'map_nify'. Did you mean 'map_nifti'?"),
        (["--all", "--case", "case-7", "--to", "out"], 2, "The workspace has no case 'case-7'."),
        (["--all", "--set", "map_nifti.outside=one", "--to", "out"], 2, "map_nifti.outside cannot be 'one'"),
        (
            ["--as", "map_npy", "--set", "map_nifti.outside=nan", "--to", "out"],
            2,
            "--set map_nifti: this exp",
        ),
        (["--all", "--source", "gone", "--to", "out"], 2, "--source gone: there is no such file"),
    ],
)
def test_that_a_wrong_call_is_one_sentence(
    saliscope, workspace, tmp_path, monkeypatch, arguments, code, message
):
    monkeypatch.chdir(tmp_path)
    ran = saliscope("export", workspace, *arguments)
    assert ran.code == code
    assert ran.one_error.startswith(message)
    assert not (tmp_path / "out").exists()


def test_that_the_list_names_all_exports_with_options_and_identity(saliscope):
    ran = saliscope("export", "--list")
    assert ran.code == 0
    for exporter in EXPORTERS:
        assert f"{exporter.title} ({exporter.name})" in ran.out
        for option in exporter.Params.model_fields:
            assert f"--set {exporter.name}.{option}=" in ran.out
    document = ExportDocument.model_validate(saliscope("export", "--list", "--json").document)
    assert [entry.name for entry in document.exporters] == [exporter.name for exporter in EXPORTERS]


def test_that_a_script_exports_a_workspace_from_memory_and_from_its_file(workspace, tmp_path):
    outcomes = export(workspace, tmp_path / "file", ["map_npy", "curves_csv"])
    assert [outcome.error is None for outcome in outcomes] == [True, True, False]
    again = export(example_workspace(), tmp_path / "memory", ["map_npy"])
    assert [path.name for outcome in again for path in outcome.files] == [
        path.name for outcome in outcomes for path in outcome.files
    ]


def test_that_the_page_for_clinicians_has_the_map_that_is_named(saliscope, workspace, tmp_path):
    call = ("export", workspace, "--as", "report_pdf", "--to", tmp_path / "out", "--set")
    ran = saliscope(*call, "report_pdf.map=rise")
    assert ran.code == 2
    assert ran.one_error == (
        "case-1 report_pdf: map cannot be 'rise': the case has no such map. "
        "Maps: map-1 (grad_cam), map-2 (integrated_gradients)."
    )
    assert saliscope(*call, "report_pdf.map=integrated_gradients").code == 0
    (text,) = PdfFile.of((tmp_path / "out" / "case-1" / "report_pdf.pdf").read_bytes()).pages
    assert "Explanation: Integrated Gradients" in text
    assert "Explanation: Grad-CAM" not in text
