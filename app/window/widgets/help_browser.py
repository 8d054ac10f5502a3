"""A page of the help: Markdown with pictures that fit the width and words that were searched for."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QUrl, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from app.help_pages import HELP, page, page_path, pages
from app.window.theme import GAP, MARGIN, THEME, TIGHT

WIDEST_COLUMN = 760
LINE_HEIGHT = 125
# What Qt has in the text where a picture stands.
ONLY_A_PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"


class HelpBrowser(QTextBrowser):
    """Shows the pages of `app.help_pages`, and follows their links to each other and to nothing else."""

    page_changed = Signal(str)  # key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.key = ""
        """Of the page that is shown, '' before the first."""
        self.setOpenExternalLinks(False)
        self.document().setDocumentMargin(2 * MARGIN)
        self.document().setIndentWidth(2 * MARGIN)
        self.sourceChanged.connect(self._on_source_changed)

    def show_page(self, key: str) -> None:
        self.setSource(QUrl.fromLocalFile(str(page_path(key))))

    def mark(self, words: str) -> None:
        """Mark every place where one of the words stands."""
        self._words = words
        marks = []
        for word in words.split():
            cursor = self.document().find(word)
            while not cursor.isNull():
                marks.append(self._mark(cursor))
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marks)

    def _mark(self, cursor: QTextCursor) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = cursor
        mark.format.setBackground(QColor(THEME.colours.warning_back))
        mark.format.setForeground(QColor(THEME.colours.warning))
        return mark

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A page's own text; of files, only the pictures beside the pages."""
        name = QUrl(name)
        url = self.source().resolved(name) if name.isRelative() else name
        path = Path(url.toLocalFile())
        if not url.isLocalFile() or not path.is_relative_to(HELP):
            return None
        if kind == QTextDocument.ResourceType.MarkdownResource.value:
            known = [one.key for one in pages() if one.path == path]
            return page(known[0]).text if known else None
        return super().loadResource(kind, url)

    @Slot(QUrl)
    def _on_source_changed(self, url: QUrl) -> None:
        # `source()` is still the page before.
        path = Path(url.toLocalFile())
        self.key = f"{path.parent.name}/{path.stem}"
        self._dress()
        self.page_changed.emit(self.key)

    def _dress(self) -> None:
        self._set_spacing()
        self._fit()
        self.mark(self._words)

    def _set_spacing(self) -> None:
        """Lines and paragraphs stand apart as text that is read, which Markdown by itself does not say."""
        block = self.document().begin()
        while block.isValid():
            form = QTextBlockFormat()
            level = block.blockFormat().headingLevel()
            if block.text() != ONLY_A_PICTURE:
                form.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            # Not `textList()`: PySide 6.12 drops a reference too many where it gives None.
            of_list = block.blockFormat().objectIndex()
            goes_on = of_list >= 0 and block.next().blockFormat().objectIndex() == of_list
            form.setTopMargin(2 * MARGIN if level > 1 else 0)
            form.setBottomMargin(TIGHT if goes_on else GAP)
            QTextCursor(block).mergeBlockFormat(form)
            block = block.next()
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._set_table(frame)

    @staticmethod
    def _set_table(table: QTextTable) -> None:
        form = table.format()
        form.setBorder(0)
        form.setCellPadding(TIGHT)
        form.setCellSpacing(0)
        form.setTopMargin(GAP)
        table.setFormat(form)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.key:
            # The colours of links are those of the time when the text was set.
            place = self.verticalScrollBar().value()
            self.reload()
            self._dress()
            self.verticalScrollBar().setValue(place)

    def _fit(self) -> None:
        """Pictures as wide as they are, or as there is room; text no wider than it can be read."""
        spare = max(0, self.viewport().width() - WIDEST_COLUMN)
        root = self.document().rootFrame().frameFormat()
        root.setRightMargin(2 * MARGIN + spare)
        self.document().rootFrame().setFrameFormat(root)
        room = min(self.viewport().width(), WIDEST_COLUMN) - 4 * MARGIN - GAP
        for cursor, form in self._pictures():
            found = self.document().resource(
                QTextDocument.ResourceType.ImageResource.value,
                QUrl.fromLocalFile(str(self._beside(form.name()))),
            )
            if found is not None and not found.isNull():
                form.setWidth(min(room, found.width()))
                form.setHeight(found.height() * form.width() / found.width())
                cursor.setCharFormat(form)

    def _beside(self, name: str) -> Path:
        return page_path(self.key).parent / name

    def _pictures(self) -> list[tuple[QTextCursor, QTextImageFormat]]:
        found = []
        block = self.document().begin()
        while block.isValid():
            at = block.begin()
            while not at.atEnd():
                fragment = at.fragment()
                if fragment.charFormat().objectType() == QTextFormat.ObjectTypes.ImageObject.value:
                    cursor = QTextCursor(self.document())
                    cursor.setPosition(fragment.position())
                    cursor.setPosition(
                        fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor
                    )
                    found.append((cursor, fragment.charFormat().toImageFormat()))
                at += 1
            block = block.next()
        return found
