"""What to explain and how: target, methods in their families, the form of one of them, Explain and Cancel."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.texts import explain as texts_explain
from app.texts import help as texts_help
from app.texts import window as texts
from app.window.shortcuts import tooltip
from app.window.states.explain import MethodRow
from app.window.states.session import Session
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.panel import Panel
from app.window.widgets.parameter_form import ParameterForm
from core.network.layer import Layer

NAME = Qt.ItemDataRole.UserRole
LARGEST_SEED = 2**31 - 1


class MethodsPanel(Panel):
    """Draws an `ExplainState`."""

    help_asked = Signal(str)  # the key of a page

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._model = session, session.explain
        self._headings: list[QTreeWidgetItem] = []
        self._items: dict[str, QTreeWidgetItem] = {}
        self._layers: tuple[Layer, ...] = ()
        self._target = QComboBox()
        self._target.setToolTip(texts_explain.TARGET_TIP)
        self._target.setAccessibleName(texts_explain.TARGET)
        self._target.activated.connect(self._model.choose_target)
        self.form = ParameterForm()
        self.form.value_changed.connect(self._on_value_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP, 0, MARGIN)
        column.setSpacing(GAP)
        column.addLayout(self._target_row())
        column.addWidget(self._middle(), 1)
        column.addWidget(_rule())
        column.addLayout(self._foot())
        self._model.changed.connect(self._show)
        self._model.focus_changed.connect(self._show_focused)
        self._model.progressed.connect(self._show_progress)
        self._fill()
        self._show()
        self._show_focused()

    def _target_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, 0, MARGIN, 0)
        row.setSpacing(GAP)
        label = QLabel(texts_explain.TARGET)
        label.setBuddy(self._target)
        row.addWidget(label)
        row.addWidget(self._target, 1)
        return row

    def _middle(self) -> QSplitter:
        """The list above, the form of the focused method below; each scrolls by itself."""
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setAccessibleName(texts_explain.METHODS)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setMinimumHeight(90)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.itemChanged.connect(self._on_item_changed)
        self.tree.currentItemChanged.connect(self._on_current_changed)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.tree)
        halves.addWidget(self._focused_method())
        halves.setSizes([300, 220])
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        return halves

    def _focused_method(self) -> QScrollArea:
        inside = Panel()
        self._focused, self._summary = QLabel(), QLabel()
        self._focused.setObjectName("title")
        self._summary.setObjectName("muted")
        self._summary.setWordWrap(True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(GAP)
        about = QPushButton(texts_help.ABOUT_METHOD)
        about.setObjectName("link")
        about.clicked.connect(self._on_about)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self._focused, 1)
        head.addWidget(about)
        column.addLayout(head)
        self.conflict = QLabel()
        self.conflict.setObjectName("error")
        self.conflict.setWordWrap(True)
        for part in (self._summary, self.form, self.conflict):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(80)
        area.setWidget(inside)
        return area

    def _foot(self) -> QVBoxLayout:
        self._explain, self._cancel = QPushButton(texts.EXPLAIN), QPushButton(texts.CANCEL)
        self._explain.setObjectName("primary")
        self._explain.setToolTip(tooltip("explain"))
        self._explain.clicked.connect(self._session.start_explaining)
        self._cancel.setToolTip(tooltip("cancel"))
        self._cancel.clicked.connect(self._model.cancel)
        self._seed = QSpinBox()
        self._seed.setRange(0, LARGEST_SEED)
        self._seed.setToolTip(texts_explain.SEED_TIP)
        self._seed.setAccessibleName(texts_explain.SEED)
        self._seed.setPrefix(f"{texts_explain.SEED} ")
        self._seed.setMinimumWidth(90)
        self._seed.lineEdit().setTextMargins(TIGHT, 0, 0, 0)
        self._seed.valueChanged.connect(self._model.set_seed)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._hint = QLabel()
        self._hint.setObjectName("muted")
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._explain, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._seed)
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.setSpacing(GAP)
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self._progress)
        return column

    def _fill(self) -> None:
        with QSignalBlocker(self.tree):
            for family, rows in self._model.families:
                heading = QTreeWidgetItem(self.tree, [texts_explain.FAMILIES[family]])
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
                heading.setFirstColumnSpanned(True)
                self._headings.append(heading)
                for row in rows:
                    item = QTreeWidgetItem(heading, [row.title, row.cost])
                    item.setData(0, NAME, row.name)
                    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    self._items[row.name] = item
            self._colour()
            self.tree.expandAll()
            self.tree.setItemsExpandable(False)
            self.tree.setCurrentItem(self._items[self._model.focused.name])

    @Slot()
    def _show(self) -> None:
        model = self._model
        with QSignalBlocker(self._target):
            self._target.clear()
            self._target.addItems([choice.text for choice in model.targets])
            self._target.setCurrentIndex(model.target_at if model.targets else -1)
        self._target.setEnabled(bool(model.targets))
        with QSignalBlocker(self.tree):
            for _, rows in model.families:
                for row in rows:
                    self._show_row(self._items[row.name], row)
        if model.layers and model.layers != self._layers:
            self._show_focused()
        self._show_conflict()
        self._explain.setEnabled(model.can_explain)
        self._cancel.setEnabled(model.running)
        self._show_progress()

    def _show_row(self, item: QTreeWidgetItem, row: MethodRow) -> None:
        item.setCheckState(0, Qt.CheckState.Checked if row.checked else Qt.CheckState.Unchecked)
        item.setText(1, row.cost)
        item.setDisabled(bool(row.obstacle))
        for column in (0, 1):
            item.setToolTip(column, row.obstacle or row.summary)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        """Headings and costs stand back; the scheme says how."""
        quiet = self.palette().placeholderText()
        with QSignalBlocker(self.tree):
            for heading in self._headings:
                heading.setForeground(0, quiet)
            for item in self._items.values():
                item.setForeground(1, quiet)

    @Slot()
    def _show_focused(self) -> None:
        method = self._model.focused
        self._focused.setText(method.title)
        self._summary.setText(method.summary)
        # Known again as soon as the model has predicted; until then those of before are as good.
        self._layers = self._model.layers or self._layers
        # From the last, which says most of the class, to the first.
        layers = [(texts_help.layer(one), one.name) for one in reversed(self._layers)]
        self.form.show_params(method.Params, self._model.values(method.name), {"layer": layers})

        self._show_conflict()

    def _show_conflict(self) -> None:
        """What no editor's own bounds can say: values that exclude each other."""
        self.conflict.setText(self._model.conflict)
        self.conflict.setVisible(bool(self._model.conflict))

    @Slot()
    def _show_progress(self) -> None:
        share, text = self._model.progress
        self._progress.setVisible(self._model.running)
        self._progress.setValue(round(1000 * share))
        self._hint.setText(text if self._model.running else self._model.hint)
        self._hint.setVisible(bool(self._hint.text()))

    @Slot(QTreeWidgetItem, int)
    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        name = item.data(0, NAME)
        if name is not None and column == 0:
            self._model.set_checked(name, item.checkState(0) == Qt.CheckState.Checked)

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        name = item.data(0, NAME) if item is not None else None
        if name is not None:
            self._model.focus(name)

    @Slot()
    def _on_about(self) -> None:
        self.help_asked.emit(f"methods/{self._model.focused.name}")

    @Slot(str, object)
    def _on_value_changed(self, field: str, value: object) -> None:
        self._model.set_value(self._model.focused.name, field, value)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    rule.setFixedHeight(1)
    return rule
