"""The list of methods with its search, beside the form of the focused method, or in its place."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.texts import explain as texts
from app.window.states.explain import ExplainState
from app.window.states.method_filter import MethodFilterState
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.layer_thumbnails import LayerThumbnails
from app.window.widgets.method_form import MethodForm
from app.window.widgets.method_tree import MethodTree
from app.window.widgets.pages import PageOrSentence
from app.window.widgets.panel import Panel

# From so many lines of text on, both have room: a list of ten methods and a form of two parameters.
ROOMY_LINES = 28


class MethodList(Panel):
    """Shows list and form one below the other where both have room, else the one that was asked for."""

    presets_asked = Signal()
    help_asked = Signal(str)  # the key of a page

    def __init__(
        self,
        explain: ExplainState,
        method_filter: MethodFilterState,
        strip: LayerThumbnails | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """strip: of the layers, for the forms of methods that have one to choose."""
        super().__init__(parent)
        self._filter = method_filter
        self._is_form_asked = False
        self.tree = MethodTree(explain, method_filter)
        self.tree.form_asked.connect(self.show_form)
        self.method_form = MethodForm(explain, strip)
        self.method_form.list_asked.connect(self.show_list)
        self.method_form.help_asked.connect(self.help_asked)
        self._halves = QSplitter(Qt.Orientation.Vertical)
        self._halves.setChildrenCollapsible(False)
        self._halves.addWidget(self._list())
        self._halves.addWidget(self.method_form)
        self._halves.setStretchFactor(0, 3)
        self._halves.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._halves)
        method_filter.changed.connect(self._show_matches)
        self._arrange()

    def _list(self) -> QWidget:
        back = QPushButton(texts.BACK_TO_PRESETS)
        back.setObjectName("link")
        back.clicked.connect(self.presets_asked)
        self.search = QLineEdit()
        self.search.setPlaceholderText(texts.FIND_METHOD)
        self.search.setAccessibleName(texts.FIND_METHOD)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter.set_text)
        self.search.returnPressed.connect(self.tree.focus_first)
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, 0, MARGIN, 0)
        row.setSpacing(GAP)
        row.addWidget(back)
        row.addWidget(self.search, 1)
        part = Panel()
        self._matches = PageOrSentence(self.tree, part)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addLayout(row)
        column.addLayout(self._matches, 1)
        self._list_part = part
        self._show_matches()
        return part

    @Slot()
    def show_form(self) -> None:
        """Show the form, and give its first field the focus."""
        self._is_form_asked = True
        self._arrange()
        self.method_form.focus_first()

    @Slot()
    def show_list(self) -> None:
        self._is_form_asked = False
        self._arrange()
        self.tree.setFocus()

    @Slot()
    def show_search(self) -> None:
        """Show the list, and let words be typed that filter it."""
        self.show_list()
        self.search.setFocus()
        self.search.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """That of one of both, as the other one leaves where there is no room for it."""
        return self._list_part.minimumSizeHint().expandedTo(self.method_form.minimumSizeHint())

    def _arrange(self) -> None:
        is_roomy = self.height() >= ROOMY_LINES * self.fontMetrics().height()
        self._list_part.setVisible(is_roomy or not self._is_form_asked)
        self.method_form.setVisible(is_roomy or self._is_form_asked)
        self.method_form.back.setVisible(not is_roomy)

    @Slot()
    def _show_matches(self) -> None:
        has_matches = bool(self._filter.families)
        self._matches.show_sentence("" if has_matches else texts.no_method(self._filter.text))
