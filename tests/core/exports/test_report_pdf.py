"""A report as PDF: its pages, fonts, bookmarks and texts, read from the bytes."""

import re
from dataclasses import replace

import pytest

from core.exports.report import build
from core.exports.report.build import report_of
from core.exports.report.content import Extent, Report
from core.exports.report.glossary import words_of_report
from core.exports.report.options import ReportParams
from core.exports.report.pdf import pdf_of
from core.exports.report.pdf_fonts import FALLBACK, REGULAR, font_runs, marked_up, register_fonts
from core.exports.report_pdf import ReportPdf
from core.exports.statement import RESEARCH_USE, statement_of
from core.workspace.workspace import CaseData
from tests.cards import make_card
from tests.core.exports.hard_cases import changed, crowded_subject, example_subject
from tests.core.exports.pdf_text import PdfFile

EXTENTS: tuple[Extent, ...] = ("clinical", "full")


def report(extent: Extent, subject=None, **options) -> Report:
    subject = subject or example_subject()
    return report_of(subject, ReportParams(extent=extent, **options), statement_of(subject))


def pdf(extent: Extent, subject=None, **options) -> PdfFile:
    return PdfFile.of(pdf_of(report(extent, subject, **options)))


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_every_text_of_the_report_can_be_selected(extent: Extent) -> None:
    content = report(extent, label="Größe Łódź")
    text = " ".join(PdfFile.of(pdf_of(content)).pages)
    squeezed = text.replace(" ", "")
    for line in words_of_report(content).splitlines():
        for word in line.split():
            assert word in squeezed, line
    assert "\ufffd" not in text


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_fonts_are_embedded_and_every_page_has_its_number_and_what_it_is_for(extent: Extent) -> None:
    file = pdf(extent)
    assert len(file.fonts) >= 2
    assert all(file.fonts.values())
    assert all("InterTabular" in name for name in file.fonts)
    for number, page in enumerate(file.pages, 1):
        assert page.count(RESEARCH_USE) == 2
        assert f"Page {number} of {len(file.pages)}" in page


@pytest.mark.parametrize(
    ("classes", "length"), [(2, 10), (14, 60), (14, 200), (14, 2000), (60, 200)], ids=str
)
def test_that_the_clinical_report_is_one_page_whatever_the_case_holds(
    monkeypatch, classes: int, length: int
) -> None:
    subject = crowded_subject(classes, length)
    words = ("limit " * length)[:length]
    card = make_card().model_copy(
        update={
            "caveats": {subject.case.image.prediction.class_name: words},
            "not_for": words,
            "limits": (words,) * 8,
        }
    )
    monkeypatch.setattr(build, "card_of", lambda _: card)
    file = pdf("clinical", subject, label="L" * 80, file_name=True)
    (page,) = file.pages
    for part in ("50.0 %", "Depends on training: in part.", "Limits of the model", "SHA-256"):
        assert part in page, part


def test_that_a_full_report_with_very_long_texts_is_drawn() -> None:
    file = pdf("full", crowded_subject(classes=3, length=4000))
    assert len(file.pages) > 5


def test_that_bookmarks_and_metadata_name_the_report() -> None:
    head = pdf("full", label="Study 12").dictionaries
    for title in (b"Prediction of the model", b"Attribution maps", b"Grad-CAM", b"Integrated Gradients"):
        assert b"/Title (" + title + b")" in head
    assert b"/Outlines" in head
    assert b"Study 12. Predicted: glioma, 75.0 %" in head
    assert RESEARCH_USE.encode() in head


def test_that_the_same_report_gives_the_same_bytes_with_its_own_date() -> None:
    content = report("full")
    first = pdf_of(content)
    assert first == pdf_of(content)
    assert f"/CreationDate (D:{content.date:%Y%m%d%H%M%S}+00'00')".encode() in first


def test_that_curves_and_bars_are_vectors_and_pictures_are_as_many_as_in_the_report() -> None:
    file = pdf("clinical")
    images = [head for head, _ in file.objects.values() if b"/Subtype /Image" in head]
    assert len(images) == 3  # the slice, the map, its colours


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_neither_folders_nor_the_patient_are_in_the_file(extent: Extent) -> None:
    source = example_subject().case.source.model_copy(
        update={"name": "Quillfeather", "path": "/home/Folderson/Zebedeeson.dcm"}
    )
    subject = changed(example_subject(), source=source, identity={"patient_name": "Quillfeather^Zebedeeson"})
    data = pdf_of(report(extent, subject))
    file = PdfFile.of(data)
    everything = data + " ".join(file.pages).encode()
    for secret in (b"Quillfeather", b"Zebedeeson", b"Folderson", b"slice.dcm"):
        assert secret not in everything


