"""The parts of a report as flowables of reportlab, at one size of text."""

from collections.abc import Iterator
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from core.exports.report.content import (
    Bars,
    Block,
    Columns,
    Facts,
    Items,
    Pictures,
    Plots,
    Report,
    Section,
    Table,
    Text,
    Verdicts,
)
from core.exports.report.drawing import drawing_of
from core.exports.report.palette import LIGHT
from core.exports.report.pdf_fonts import BOLD, REGULAR, marked_up
from core.exports.report.pdf_parts import BarFlowable, DrawingFlowable, PictureFlowable
from core.exports.report.words import shortened

GAP = 14.0
LINE, PANEL = HexColor(LIGHT.line), HexColor(LIGHT.panel)
BODY_SIZE, SMALL_SIZE, LEAD_SIZE, TITLE_SIZE = 9.0, 7.5, 13.0, 15.0
HEADINGS = {1: 11.0, 2: 10.0, 3: 9.5}
# A heading is not left alone at the end of a page: so much has to fit, with a picture more if that is next.
HEADING_ROOM, TABLE_ROOM = 70.0, 80.0
# The most of two columns in height, and of a caption in characters: they are not divided between pages.
MOST_COLUMNS, MOST_CAPTION = 680.0, 1500
PLAIN_GRID = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
]


class HeadingParagraph(Paragraph):  # type: ignore[misc]
    """A heading that is also a bookmark."""

    def __init__(self, title: str, markup: str, style: ParagraphStyle, level: int) -> None:
        super().__init__(markup, style)
        self.title, self.level = title, level

    def draw(self) -> None:
        """Draw it and add the bookmark."""
        canvas: Any = self.canv
        canvas.add_heading(self.title, self.level)
        super().draw()


