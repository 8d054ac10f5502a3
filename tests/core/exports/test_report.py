"""What a report says of a case, in both extents, before it is drawn."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from core.checks import CHECKS
from core.curves.curve_set import CurveScore
from core.exports.class_words import card_of
from core.exports.report import build
from core.exports.report.build import report_of, shown_subject
from core.exports.report.content import Block, ColumnBlock, Extent, Picture, Pictures, Report, Section
from core.exports.report.glossary import glossary_of, words_of_report
from core.exports.report.options import ReportParams
from core.exports.report.pictures import MARK, REGION, colour_bar, map_picture, marked_picture, slice_picture
from core.exports.report.sections import limits_of
from core.exports.report.words import CARD_MISSING, evaluations_words, shortened
from core.exports.statement import RESEARCH_USE, statement_of
from core.figures.blending import ColourScale, blended, enlarged
from core.models.bundle import find_bundle
from core.models.device import ComputingDevice
from core.models.fit import Fit
from core.number_text import percent
from core.results.image import ModelRecord
from core.results.look_first import Decision, Impression, LookFirstRecord, RevealedPrediction
from core.results.versions import Versions
from core.workspace.document import SavedCurves, SliceGeometry
from core.workspace.workspace import CaseData
from tests.cards import make_card
from tests.core.exports.hard_cases import changed, crowded_subject, example_subject
from tests.core.test_figures import curve_set

EXTENTS: tuple[Extent, ...] = ("clinical", "full")
SHIPPED = "brain_tumor_mri_densenet121"


def report(extent: Extent = "full", subject=None, **options) -> Report:
    params = ReportParams(extent=extent, **options)
    shown = shown_subject(subject or example_subject(), params)
    return report_of(shown, params, statement_of(shown))


def words(extent: Extent = "full", subject=None, **options) -> str:
    return words_of_report(report(extent, subject, **options))


def pictures_of(blocks: tuple[Block, ...]) -> list[Picture]:
    pictures: list[Picture] = []
    for block in blocks:
        match block:
            case Section(blocks=below):
                pictures += pictures_of(below)
            case ColumnBlock(left=left, right=right):
                pictures += pictures_of((*left, *right))
            case Pictures(pictures=shown):
                pictures += shown
    return pictures


def test_that_the_full_report_has_the_numbers_of_every_part_of_the_case() -> None:
    text = words()
    for part in (
        "glioma 75.0 % +1.10",
        "meningioma 25.0 % +0.00",
        "MR, slice 3 of 5, position 12.5 mm, 40 × 60 pixels",
        "2 mm between rows, 1 mm between columns (PixelSpacing)",
        "window 100 / 200",
        "Steps 8 (default: 128)",
        "Computed on 8 × 8 cells",
        "Model evaluations 1 prediction, 1 gradient",
        "Time 0.5 s",
        "in part share: 0.4 seed 0; region 1",
        "300 pixels 600 mm²",
        "distance 20 mm",
        "ab" * 32,
        "cd" * 32,
    ):
        assert part in text, part
    for saved in example_subject().case.maps:
        assert f"Seed {saved.record.seed}" in text
        assert f"{saved.record.maximum:.4g}" in text


def test_that_all_maps_are_in_the_full_report_and_one_in_the_clinical_one() -> None:
    titles = [saved.record.title for saved in example_subject().case.maps]
    alts = [picture.alt for picture in pictures_of(report().body) if picture.bar is not None]
    assert [alt.split(" of the")[0] for alt in alts] == titles
    (alt,) = [picture.alt for picture in pictures_of(report("clinical").body) if picture.bar is not None]
    assert alt.startswith(titles[0])
    subject = example_subject()
    second = report("clinical", replace(subject, map=subject.case.maps[1]))
    (alt,) = [picture.alt for picture in pictures_of(second.body) if picture.bar is not None]
    assert alt.startswith(titles[1])


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_a_case_without_maps_has_a_report(extent: Extent) -> None:
    text = words(extent, changed(example_subject(), maps=(), network_input=""))
    assert "75.0 %" in text
    assert "Grad-CAM" not in text


def test_that_classes_and_caveats_are_those_of_the_card_of_exactly_this_model(monkeypatch) -> None:
    card = make_card().model_copy(
        update={"class_words": {"glioma": "a GLIOMA"}, "caveats": {"glioma": "Of one hospital."}}
    )
    monkeypatch.setattr(build, "card_of", lambda _: card)
    for extent in EXTENTS:
        text = words(extent)
        assert "a GLIOMA: 75.0 %" in text
        assert "logit of a GLIOMA" in text
        assert "Of one hospital." in text
        assert CARD_MISSING not in text
        assert all(sentence in text for sentence in limits_of(card)[:2])
    monkeypatch.setattr(build, "card_of", lambda _: None)
    text = words("clinical")
    assert "glioma: 75.0 %" in text
    assert CARD_MISSING in text


def test_that_only_the_card_of_the_same_weights_is_taken() -> None:
    card = find_bundle(SHIPPED).card
    assert card_of(ModelRecord.of(card)) == card
    assert card_of(ModelRecord.of(card).model_copy(update={"weights_sha256": "0" * 64})) is None
    assert card_of(ModelRecord(id="gone", version="1", weights_sha256="0" * 64)) is None


def test_that_the_name_of_a_model_is_never_taken_for_a_folder(tmp_path) -> None:
    folder = find_bundle(SHIPPED).folder
    record = ModelRecord.of(find_bundle(SHIPPED).card)
    assert card_of(record.model_copy(update={"id": str(folder)})) is None


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_answers_of_checks_have_the_words_of_the_checks(extent: Extent) -> None:
    text = words(extent)
    assert "Depends on training: not checked." in text
    assert "Better than random: not checked. No curves were computed for this map." in text
    subject = example_subject()
    saved = subject.case.maps[0]
    for check in CHECKS:
        finding = saved.findings[0].model_copy(
            update={"finding": saved.findings[0].finding.model_copy(update={"metric": check.name})}
        )
        one = changed(subject, maps=(saved.model_copy(update={"findings": (finding,)}),))
        label = check.chip.label if check.chip else check.short_title or check.title
        assert f"{label}: in part. 40 % of the positive evidence lies in the region." in words(extent, one)


def test_that_the_verdict_of_the_curves_stands_with_the_map_with_its_interval() -> None:
    score = CurveScore(
        method="grad_cam",
        kind="sic",
        score=0.34,
        area=0.7,
        gap=0.34,
        spread=0.1,
        saturated=False,
        margin=0.36,
        random_mean=0.0,
        better_than_random="undecided",
    )
    curves = curve_set().model_copy(update={"scores": (score,)})
    saved = SavedCurves(class_name="glioma", curves=curves, maps={"grad_cam": "map-1"})
    subject = changed(example_subject(), curves=(saved,))
    for extent in EXTENTS:
        assert "Better than random: undecided. SIC gap +0.34 ±0.36 (0 = no better than chance)." in words(
            extent, subject
        )
    assert "Grad-CAM SIC +0.340 ±0.360 0.700 undecided" in words("full", subject)


def test_that_two_maps_that_disagree_are_shown_to_disagree() -> None:
    subject = example_subject()
    first, second = subject.case.maps
    values = subject.data.values_of(first)
    for factor, sentence in ((-1, "Disagrees with Integrated Gradients (rank correlation −1.00"), (1, "")):
        arrays = dict(subject.data.arrays) | {second.values: factor * values}
        text = words("clinical", replace(subject, data=CaseData(subject.case, arrays)))
        assert sentence in text
        assert ("Disagrees" in text) == bool(sentence)
        row = f"1 Grad-CAM 1.00 {'−' if factor < 0 else ''}1.00"
        assert row in words("full", replace(subject, data=CaseData(subject.case, arrays)))
    control = second.record.model_copy(update={"name": "random"})
    subject = changed(subject, maps=(first, second.model_copy(update={"record": control})))
    assert "Disagrees" not in words("clinical", subject)


def test_that_a_map_without_evidence_says_so_in_its_picture() -> None:
    subject = example_subject()
    saved = subject.case.maps[0]
    empty = saved.model_copy(update={"record": saved.record.model_copy(update={"maximum": 0.0})})
    for extent in EXTENTS:
        assert "No positive evidence for the logit of glioma." in words(
            extent, changed(subject, maps=(empty,))
        )


def test_that_a_misfit_is_told_with_its_reasons_and_withdraws_calibration(monkeypatch) -> None:
    monkeypatch.setattr(build, "card_of", lambda _: make_card())
    subject = example_subject()
    image = subject.case.image.model_copy(update={"fit": Fit(answer="does_not_fit", reasons=("Too small.",))})
    for extent in EXTENTS:
        text = words(extent, changed(subject, image=image))
        assert (
            "Does not fit the model: the reliability of its probabilities is unknown here. Too small." in text
        )
        assert "test images the probabilities" not in text
        assert "alibrated probability" not in text


def test_that_what_the_reader_said_first_is_in_the_full_report() -> None:
    at = datetime(2026, 11, 28, 9, 30, 5, tzinfo=UTC)
    seen = RevealedPrediction(model=SHIPPED, class_name="glioma", probability=0.75, at=at)
    other = RevealedPrediction(model="other_model", class_name="a_b", probability=0.5, at=at)
    record = LookFirstRecord(
        model=SHIPPED,
        classes=("glioma", "meningioma"),
        opened_at=at,
        impression=Impression(answer="unsure", confidence="low", at=at),
        prediction=seen,
        decision=Decision(choice="reject", prediction=other, answer="meningioma", note="Dural tail.", at=at),
    )
    text = words("full", changed(example_subject(), look_first=record))
    assert "Impression not sure, confidence: low 2026-11-28 09:30:05" in text
    assert "Prediction seen glioma, 75.0 % 2026-11-28 09:30:05" in text
    decision = "kept the impression: meningioma, about the prediction a_b, 50.0 % (model other_model)"
    assert f"Decision {decision}. Note: Dural tail." in text


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_neither_folders_nor_the_patient_nor_the_file_are_named(extent: Extent) -> None:
    subject = example_subject()
    source = subject.case.source.model_copy(
        update={
            "name": "Quillfeather",
            "path": "/home/Folderson/Quillfeather/a.dcm",
            "relative_path": "Folderson/a",
        }
    )
    image = subject.case.image
    image = image.model_copy(
        update={
            "file": "Zebedeeson.dcm",
            "image": image.image.model_copy(update={"file": "/x/Zebedeeson.dcm"}),
        }
    )
    identity = {"patient_name": "Quillfeather^Zebedeeson", "patient_id": "PLANTED-77"}
    planted = changed(subject, source=source, image=image, identity=identity)
    text = words(extent, planted)
    for secret in ("Quillfeather", "Zebedeeson", "Folderson", "PLANTED", "slice.dcm"):
        assert secret not in text
    named = words(extent, planted, file_name=True)
    assert "Image file Zebedeeson.dcm." in named
    assert "/x" not in named


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_research_use_label_and_origin_are_in_both_extents(extent: Extent) -> None:
    content = report(extent, label="Study 12")
    assert content.caution == RESEARCH_USE
    assert content.subtitle == "Study 12. Predicted: glioma, 75.0 %"
    text = words_of_report(content)
    assert "Written by Saliscope" in text
    assert "Grad-CAM of the logit of glioma, layer last, seed 3" in text or extent == "full"


def test_that_the_full_report_says_what_the_results_were_computed_with() -> None:
    saved = Versions(program="0.9", python="3.11.7", machine="Linux", libraries={"keras": "3.1", "scipy": ""})
    text = words("full", changed(example_subject(), versions=saved))
    assert "Computed with Saliscope 0.9, Python 3.11.7, keras 3.1 on Linux." in text
    assert "Device" not in text


def test_that_the_full_report_names_the_device() -> None:
    gpu = ComputingDevice(kind="gpu", name="NVIDIA H100 (GPU)", deterministic_mode=True)
    subject = example_subject()
    computed = changed(subject, image=subject.case.image.model_copy(update={"device": gpu}))
    assert "Device: NVIDIA H100 (GPU), deterministic." in words("full", computed)
    assert "Device" not in words("clinical", computed)


def test_that_every_text_of_a_crowded_clinical_page_is_bounded() -> None:
    text = words("clinical", crowded_subject(classes=14, length=5000))
    assert max(map(len, text.splitlines())) < 1000
    assert len(text) < 9000
    assert "10 other classes together 38.5 %" in text
    assert "The model knows only 14 classes." in text


def test_that_the_full_report_shortens_nothing() -> None:
    subject = crowded_subject(classes=14, length=400)
    text = words("full", subject)
    for name, share in subject.case.image.prediction.probabilities.items():
        assert f"{name} {percent(share)}" in text
    assert "…" not in text.replace(report("full", subject).subtitle, "")


def test_that_the_name_of_a_layer_stays_as_the_model_has_it() -> None:
    subject = example_subject()
    saved = subject.case.maps[0]
    record = saved.record.model_copy(update={"parameters": {"layer": "block_5_conv"}})
    text = words("full", changed(subject, maps=(saved.model_copy(update={"record": record}),)))
    assert "Layer block_5_conv (default: automatic)" in text


def test_that_a_colour_slice_and_a_map_of_zeros_have_pictures() -> None:
    subject = example_subject()
    saved, picture = subject.case.maps[0], subject.data.picture
    coloured = np.stack([picture, picture // 2, 0 * picture], axis=2)
    empty = np.zeros_like(subject.data.values_of(saved))
    arrays = dict(subject.data.arrays) | {subject.case.picture: coloured, saved.values: empty}
    pixels, bar = map_picture(CaseData(subject.case, arrays), saved.model_copy(update={"findings": ()}))
    assert np.array_equal(pixels, enlarged(coloured, 2.0, 400))
    assert bar.ticks == ((0.0, "0"),)
    assert not (bar.pixels == MARK).all(axis=2).any()


@pytest.mark.parametrize(("signed", "levels"), [(False, [0.1]), (True, [0.45, 0.55])])
def test_that_the_bar_marks_the_values_from_which_on_a_map_is_drawn(
    signed: bool, levels: list[float]
) -> None:
    bar = colour_bar(ColourScale(2.0, signed, cut=False))
    columns = (bar.pixels == MARK).all(axis=2)
    (tips,) = np.nonzero(columns[:, np.flatnonzero(columns.any(axis=0))[-1]])
    assert sorted(1 - tips / 255) == pytest.approx(levels, abs=0.01)


def test_that_the_picture_of_a_map_is_the_slice_with_the_map_blended_over_it() -> None:
    data = example_subject().data
    saved = data.case.maps[1]
    values = data.values_of(saved)
    scale = ColourScale.of(values, signed=True)
    expected = enlarged(blended(data.picture, data.case.grid.grid_map.to_slice(values), scale), 2.0, 400)
    pixels, bar = map_picture(data, saved)
    assert np.array_equal(pixels, expected)
    assert [share for share, _ in bar.ticks] == [0, 0.25, 0.5, 0.75, 1]


def test_that_a_large_slice_is_reduced_and_the_map_stays_in_its_place() -> None:
    data = example_subject().data
    saved = data.case.maps[0].model_copy(update={"findings": ()})
    small, _ = map_picture(data, saved)
    scale, names = 40, (data.case.picture,)
    arrays = dict(data.arrays) | {names[0]: np.kron(data.picture, np.ones((scale, scale), np.uint8))}
    grid = data.case.grid
    box = tuple((edge + 0.5) * scale - 0.5 for edge in grid.box)
    large_grid = grid.model_copy(update={"box": box, "slice_shape": (40 * scale, 60 * scale)})
    case = data.case.model_copy(update={"grid": large_grid})
    large, _ = map_picture(CaseData(case, arrays), saved)
    assert max(large.shape[:2]) <= 720
    rows, columns = (
        ((np.arange(side) + 0.5) * other / side).astype(int)
        for side, other in zip(large.shape[:2], small.shape[:2], strict=True)
    )
    difference = np.abs(small[rows][:, columns].astype(int) - large.astype(int))
    assert difference.mean() < 6


def test_that_regions_are_outlined_where_they_lie() -> None:
    data = example_subject().data
    picture = marked_picture(data)
    is_outline = (picture == REGION).all(axis=2)
    rows, columns = np.nonzero(is_outline)
    by_row, by_column = picture.shape[0] / 40, picture.shape[1] / 60
    assert rows.min() == 5 * by_row
    assert columns.max() == 50 * by_column - 1
    assert not (slice_picture(data) == REGION).all(axis=2).any()
    # Of a map, the region of its checks is outlined; of one without such a check, none.
    first, second = data.case.maps
    assert (map_picture(data, first)[0] == REGION).all(axis=2).any()
    assert not (map_picture(data, second)[0] == REGION).all(axis=2).any()


def test_that_sides_of_the_patient_stand_at_the_picture_or_are_told_to_be_unknown() -> None:
    known = pictures_of(report("clinical").body)
    assert {(each.letters.left, each.letters.right) for each in known if each.letters} == {("R", "L")}
    unknown = changed(example_subject(), geometry=SliceGeometry(shape=(40, 60)))
    first = pictures_of(report("clinical", unknown).body)[0]
    assert first.letters is None
    assert "Orientation unknown." in first.caption


def test_that_the_glossary_has_the_terms_of_the_text_and_no_others() -> None:
    terms = [term for term, _ in glossary_of("The bootstrap of AICs, not subcalibrations.")]
    assert terms == ["AIC", "bootstrap"]
    assert "attribution map" in words().lower()


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [("short", 5, "short"), ("one two three", 10, "one two …"), ("x" * 20, 10, "x" * 8 + " …")],
)
def test_that_a_text_is_shortened_at_a_space_where_there_is_one(text: str, most: int, expected: str) -> None:
    assert shortened(text, most) == expected


def test_that_definitions_have_no_markup() -> None:
    ((_, definition),) = glossary_of("completeness")
    assert "completeness_error measures" in definition
    assert "`" not in definition
    assert "`" not in words()


@pytest.mark.parametrize(
    ("forwards", "gradients", "expected"),
    [
        (0, 2, "2 gradients"),
        (1, 0, "1 prediction"),
        (1200, 1, "1,200 predictions, 1 gradient"),
        (0, 0, "none"),
    ],
)
def test_that_evaluations_are_counted(forwards: int, gradients: int, expected: str) -> None:
    assert evaluations_words(forwards, gradients) == expected
