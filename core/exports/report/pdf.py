"""A report as a PDF file on A4: fonts embedded, text that can be selected, bookmarks, pages with numbers.

Imported only when a report is drawn, because it brings up reportlab.
"""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepInFrame, PageTemplate

from core.exports.report.content import Report
from core.exports.report.palette import LIGHT
from core.exports.report.pdf_fonts import REGULAR, register_fonts
from core.exports.report.pdf_layout import ReportLayout
from core.exports.report.pdf_parts import draw_text

MARGIN, HEAD, FOOT = 14 * mm, 18 * mm, 15 * mm
WIDTH, HEIGHT = A4[0] - 2 * MARGIN, A4[1] - HEAD - FOOT
# Sizes of text and heights of pictures that are tried one after the other until all is on the one page: first
# those that are read with ease.
TRIALS = (
    *((scale, height * mm) for scale in (1.0, 0.96, 0.92) for height in range(80, 55, -4)),
    *((1 - 0.04 * step, height * mm) for step in range(2, 11) for height in (52, 46, 40)),
)
FULL_PICTURE_HEIGHT = 60 * mm


def pdf_of(report: Report) -> bytes:
    """The file; the same report gives the same bytes. The clinical extent has exactly one page."""
    register_fonts()
    # Streams as they are instead of in letters: a quarter smaller, and the report takes half of the time.
    rl_config.useA85 = 0
    story = (
        _single_page(report)
        if report.extent == "clinical"
        else ReportLayout(1.0, FULL_PICTURE_HEIGHT).story(report, WIDTH)
    )
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=f"{report.title}. {report.subtitle}",
        subject=" ".join(report.statement),
        author="",
        creator=report.caution,
        invariant=1,
        initialFontName=REGULAR,
        lang="en",
    )
    frame = Frame(MARGIN, FOOT, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate(frames=[frame]))
    document.build(story, canvasmaker=partial(NumberedCanvas, report))
    return buffer.getvalue()


def _single_page(report: Report) -> list[Flowable]:
    """The report as large as one page can hold it."""
    for trial in TRIALS:
        story = ReportLayout(*trial).story(report, WIDTH)
        if _height_of(story) <= HEIGHT:
            return story
    # Nothing that a report contains is so long, because its texts are bounded; were it, it becomes smaller.
    story = ReportLayout(*TRIALS[-1]).story(report, WIDTH)
    return [KeepInFrame(WIDTH, HEIGHT, story, mode="shrink")]


def _height_of(story: Sequence[Flowable]) -> float:
    """The height of flowables below one another."""
    height = 0.0
    for number, flowable in enumerate(story):
        height += flowable.wrap(WIDTH, HEIGHT)[1]
        height += flowable.getSpaceAfter() + (flowable.getSpaceBefore() if number else 0)
    return height


class NumberedCanvas(Canvas):
    """Pages with the report's title, what it is for, and their number of all; drawn when all are known."""

    def __init__(self, report: Report, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._report = report
        self._states: list[dict[str, Any]] = []
        self._heading_count = 0
        date = report.date
        # reportlab writes a day of the year 2000 into files that are the same each time.
        self.setDateFormatter(lambda *_: f"D:{date:%Y%m%d%H%M%S}+00'00'")

    def add_heading(self, title: str, level: int) -> None:
        """Make a bookmark of what is drawn next."""
        self._heading_count += 1
        key = f"heading-{self._heading_count}"
        self.bookmarkHorizontal(key, 0, 12)
        self.addOutlineEntry(title, key, level=level, closed=level > 0)

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep the page until the number of all is known."""
        self._states.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write every page with its lines, then the file."""
        for number, state in enumerate(self._states, 1):
            self.__dict__.update(state)
            self._draw_lines(number, len(self._states))
            super().showPage()
        super().save()

    def _draw_lines(self, number: int, count: int) -> None:
        self.setFillColor(HexColor(LIGHT.text))
        draw_text(self, self._report.title, MARGIN, A4[1] - 11 * mm, 9, is_bold=True)
        draw_text(self, self._report.caution, A4[0] - MARGIN, A4[1] - 11 * mm, 9, "end", is_bold=True)
        self.setStrokeColor(HexColor(LIGHT.line))
        for y in (A4[1] - 13.5 * mm, 12 * mm):
            self.line(MARGIN, y, A4[0] - MARGIN, y)
        draw_text(self, self._report.caution, MARGIN, 8 * mm, 8, is_bold=True)
        draw_text(self, f"Page {number} of {count}", A4[0] - MARGIN, 8 * mm, 8, "end")