class Layout:
    """Makes flowables. scale: of the text. picture_height: the most of a picture, in points."""

    def __init__(self, scale: float, picture_height: float) -> None:
        self._scale, self._picture_height = scale, picture_height

    def story(self, report: Report, width: float) -> list[Flowable]:
        """The whole report below its first line."""
        story: list[Flowable] = [self._text(report.subtitle, LEAD_SIZE, is_bold=True, after=2)]
        for block in report.body:
            story += self._block(block, width, 1, has_breaks=report.extent == "full")
        return story

    def _block(self, block: Block, width: float, level: int, has_breaks: bool) -> Iterator[Flowable]:
        match block:
            case Section():
                yield from self._section(block, width, level, has_breaks)
            case Columns():
                yield from self._columns(block, width, level, has_breaks)
            case Text():
                yield self._paragraph(block)
            case Items():
                yield from (self._text(entry, BODY_SIZE, has_bullet=True) for entry in block.entries)
            case Facts():
                rows = [(self._cell(name, is_bold=True), self._cell(value)) for name, value in block.rows]
                yield self._grid(rows, (0.3 * width, 0.7 * width))
            case Table():
                if has_breaks:
                    yield CondPageBreak(TABLE_ROOM)
                yield from self._table(block, width)
            case Bars():
                yield from self._bars(block, width)
            case Verdicts():
                yield from self._verdicts(block)
            case Pictures():
                yield self._pictures(block, width)
            case Plots():
                yield self._plots(block, width)

    def _section(self, section: Section, width: float, level: int, has_breaks: bool) -> Iterator[Flowable]:
        if has_breaks:
            yield CondPageBreak(self._room_of(section))
        size = HEADINGS[min(level, 3)] * self._scale
        style = self._style(size, is_bold=True, before=9 if level == 1 else 6, after=3)
        yield HeadingParagraph(section.title, marked_up(section.title, is_bold=True), style, level - 1)
        for block in section.blocks:
            yield from self._block(block, width, level + 1, has_breaks)

    def _room_of(self, section: Section) -> float:
        """What has to fit below a heading, so that it is not the last of its page: its first picture or lines."""
        first = section.blocks[0] if section.blocks else None
        if isinstance(first, Section):
            return HEADING_ROOM + self._room_of(first)
        if isinstance(first, Columns | Pictures | Plots):
            return HEADING_ROOM + self._picture_height
        return HEADING_ROOM

    def _columns(self, columns: Columns, width: float, level: int, has_breaks: bool) -> Iterator[Flowable]:
        column = (width - GAP) / 2
        cells = [
            [flowable for block in side for flowable in self._block(block, column, level, has_breaks=False)]
            for side in (columns.left, columns.right)
        ]
        grid = Grid([[cells[0], "", cells[1]]], colWidths=(column, GAP, column))
        grid.setStyle([*PLAIN_GRID, ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
        if has_breaks and grid.wrap(width, MOST_COLUMNS)[1] > MOST_COLUMNS:
            # Two columns stay together on one page; what is longer stands below one another.
            for block in (*columns.left, *columns.right):
                yield from self._block(block, width, level, has_breaks)
            return
        yield grid

    def _paragraph(self, text: Text) -> Flowable:
        match text.tone:
            case "strong":
                return self._text(text.words, LEAD_SIZE, is_bold=True, after=3)
            case "caution":
                style = self._style(BODY_SIZE * self._scale, after=4, before=3)
                style.textColor, style.backColor = HexColor(LIGHT.caution), HexColor(LIGHT.caution_back)
                style.borderPadding = (2, 3, 2, 3)
                style.leftIndent = style.rightIndent = 3
                return Paragraph(marked_up(text.words), style)
            case "small":
                return self._text(text.words, SMALL_SIZE, colour=LIGHT.muted)
            case _:
                return self._text(text.words, BODY_SIZE)

    def _bars(self, bars: Bars, width: float) -> Iterator[Flowable]:
        for number, bar in enumerate(bars.bars):
            name, words = (self._cell(each, is_bold=number == 0) for each in (bar.name, bar.words))
            words.style.alignment = TA_RIGHT
            grid = self._grid([(name, words)], (width - 52, 52))
            grid.setStyle([("RIGHTPADDING", (1, 0), (1, 0), 0)])
            yield grid
            yield BarFlowable(bar.share, 4.0 * self._scale)

    def _verdicts(self, verdicts: Verdicts) -> Iterator[Flowable]:
        for each in verdicts.verdicts:
            answer = f"{each.symbol} {each.question}: {each.answer}."
            yield self._text(answer, BODY_SIZE, is_bold=True, before=2, after=0)
            if each.sentence:
                yield self._text(each.sentence, BODY_SIZE - 0.5)

    def _pictures(self, pictures: Pictures, width: float) -> Flowable:
        count = len(pictures.pictures)
        column = (width - GAP * (count - 1)) / count
        has_bar_room = any(picture.bar is not None for picture in pictures.pictures) or count == 1
        row: list[Any] = []
        for picture in pictures.pictures:
            flowable = PictureFlowable(picture, column, self._picture_height, has_bar_room)
            cell: list[Flowable] = [flowable, Spacer(0, 2)]
            if picture.note:
                cell.append(self._text(shortened(picture.note, MOST_CAPTION), BODY_SIZE, is_bold=True))
            cell.append(self._text(shortened(picture.caption, MOST_CAPTION), SMALL_SIZE, colour=LIGHT.muted))
            row += ([""] if row else []) + [cell]
        widths = ([column, GAP] * count)[:-1]
        grid = Grid([row], colWidths=widths)
        grid.setStyle([*PLAIN_GRID, ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
        return grid

    def _plots(self, plots: Plots, width: float) -> Flowable:
        column = (width - GAP) / 2
        cells = [DrawingFlowable(drawing_of(plot), column) for plot in plots.plots]
        grid = Grid([[cells[0], "", *cells[1:]]], colWidths=(column, GAP, column))
        grid.setStyle([*PLAIN_GRID, ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
        return grid

    def _table(self, table: Table, width: float) -> Iterator[Flowable]:
        yield self._text(table.title, BODY_SIZE, is_bold=True, before=5)
        rows = [tuple(self._cell(cell, is_bold=True) for cell in table.header)]
        for first, *rest in table.rows:
            rows.append((self._cell(first, is_bold=True), *(self._cell(cell) for cell in rest)))
        widths = tuple(width * share / sum(table.shares) for share in table.shares)
        grid = Grid(rows, colWidths=widths, repeatRows=1, splitInRow=1)
        grid.setStyle(
            [*PLAIN_GRID, ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("BACKGROUND", (0, 0), (-1, 0), PANEL)]
        )
        yield grid

    def _grid(self, rows: list[tuple[Flowable, ...]], widths: tuple[float, ...]) -> Grid:
        grid = Grid(rows, colWidths=widths, splitInRow=1)
        grid.setStyle(PLAIN_GRID)
        return grid

    def _cell(self, words: str, is_bold: bool = False) -> Paragraph:
        return self._text(words, BODY_SIZE - 1, is_bold=is_bold, after=0)

    def _text(
        self,
        words: str,
        size: float,
        is_bold: bool = False,
        before: float = 0,
        after: float = 2,
        colour: str = LIGHT.text,
        has_bullet: bool = False,
    ) -> Paragraph:
        style = self._style(size * self._scale, is_bold, before, after)
        style.textColor = HexColor(colour)
        if has_bullet:
            style.leftIndent, style.bulletIndent = 11, 1
            style.bulletFontName, style.bulletFontSize = REGULAR, style.fontSize
        return Paragraph(marked_up(words, is_bold), style, bulletText="•" if has_bullet else None)

    def _style(self, size: float, is_bold: bool = False, before: float = 0, after: float = 2) -> ParagraphStyle:
        return ParagraphStyle(
            "report",
            fontName=BOLD if is_bold else REGULAR,
            fontSize=size,
            leading=1.28 * size,
            spaceBefore=before * self._scale,
            spaceAfter=after * self._scale,
            textColor=HexColor(LIGHT.text),
        )