def test_that_letters_that_the_program_s_font_lacks_come_from_another_or_are_named() -> None:
    register_fonts()
    assert font_runs("Größe") == [(REGULAR, "Größe")]
    assert font_runs("aЖb") == [(REGULAR, "a"), (FALLBACK, "Ж"), (REGULAR, "b")]
    assert font_runs("\U0001f9e0") == [(REGULAR, "[U+1F9E0]")]
    assert font_runs("a\x07\nb") == [(REGULAR, "a  b")]
    file = pdf("clinical", label="Жук")
    assert "Жук" in file.pages[0]
    assert all(file.fonts.values())


def test_that_markup_stays_text() -> None:
    assert marked_up("<b>&") == "&lt;b&gt;&amp;"
    page = pdf("clinical", label="<font size=99>x</font> & <para").pages[0]
    assert "<fontsize=99>x</font>&<para" in page.replace(" ", "")


def test_that_the_exporter_gives_one_page_unless_everything_is_chosen() -> None:
    exporter, subject = ReportPdf(), replace(example_subject(), map=None)
    exporter.applies(subject)
    files = exporter.files(subject, exporter.Params())
    assert list(files) == [".pdf"]
    (page,) = PdfFile.of(files[".pdf"]).pages
    assert "Explanation: Grad-CAM" in re.sub(r"\s+", " ", page)
    (full,) = exporter.files(subject, exporter.Params(extent="full")).values()
    assert len(PdfFile.of(full).pages) > 1


def test_that_no_heading_of_a_map_is_the_last_of_its_page() -> None:
    subject = example_subject()
    example = subject.case.maps[0]
    maps = []
    for number in range(8):  # of growing height, so that pages end at many places
        figures = {f"figure_{number}_{row}": 1.0 for row in range(4 * number + 1)}
        record = example.record.model_copy(update={"title": f"Title{number}", "diagnostics": figures})
        maps.append(example.model_copy(update={"id": f"map-{number}", "record": record, "findings": ()}))
    values = subject.data.arrays["case-1-map-1"]
    arrays = {**subject.data.arrays, **{f"case-1-{saved.id}": values for saved in maps}}
    case = changed(subject, maps=tuple(maps)).case
    pages = pdf("full", replace(subject, data=CaseData(case, arrays), map=case.maps[0])).pages
    for number in range(8):
        (page,) = [page for page in pages if f"Figure {number} 0" in page]
        assert page.count(f"Title{number}") >= 2  # the heading and the caption


def full_pages(count: int, checks: int) -> list[str]:
    """The pages of a full report of so many maps, each with so many findings in rows of many lines."""
    subject = example_subject()
    example = subject.case.maps[0]
    (saved,) = example.findings
    finding = saved.finding.model_copy(update={"parameters": {"words": "many lines " * 30}})
    findings = (saved.model_copy(update={"finding": finding}),) * checks
    maps = tuple(
        example.model_copy(
            update={
                "id": f"map-{number}",
                "findings": findings,
                "record": example.record.model_copy(update={"title": f"Title{number}"}),
            }
        )
        for number in range(count)
    )
    values = subject.data.arrays["case-1-map-1"]
    arrays = {**subject.data.arrays, **{f"case-1-{saved.id}": values for saved in maps}}
    case = changed(subject, maps=maps).case
    return pdf("full", replace(subject, data=CaseData(case, arrays), map=case.maps[0])).pages


@pytest.mark.parametrize("checks", [1, 4, 9])
def test_that_the_header_of_a_table_is_never_repeated_within_a_page(checks: int) -> None:
    for page in full_pages(5, checks):
        squeezed = page.replace(" ", "")
        tables = squeezed.count("Findingsofthechecks")
        continued = 1  # from the page before
        assert squeezed.count("CheckQuestionAnswerFiguresParameters") <= tables + continued


def test_that_maps_share_pages_instead_of_having_one_each() -> None:
    # One without findings is less than half a page high.
    assert len(full_pages(10, 0)) - len(full_pages(2, 0)) <= 5


def test_that_a_heading_whose_first_part_is_higher_than_a_page_is_not_alone_on_one() -> None:
    pages = pdf("full", crowded_subject(classes=3, length=400)).pages
    (page,) = [page for page in pages if "Attribution maps" in page and "Title" not in page][:1]
    assert "Target" in page
