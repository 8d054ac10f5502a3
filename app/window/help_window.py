"""The help window: an index with search, and the current page. It is not modal."""

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.help_pages import FIRST_PAGE, HelpPage, pages
from app.texts import help as texts
from app.window.theme import GAP, MARGIN
from app.window.widgets.help_browser import HelpBrowser
from app.window.widgets.panel import Panel

KEY = Qt.ItemDataRole.UserRole
SIZE, INDEX_WIDTH = (1020, 640), 250


class HelpWindow(QDialog):
    """One for each main window; it keeps its page when closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.HELP)
        self.resize(*SIZE)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._headings: list[QTreeWidgetItem] = []
        self.search, self.index, self.browser = QLineEdit(), QTreeWidget(), HelpBrowser()
        self._no_result = QLabel()
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._left())
        splitter.addWidget(self._right())
        splitter.setSizes([INDEX_WIDTH, SIZE[0] - INDEX_WIDTH])
        splitter.setStretchFactor(1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
        self._fill()
        self.browser.page_changed.connect(self._on_page)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._on_find)
        self.show_page(FIRST_PAGE)

    def show_page(self, key: str) -> None:
        """Open a page; clears a search that hides it."""
        if self._items[key].isHidden():
            self.search.clear()
        self.browser.show_page(key)

    def _left(self) -> QWidget:
        self.search.setPlaceholderText(texts.SEARCH_HELP)
        self.search.setAccessibleName(texts.SEARCH_HELP)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.index.setHeaderHidden(True)
        self.index.setRootIsDecorated(False)
        self.index.setIndentation(10)
        self.index.setAccessibleName(texts.HELP_INDEX)
        self.index.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.index.currentItemChanged.connect(self._on_chosen)
        self._no_result.setObjectName("muted")
        self._no_result.setWordWrap(True)
        self._no_result.hide()
        side = Panel()
        column = QVBoxLayout(side)
        column.setContentsMargins(MARGIN, MARGIN, GAP, 0)
        column.setSpacing(GAP)
        column.addWidget(self.search)
        column.addWidget(self._no_result)
        column.addWidget(self.index, 1)
        return side

    def _right(self) -> QWidget:
        self._back, self._forward = QPushButton(texts.BACK), QPushButton(texts.FORWARD)
        for button, go, may in (
            (self._back, self.browser.backward, self.browser.backwardAvailable),
            (self._forward, self.browser.forward, self.browser.forwardAvailable),
        ):
            button.setObjectName("link")
            button.setAutoDefault(False)
            button.setEnabled(False)
            button.clicked.connect(go)
            may.connect(button.setEnabled)
        side = Panel()
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, GAP, MARGIN, 0)
        head.addWidget(self._back)
        head.addWidget(self._forward)
        head.addStretch(1)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.browser, 1)
        return side

    def _fill(self) -> None:
        for page in pages():
            if not self._headings or self._headings[-1].text(0) != page.group:
                heading = QTreeWidgetItem(self.index, [page.group])
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
                heading.setForeground(0, self.palette().placeholderText())
                self._headings.append(heading)
            item = QTreeWidgetItem(self._headings[-1], [page.title])
            item.setData(0, KEY, page.key)
            item.setToolTip(0, page.title)
            self._items[page.key] = item
        self.index.expandAll()
        self.index.setItemsExpandable(False)

    @Slot(str)
    def _on_search(self, words: str) -> None:
        """Show the pages that contain all words, and open the best one."""
        matches = [page for page in pages() if page.holds(words)]
        keys = {page.key for page in matches}
        for key, item in self._items.items():
            item.setHidden(key not in keys)
        groups = {page.group for page in matches}
        for heading in self._headings:
            heading.setHidden(heading.text(0) not in groups)
        self._no_result.setText(texts.nothing_found(words.strip()))
        self._no_result.setVisible(not matches)
        if matches and words.strip():
            self.browser.show_page(_best_match(matches, words).key)
        self.browser.mark(words)

    @Slot(str)
    def _on_page(self, key: str) -> None:
        item = self._items[key]
        with QSignalBlocker(self.index):
            self.index.setCurrentItem(item)
        self.index.scrollToItem(item)

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_chosen(self, item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        key = item.data(0, KEY) if item is not None else None
        if key is not None and key != self.browser.key:
            self.browser.show_page(key)

    @Slot()
    def _on_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()


def _best_match(matches: list[HelpPage], words: str) -> HelpPage:
    """The first page with the words in its title, else the first of all."""
    return next((page for page in matches if page.is_about(words)), matches[0])
