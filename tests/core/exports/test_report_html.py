"""A report as HTML: what a browser reads in it, and that it loads nothing."""

import base64
import hashlib
import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from core.exports.report.build import report_of
from core.exports.report.content import Extent, Plot, Plots, Report, Section, Series
from core.exports.report.glossary import words_of_report
from core.exports.report.html import html_of
from core.exports.report.options import ReportParams
from core.exports.report.palette import DARK, LIGHT, ReportPalette
from core.exports.report.pictures import map_picture
from core.exports.report_html import ReportHtml
from core.exports.statement import RESEARCH_USE, statement_of
from core.figures.scheme_colours import IMAGE_FIELD, IMAGE_QUIET, IMAGE_TEXT
from tests.contrast import contrast
from tests.core.exports.hard_cases import changed, crowded_subject, example_subject

EXTENTS: tuple[Extent, ...] = ("clinical", "full")
MARKUP = "<script>alert(1)</script><img src=x onerror=y>&\"'"
VOID = {"meta", "img", "col", "br", "rect", "polyline", "polygon"}


class Page(HTMLParser):
    """tags: each with its attributes. text: outside of style. open: the tags that are not closed."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.style, self.open = "", "", []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            self.style += data
        else:
            self.text += f" {data}"

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def report(extent: Extent, subject=None, **options) -> Report:
    subject = subject or example_subject()
    return report_of(subject, ReportParams(extent=extent, **options), statement_of(subject))


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_a_page_has_every_text_of_the_report_and_closes_every_tag(extent: Extent) -> None:
    content = report(extent)
    page = Page(html_of(content))
    assert not page.open
    text = spaced(page.text)
    for line in words_of_report(content).splitlines():
        for word in line.split():
            assert word in text, line
    assert text.count(RESEARCH_USE) == 2


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_markup_in_any_text_stays_text(extent: Extent) -> None:
    subject = crowded_subject(classes=3, length=20)
    image = subject.case.image
    prediction = image.prediction.model_copy(
        update={
            "class_name": MARKUP,
            "probabilities": {MARKUP: 0.9, "b": 0.1},
            "logits": {MARKUP: 1.0, "b": 0.0},
        }
    )
    region = subject.case.regions[0].model_copy(update={"title": MARKUP})
    measurement = subject.case.measurements[0].model_copy(update={"words": MARKUP})
    saved = subject.case.maps[0]
    finding = saved.findings[0].model_copy(
        update={
            "finding": saved.findings[0].finding.model_copy(update={"metric": MARKUP, "sentence": MARKUP})
        }
    )
    record = saved.record.model_copy(update={"title": MARKUP, "name": MARKUP, "choices": {MARKUP: MARKUP}})
    image = image.model_copy(update={"prediction": prediction, "input_notes": (MARKUP,)})
    subject = changed(
        subject,
        image=image,
        regions=(region,),
        measurements=(measurement,),
        maps=(saved.model_copy(update={"findings": (finding,), "record": record}),),
    )
    plot = Plot(MARKUP, MARKUP, MARKUP, (Series(MARKUP, ((0, 0), (1, 1)), 0),), MARKUP)
    content = report(extent, subject, label=MARKUP)
    content = replace(content, body=(*content.body, Section(MARKUP, (Plots((plot,)),))))
    page = Page(html_of(content))
    assert not page.open
    assert not page.of("script")
    assert all("onerror" not in attributes for _, attributes in page.tags)
    assert all(str(attributes["src"]).startswith("data:image/png;base64,") for attributes in page.of("img"))
    assert page.text.count("<script>alert(1)</script>") > 5


@pytest.mark.parametrize("extent", EXTENTS)
def test_that_nothing_is_loaded_and_the_policy_forbids_it(extent: Extent) -> None:
    data = html_of(report(extent))
    page = Page(data)
    (policy,) = [
        each["content"] for each in page.of("meta") if each.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy == (
        "default-src 'none'; img-src data:; font-src data:; base-uri 'none'; form-action 'none';"
        f" style-src 'sha256-{digest}'"
    )
    assert not {"script", "link", "iframe", "object", "a", "base"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert "style" not in attributes  # the policy would ignore it
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href", "srcset", "data"):
            assert str(attributes.get(name, "data:")).startswith("data:")
    assert all(url.startswith("data:font/ttf") for url in re.findall(r'url\("?([^)]{0,20})', page.style))
    assert "@import" not in page.style
    assert b"http://" not in data
    assert b"https://" not in data


def test_that_headings_go_down_by_one_level_and_pictures_have_words() -> None:
    page = Page(html_of(report("full")))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert all(len(str(each["alt"])) > 10 for each in page.of("img"))
    assert ("html", {"lang": "en"}) in page.tags


def test_that_the_pixels_of_a_map_are_in_the_file() -> None:
    subject = example_subject()
    page = Page(html_of(report("clinical")))
    (source,) = [str(each["src"]) for each in page.of("img") if "overlay" in str(each["alt"])]
    shown = np.asarray(Image.open(BytesIO(base64.b64decode(source.partition(",")[2]))))
    assert np.array_equal(shown, map_picture(subject.data, subject.case.maps[0])[0])


def test_that_curves_are_drawn_where_their_points_are() -> None:
    series = Series("map", ((0.0, 0.0), (0.5, 1.0), (1.0, 1.0)), style=1)
    plot = Plots((Plot("AIC", "x", "y", (series,)),))
    content = replace(report("full"), body=(Section("Curves", (plot,)),))
    page = Page(html_of(content))
    curve = next(each for each in page.of("polyline") if each["class"] == "curve1")
    first, middle, last = (tuple(map(float, pair.split(","))) for pair in str(curve["points"]).split())
    assert middle[0] == pytest.approx((first[0] + last[0]) / 2)
    assert middle[1] == last[1] < first[1]
    assert 'role="img"' in html_of(content).decode()


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_text_has_contrast(palette: ReportPalette) -> None:
    for ink in (palette.text, palette.muted):
        assert contrast(ink, palette.background) >= 4.5
    assert contrast(palette.text, palette.panel) >= 4.5
    assert contrast(palette.caution, palette.caution_back) >= 4.5
    for line in (*palette.curves, palette.control, palette.bar):
        assert contrast(line, palette.background) >= 3


def test_that_texts_on_the_dark_field_of_pictures_have_contrast() -> None:
    style = Page(html_of(report("clinical"))).style
    assert "background: var(--field); padding: 6px;\n  color: var(--letter);" in style
    assert f"--field: {IMAGE_FIELD}; --letter: {IMAGE_TEXT};" in style
    for ink in (IMAGE_TEXT, IMAGE_QUIET):
        assert contrast(ink, IMAGE_FIELD) >= 4.5


def test_that_the_style_has_both_schemes_and_pages_of_a4() -> None:
    style = Page(html_of(report("clinical"))).style
    assert "prefers-color-scheme: dark" in style
    assert "size: A4" in style
    for palette in (LIGHT, DARK):
        for each in fields(palette):
            if each.name != "curves":
                assert f"--{each.name}: {getattr(palette, each.name)};" in style


def test_that_the_same_report_gives_the_same_bytes() -> None:
    content = report("full")
    assert html_of(content) == html_of(content)


def test_that_text_that_is_no_unicode_does_not_end_the_report() -> None:
    page = Page(html_of(replace(report("clinical"), subtitle="a\ud800b\x00c\x1bd")))
    assert "a b c d" in page.text


def test_that_the_exporter_gives_one_file_with_everything_unless_one_page_is_chosen() -> None:
    exporter, subject = ReportHtml(), replace(example_subject(), map=None)
    exporter.applies(subject)
    files = exporter.files(subject, exporter.Params())
    assert list(files) == [".html"]
    overlays = [str(each["alt"]) for each in Page(files[".html"]).of("img") if "overlay" in str(each["alt"])]
    assert [alt.split(" of the")[0] for alt in overlays] == ["Grad-CAM", "Integrated Gradients"]
    (one_page,) = exporter.files(subject, exporter.Params(extent="clinical")).values()
    (overlay,) = [str(each["alt"]) for each in Page(one_page).of("img") if "overlay" in str(each["alt"])]
    assert overlay.startswith("Grad-CAM")
