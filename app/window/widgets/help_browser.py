"""A page of the help: Markdown, pictures fitted to the width, and highlighted search words."""

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
from app.texts import help as texts
from app.window.theme import GAP, MARGIN, THEME, TIGHT

WIDEST_COLUMN = 760
LINE_HEIGHT = 125
# What Qt has in the text in place of a picture.
ONLY_A_PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"


class HelpBrowser(QTextBrowser):
    """Shows the pages of `app.help_pages`, and follows links between them only."""

    page_changed = Signal(str)  # key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setAccessibleName(texts.HELP)
        self.key = ""
        """Of the displayed page, '' before the first."""
        self.setOpenExternalLinks(False)
        self.document().setDocumentMargin(2 * MARGIN)
        self.document().setIndentWidth(2 * MARGIN)
        self.sourceChanged.connect(self._on_source_changed)
        THEME.changed.connect(self._on_scheme)

    def show_page(self, key: str) -> None:
        self.setSource(QUrl.fromLocalFile(str(page_path(key))))

    def mark(self, words: str) -> None:
        """Highlight every occurrence of one of the words."""
        self._words = words
        marks = []
        for word in words.split():
            cursor = self.document().find(word)
            while not cursor.isNull():
                marks.append(self._mark(cursor))
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marks)

    @Slot()
    def _on_scheme(self) -> None:
        self.mark(self._words)

    def _mark(self, cursor: QTextCursor) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = cursor
        mark.format.setBackground(QColor(THEME.colours.warning_back))
        mark.format.setForeground(QColor(THEME.colours.warning))
        return mark

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """The text of a page, or a picture beside the pages; no other file."""
        name = QUrl(name)
        url = self.source().resolved(name) if name.isRelative() else name
        path = Path(url.toLocalFile())
        if not url.isLocalFile() or not path.is_relative_to(HELP):
            return None
        if kind == QTextDocument.ResourceType.MarkdownResource.value:
            keys = [each.key for each in pages() if each.path == path]
            return page(keys[0]).text if keys else None
        return super().loadResource(kind, url)

    @Slot(QUrl)
    def _on_source_changed(self, url: QUrl) -> None:
        # `source()` is still the previous page.
        path = Path(url.toLocalFile())
        self.key = f"{path.parent.name}/{path.stem}"
        self._format()
        self.page_changed.emit(self.key)

    def _format(self) -> None:
        self._set_spacing()
        self._fit()
        self.mark(self._words)

    def _set_spacing(self) -> None:
        """Set the spacing of lines and paragraphs, which Markdown does not define."""
        block = self.document().begin()
        while block.isValid():
            form = QTextBlockFormat()
            level = block.blockFormat().headingLevel()
            if block.text() != ONLY_A_PICTURE:
                form.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            # Not `textList()`: PySide 6.12 drops a reference too many where it gives None.
            of_list = block.blockFormat().objectIndex()
            continues = of_list >= 0 and block.next().blockFormat().objectIndex() == of_list
            form.setTopMargin(2 * MARGIN if level > 1 else 0)
            form.setBottomMargin(TIGHT if continues else GAP)
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
            # Links keep the colours of the time when the text was set.
            place = self.verticalScrollBar().value()
            self.reload()
            self._format()
            self.verticalScrollBar().setValue(place)

    def _fit(self) -> None:
        """Limit the width of pictures to the page, and that of text to a readable line."""
        spare = max(0, self.viewport().width() - WIDEST_COLUMN)
        root = self.document().rootFrame().frameFormat()
        root.setRightMargin(2 * MARGIN + spare)
        self.document().rootFrame().setFrameFormat(root)
        room = min(self.viewport().width(), WIDEST_COLUMN) - 4 * MARGIN - GAP
        for cursor, form in self._pictures():
            image = self.document().resource(
                QTextDocument.ResourceType.ImageResource.value,
                QUrl.fromLocalFile(str(self._beside(form.name()))),
            )
            if image is not None and not image.isNull():
                form.setWidth(min(room, image.width()))
                form.setHeight(image.height() * form.width() / image.width())
                cursor.setCharFormat(form)

    def _beside(self, name: str) -> Path:
        return page_path(self.key).parent / name

    def _pictures(self) -> list[tuple[QTextCursor, QTextImageFormat]]:
        pictures = []
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
                    pictures.append((cursor, fragment.charFormat().toImageFormat()))
                at += 1
            block = block.next()
        return pictures
