"""Panel data: every point, score and figure in tables that pandas-like readers take; curves as drawings."""

import csv
import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from core.checks.agreement import agreement
from core.checks.contract import Finding
from core.errors import NotApplicable
from core.exports.agreement_csv import AgreementCsv
from core.exports.agreement_png import AgreementPng
from core.exports.agreement_svg import AgreementSvg
from core.exports.checks_csv import ChecksCsv
from core.exports.curves_csv import CurvesCsv
from core.exports.curves_pdf import CurvesPdf
from core.exports.curves_svg import CurvesSvg
from core.exports.map_nifti import MapNifti
from core.exports.map_npy import MapNpy
from core.exports.reveal_csv import RevealCsv
from core.exports.saved_curves import curve_titles
from core.number_text import fixed
from core.workspace.document import SavedCurves, SavedFinding
from tests.app.window.states.test_reveal import with_glimpses
from tests.core.exports.subjects import subject_of
from tests.core.test_figures import curve_set


def files_of(exporter, subject):
    exporter.applies(subject)
    return exporter.files(subject, exporter.Params())


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows behind the comment lines, which hold the statement."""
    lines = content.decode("utf-8").splitlines()
    comments = [line for line in lines if line.startswith("# ")]
    assert any("Source file SHA-256 abab" in line for line in comments)
    assert lines[: len(comments)] == comments
    return list(csv.DictReader(lines[len(comments) :]))


def saved_curves(**changes) -> SavedCurves:
    fields = {"class_name": "glioma", "curves": curve_set(), "maps": {"grad_cam": "map-1"}}
    return SavedCurves(**(fields | changes))


def subject_with_curves(*saved: SavedCurves):
    return subject_of(curves=saved or (saved_curves(),))


def test_that_all_points_of_all_sets_of_curves_are_rows_with_their_map():
    subject = subject_with_curves(saved_curves(), saved_curves(class_name="meningioma"))
    rows = rows_of(files_of(CurvesCsv(), subject)[".csv"])
    assert len(rows) == 2 * 3 * 2 * 2 * 3
    assert rows[1] == {
        "set": "1",
        "class": "glioma",
        "protocol": "cells",
        "entropy": "area",
        "map": "map-1",
        "method": "grad_cam",
        "kind": "aic",
        "direction": "top",
        "point": "1",
        "share": "0.1",
        "x": "0.1",
        "y": "0.7",
    }
    assert {row["map"] for row in rows if row["method"] == "random"} == {""}
    assert {row["class"] for row in rows if row["set"] == "2"} == {"meningioma"}


def test_that_each_figure_of_a_score_is_a_row():
    rows = rows_of(files_of(CurvesCsv(), subject_with_curves())["-scores.csv"])
    figures = {
        (row["kind"], row["figure"]): float(row["value"]) for row in rows if row["method"] == "grad_cam"
    }
    assert figures["sic", "gap"] == 0.25
    assert figures["aic", "area"] == 0.8
    assert ("aic", "margin") not in figures  # which this score does not have
    assert {row["better_than_random"] for row in rows} == {"yes"}


def test_that_curves_are_drawn_with_text_that_stays_text_and_state_their_origin():
    subject = subject_with_curves(saved_curves(), saved_curves(class_name="meningioma"))
    files = files_of(CurvesSvg(), subject)
    assert list(files) == [".svg", "-2.svg"]
    first = files[".svg"].decode("utf-8")
    assert "Grad-CAM: gap +0.250, area 0.800</text>" in first
    assert "Random" in first
    assert "probability of glioma" in first
    assert "cdcd" in first
    assert "probability of meningioma" in files["-2.svg"].decode("utf-8")


def test_that_curves_as_pdf_have_a_page_for_each_set_embedded_fonts_and_their_origin():
    subject = subject_with_curves(saved_curves(), saved_curves(class_name="meningioma"))
    content = files_of(CurvesPdf(), subject)[".pdf"]
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", content)) == 2
    assert b"/FontFile2" in content
    assert b"not a medical device" in content


def test_that_maps_of_one_title_are_told_apart_in_curves():
    curves = curve_set().model_copy(update={"methods": ("first", "second", "random")})
    saved = saved_curves(curves=curves, maps={"first": "map-1", "second": "map-2"})
    subject = subject_of(curves=(saved,))
    twin = subject.case.maps[1].model_copy(update={"record": subject.case.maps[0].record})
    subject = subject_of(curves=(saved,), maps=(subject.case.maps[0], twin))
    assert curve_titles(subject, saved) == {
        "first": "Grad-CAM (map-1)",
        "second": "Grad-CAM (map-2)",
        "random": "Random (control)",
    }


@pytest.mark.parametrize("exporter", [CurvesCsv(), CurvesSvg(), CurvesPdf()])
def test_that_a_case_without_curves_has_none_to_export(exporter):
    with pytest.raises(NotApplicable, match="no curves"):
        exporter.applies(subject_of())


def test_that_each_figure_of_a_finding_is_a_row_with_its_unit():
    finding = Finding(
        metric="insertion",
        values={"area": 0.25, "tied_pixels": 12.0},
        answer="no",
        sentence='Says "no", for now.',
        parameters={"steps": 20},
        steps=({"share": 0.0, "probability": 0.5}, {"share": 1.0, "probability": 0.75, "layer": "last"}),
    )
    subject = subject_of()
    first, second = subject.case.maps
    second = second.model_copy(update={"findings": (SavedFinding(finding=finding, seed=7),)})
    files = files_of(ChecksCsv(), subject_of(maps=(first, second)))
    rows = rows_of(files[".csv"])
    assert [(row["map"], row["check"], row["figure"], row["value"], row["unit"]) for row in rows] == [
        ("map-1", "evidence_inside", "share", "0.4", "1"),
        ("map-2", "insertion", "area", "0.25", "1"),
        ("map-2", "insertion", "tied_pixels", "12.0", "pixels"),
    ]
    assert rows[0]["region"] == "region-1"
    assert (rows[1]["seed"], rows[1]["map_seed"], rows[1]["answer"]) == ("7", "3", "no")
    assert rows[1]["sentence"] == 'Says "no", for now.'
    assert json.loads(rows[1]["parameters"]) == {"steps": 20}
    steps = rows_of(files["-steps.csv"])
    assert [(row["step"], row["figure"], row["value"]) for row in steps] == [
        ("1", "share", "0.0"),
        ("1", "probability", "0.5"),
        ("2", "share", "1.0"),
        ("2", "probability", "0.75"),
        ("2", "layer", "last"),
    ]


@pytest.mark.parametrize("exporter", [ChecksCsv(), CurvesCsv(), CurvesSvg(), MapNpy(), MapNifti()])
def test_that_the_files_of_an_export_are_known_before_it_is_made(exporter):
    subject = subject_with_curves(saved_curves(), saved_curves())
    assert exporter.suffixes(subject) == tuple(files_of(exporter, subject))
    assert exporter.suffixes(subject)[0] == exporter.suffix


def test_that_a_case_without_findings_has_none_to_export():
    subject = subject_of()
    maps = tuple(saved.model_copy(update={"findings": ()}) for saved in subject.case.maps)
    with pytest.raises(NotApplicable, match="No map of this case was checked"):
        ChecksCsv().applies(subject_of(maps=maps))


def test_that_each_pair_of_maps_is_a_row_with_the_figures_of_the_panel():
    subject = subject_of()
    first, second = subject.case.maps
    values = {saved.id: subject.data.values_of(saved) for saved in (first, second)}
    expected = agreement(values)
    (row,) = rows_of(files_of(AgreementCsv(), subject)[".csv"])
    assert (row["map_a"], row["map_b"]) == (first.id, second.id)
    assert (row["method_a"], row["method_b"]) == (first.record.name, second.record.name)
    assert float(row["spearman"]) == expected.spearman[0][1]
    assert float(row["overlap"]) == expected.overlap[0][1]
    assert float(row["jaccard"]) == expected.jaccard[0][1]
    assert (row["pixels_of_share"], row["undefined"]) == (str(expected.count), "")


def test_that_the_agreement_as_a_picture_has_every_map_and_figure_and_states_its_origin():
    subject = subject_of()
    content = files_of(AgreementSvg(), subject)[".svg"].decode("utf-8")
    correlation = agreement({saved.id: subject.data.values_of(saved) for saved in subject.case.maps})
    texts = re.findall(r">([^<>]+)</text>", content)
    assert texts.count(fixed(correlation.spearman[0][1])) == 2
    assert texts.count("1.00") == 2
    assert any("Grad-CAM" in text for text in texts)
    assert any("Integrated Gradients" in text for text in texts)
    assert "Source file SHA-256 abab" in content
    picture = files_of(AgreementPng(), subject)[".png"]
    assert "Source file SHA-256 abab" in Image.open(BytesIO(picture)).text["Description"]


@pytest.mark.parametrize("exporter", [AgreementCsv(), AgreementPng(), AgreementSvg()])
def test_that_a_single_map_has_no_agreement(exporter):
    subject = subject_of()
    case = subject.case.model_copy(update={"maps": subject.case.maps[:1]})
    with pytest.raises(NotApplicable, match="Two maps are needed"):
        exporter.applies(replace(subject, data=replace(subject.data, case=case)))


def test_that_each_step_of_a_reveal_strip_is_a_row_with_the_class_by_name():
    subject = subject_with_curves(saved_curves(curves=with_glimpses()))
    rows = rows_of(files_of(RevealCsv(), subject)[".csv"])
    (saved,) = subject.case.curves
    classes = list(subject.case.image.prediction.probabilities)
    expected = [
        (facts.method, str(step), classes[glimpse.predicted_class], glimpse.target_probability)
        for facts in saved.curves.maps
        for step, glimpse in enumerate(facts.glimpses, start=1)
    ]
    assert expected
    assert [
        (row["method"], row["step"], row["predicted_class"], float(row["probability_of_class"]))
        for row in rows
    ] == expected
    assert {row["map"] for row in rows if row["method"] == "grad_cam"} == {"map-1"}


def test_that_there_is_no_reveal_strip_without_recorded_answers():
    bare = curve_set().model_copy(update={"maps": ()})
    with pytest.raises(NotApplicable, match="No answer"):
        RevealCsv().applies(subject_with_curves(saved_curves(curves=bare)))
