"""The texts and tables of a report as flowables of reportlab, at one size of text."""

from collections.abc import Iterator, Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph
from reportlab.platypus import Table as Grid

from core.exports.report.content import Bars, FactBlock, Items, Table, Text, Verdicts, WordBlock
from core.exports.report.palette import LIGHT
from core.exports.report.pdf_fonts import BOLD, REGULAR, marked_up
from core.exports.report.pdf_parts import BarFlowable

LINE, PANEL = HexColor(LIGHT.line), HexColor(LIGHT.panel)
# A cell of more characters may be higher than a page in a narrow column, so that its row must be divided. No
# other row is: reportlab would repeat the header within the page.
MOST_CELL = 500
BODY_SIZE, SMALL_SIZE, LEAD_SIZE = 9.0, 7.5, 13.0
PLAIN_GRID = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
]


class WordLayout:
    """Makes flowables of words. scale: of their size."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def blocks(self, block: WordBlock, width: float) -> Iterator[Flowable]:
        """The flowables of a block, as wide as its place."""
        match block:
            case Text():
                yield self._paragraph(block)
            case Items():
                yield from (self.text(entry, BODY_SIZE, has_bullet=True) for entry in block.entries)
            case FactBlock():
                rows = [(self._cell(name, is_bold=True), self._cell(value)) for name, value in block.rows]
                yield self._grid(rows, (0.3 * width, 0.7 * width), _divides_rows(block.rows))
            case Table():
                yield from self._table(block, width)
            case Bars():
                yield from self._bars(block, width)
            case Verdicts():
                yield from self._verdicts(block)

    def _paragraph(self, text: Text) -> Flowable:
        match text.tone:
            case "strong":
                return self.text(text.words, LEAD_SIZE, is_bold=True, after=3)
            case "caution":
                style = self.style(BODY_SIZE * self.scale, after=4, before=3)
                style.textColor, style.backColor = HexColor(LIGHT.caution), HexColor(LIGHT.caution_back)
                style.borderPadding = (2, 3, 2, 3)
                style.leftIndent = style.rightIndent = 3
                return Paragraph(marked_up(text.words), style)
            case "small":
                return self.text(text.words, SMALL_SIZE, colour=LIGHT.muted)
            case _:
                return self.text(text.words, BODY_SIZE)

    def _bars(self, bars: Bars, width: float) -> Iterator[Flowable]:
        yield self.text(bars.title, SMALL_SIZE, colour=LIGHT.muted)
        for number, bar in enumerate(bars.bars):
            name, words = (self._cell(each, is_bold=number == 0) for each in (bar.name, bar.words))
            words.style.alignment = TA_RIGHT
            grid = self._grid([(name, words)], (width - 52, 52))
            grid.setStyle([("RIGHTPADDING", (1, 0), (1, 0), 0)])
            yield grid
            yield BarFlowable(bar.share, 4.0 * self.scale)

    def _verdicts(self, verdicts: Verdicts) -> Iterator[Flowable]:
        for each in verdicts.verdicts:
            answer = f"{each.symbol} {each.question}: {each.answer}."
            question = self.text(answer, BODY_SIZE, is_bold=True, before=2, after=0)
            question.style.keepWithNext = bool(each.sentence)
            yield question
            if each.sentence:
                yield self.text(each.sentence, BODY_SIZE - 0.5)

    def _table(self, table: Table, width: float) -> Iterator[Flowable]:
        yield self.text(table.title, BODY_SIZE, is_bold=True, before=5)
        rows = [tuple(self._cell(cell, is_bold=True) for cell in table.header)]
        for first, *rest in table.rows:
            rows.append((self._cell(first, is_bold=True), *(self._cell(cell) for cell in rest)))
        widths = tuple(width * share / sum(table.shares) for share in table.shares)
        grid = Grid(rows, colWidths=widths, repeatRows=1, splitInRow=_divides_rows(table.rows))
        grid.setStyle(
            [*PLAIN_GRID, ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("BACKGROUND", (0, 0), (-1, 0), PANEL)]
        )
        yield grid

    def _grid(
        self, rows: list[tuple[Flowable, ...]], widths: tuple[float, ...], divides_rows: int = 0
    ) -> Grid:
        grid = Grid(rows, colWidths=widths, splitInRow=divides_rows)
        grid.setStyle(PLAIN_GRID)
        return grid

    def _cell(self, words: str, is_bold: bool = False) -> Paragraph:
        return self.text(words, BODY_SIZE - 1, is_bold=is_bold, after=0)

    def text(
        self,
        words: str,
        size: float,
        is_bold: bool = False,
        before: float = 0,
        after: float = 2,
        colour: str = LIGHT.text,
        has_bullet: bool = False,
    ) -> Paragraph:
        """A paragraph. before, after: the space around it; all lengths before scaling, in points."""
        style = self.style(size * self.scale, is_bold, before, after)
        style.textColor = HexColor(colour)
        if has_bullet:
            style.leftIndent, style.bulletIndent = 11, 1
            style.bulletFontName, style.bulletFontSize = REGULAR, style.fontSize
        return Paragraph(marked_up(words, is_bold), style, bulletText="•" if has_bullet else None)

    def style(
        self, size: float, is_bold: bool = False, before: float = 0, after: float = 2
    ) -> ParagraphStyle:
        """The style of a paragraph of this size, which is scaled already."""
        return ParagraphStyle(
            "report",
            fontName=BOLD if is_bold else REGULAR,
            fontSize=size,
            leading=1.28 * size,
            spaceBefore=before * self.scale,
            spaceAfter=after * self.scale,
            textColor=HexColor(LIGHT.text),
        )


def _divides_rows(rows: Sequence[tuple[str, ...]]) -> int:
    """Whether rows are divided between pages, as reportlab has it."""
    return int(any(len(cell) > MOST_CELL for row in rows for cell in row))
