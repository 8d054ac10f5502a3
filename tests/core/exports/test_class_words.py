"""Whatever a person reads of a class has the words of the model's card, where the model is installed."""

import gzip

import pytest

from core.exports.curves_svg import CurvesSvg
from core.exports.dicom_parametric_map import DicomParametricMap
from core.exports.dicom_secondary_capture import DicomSecondaryCapture
from core.exports.dicom_segmentation import DicomSegmentation
from core.exports.dicom_structured_report import DicomStructuredReport
from core.exports.map_nifti import MapNifti
from core.exports.picture_svg import PictureSvg
from core.exports.statement import statement_of
from core.workspace.document import SavedCurves
from tests.cards import make_card
from tests.core.exports.dicom_cases import case_of, source_file
from tests.core.exports.subjects import subject_of
from tests.core.test_figures import curve_set

WORDS = "Glial tumour"


@pytest.fixture(autouse=True)
def card(monkeypatch):
    named = make_card(32, class_words={"glioma": WORDS})
    monkeypatch.setattr("core.exports.class_words.card_of", lambda model: named)


def test_in_the_statement_of_every_export():
    assert f"of the logit of {WORDS}" in statement_of(subject_of()).lines[-1]


def test_in_pictures_and_drawn_curves():
    exporter = PictureSvg()
    text = exporter.files(subject_of(), exporter.Params())[".svg"].decode("utf-8")
    assert f"Prediction: {WORDS}" in text
    assert f"target: logit of {WORDS}" in text
    curves = SavedCurves(class_name="glioma", curves=curve_set(), maps={"grad_cam": "map-1"})
    (drawn,) = CurvesSvg().files(subject_of(curves=(curves,)), CurvesSvg.Params()).values()
    assert f"probability of {WORDS}" in drawn.decode("utf-8")


def test_in_the_header_of_a_nifti_file():
    subject = subject_of()
    content = MapNifti().files(subject, MapNifti.Params())[".nii.gz"]
    assert f"logit of {WORDS}".encode() in gzip.decompress(content)[:352]


@pytest.mark.parametrize(
    "exporter",
    [DicomParametricMap(), DicomSegmentation(), DicomStructuredReport(), DicomSecondaryCapture()],
    ids=lambda exporter: exporter.name,
)
def test_in_dicom_results(tmp_path, exporter):
    subject, _ = case_of(source_file(tmp_path / "a.dcm"))
    for name, content in exporter.files(subject, exporter.Params()).items():
        if "regions" not in name:
            assert f"logit of {WORDS}".encode() in content, name
            assert b"of glioma" not in content, name
    if exporter.name == "dicom_structured_report":
        main = exporter.files(subject, exporter.Params())[exporter.suffix]
        assert f"Probability of {WORDS}".encode() in main
