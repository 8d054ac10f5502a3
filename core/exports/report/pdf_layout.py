"""A report as flowables of reportlab, at one size of text and pictures."""

from collections.abc import Iterator
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from core.exports.report.content import Block, ColumnBlock, Pictures, Plots, Report, Section, Table
from core.exports.report.drawing import drawing_of
from core.exports.report.palette import LIGHT
from core.exports.report.pdf_fonts import marked_up
from core.exports.report.pdf_parts import DrawingFlowable, PictureFlowable
from core.exports.report.pdf_words import BODY_SIZE, LEAD_SIZE, PLAIN_GRID, SMALL_SIZE, WordLayout
from core.exports.report.words import shortened

GAP = 14.0
HEADINGS = {1: 11.0, 2: 10.0, 3: 9.5}
# A heading is not left alone at the end of a page: so much has to fit with it, or what is drawn below it.
HEADING_HEIGHT, TEXT_ROOM, TABLE_ROOM = 28.0, 42.0, 80.0
# The most of two columns in height, and of a caption in characters: they are not divided between pages.
MOST_COLUMNS, MOST_CAPTION = 680.0, 1500


class HeadingParagraph(Paragraph):
    """A heading that is also a bookmark."""

    def __init__(self, title: str, markup: str, style: ParagraphStyle, level: int) -> None:
        super().__init__(markup, style)
        self.title, self.level = title, level

    def draw(self) -> None:
        """Draw it and add the bookmark."""
        canvas: Any = self.canv
        canvas.add_heading(self.title, self.level)
        super().draw()


class ReportLayout:
    """Makes flowables. scale: of the text. picture_height: the most of a picture, in points."""

    def __init__(self, scale: float, picture_height: float) -> None:
        self._words, self._picture_height = WordLayout(scale), picture_height

    def story(self, report: Report, width: float) -> list[Flowable]:
        """The whole report below its first line."""
        story: list[Flowable] = [self._words.text(report.subtitle, LEAD_SIZE, is_bold=True, after=2)]
        for block in report.body:
            story += self._block(block, width, 1, has_breaks=report.extent == "full")
        return story

    def _block(self, block: Block, width: float, level: int, has_breaks: bool) -> Iterator[Flowable]:
        match block:
            case Section():
                yield from self._section(block, width, level, has_breaks)
            case ColumnBlock():
                yield from self._columns(block, width, level, has_breaks)
            case Pictures():
                yield self._pictures(block, width)
            case Plots():
                yield self._plots(block, width)
            case _:
                if has_breaks and isinstance(block, Table):
                    yield CondPageBreak(TABLE_ROOM)
                yield from self._words.blocks(block, width)

    def _section(
        self, section: Section, width: float, level: int, has_breaks: bool, is_first: bool = False
    ) -> Iterator[Flowable]:
        """is_first: directly below the heading of another one, which has made room for both."""
        if has_breaks and not is_first:
            yield CondPageBreak(self._room_of(section, width, level))
        size = HEADINGS[min(level, 3)] * self._words.scale
        style = self._words.style(size, is_bold=True, before=9 if level == 1 else 6, after=3)
        yield HeadingParagraph(section.title, marked_up(section.title, is_bold=True), style, level - 1)
        for number, block in enumerate(section.blocks):
            if isinstance(block, Section):
                yield from self._section(block, width, level + 1, has_breaks, is_first=number == 0)
            else:
                yield from self._block(block, width, level + 1, has_breaks)

    def _room_of(self, section: Section, width: float, level: int) -> float:
        """What a heading needs with what follows it, so that it is not the last of its page."""
        first = section.blocks[0] if section.blocks else None
        if isinstance(first, Section):
            return HEADING_HEIGHT + self._room_of(first, width, level + 1)
        if isinstance(first, ColumnBlock | Pictures | Plots):
            below = next(iter(self._block(first, width, level + 1, has_breaks=True)))
            return HEADING_HEIGHT + float(below.wrap(width, MOST_COLUMNS)[1])
        return HEADING_HEIGHT + TEXT_ROOM

    def _columns(
        self, columns: ColumnBlock, width: float, level: int, has_breaks: bool
    ) -> Iterator[Flowable]:
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

    def _pictures(self, pictures: Pictures, width: float) -> Flowable:
        count = len(pictures.pictures)
        column = (width - GAP * (count - 1)) / count
        has_bar_room = any(picture.bar is not None for picture in pictures.pictures) or count == 1
        row: list[Any] = []
        for picture in pictures.pictures:
            flowable = PictureFlowable(picture, column, self._picture_height, has_bar_room)
            cell: list[Flowable] = [flowable, Spacer(0, 2)]
            if picture.note:
                cell.append(self._words.text(shortened(picture.note, MOST_CAPTION), BODY_SIZE, is_bold=True))
            cell.append(
                self._words.text(shortened(picture.caption, MOST_CAPTION), SMALL_SIZE, colour=LIGHT.muted)
            )
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
