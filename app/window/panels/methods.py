"""The panel Explain: target, methods by family, the parameters of the focused method, Explain and Cancel."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.shortcuts import tooltip
from app.texts import explain as texts_explain
from app.texts import help as texts_help
from app.texts import window as texts
from app.window.states.session import Session
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.method_tree import MethodTree
from app.window.widgets.panel import Panel
from app.window.widgets.parameter_form import ParameterForm
from core.network.layer import Layer

LARGEST_SEED = 2**31 - 1


class MethodsPanel(Panel):
    """Draws an `ExplainState`."""

    help_asked = Signal(str)  # the key of a page

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._state = session, session.explain
        self._layers: tuple[Layer, ...] = ()
        self._target = QComboBox()
        self._target.setToolTip(texts_explain.TARGET_TIP)
        self._target.setAccessibleName(texts_explain.TARGET)
        self._target.activated.connect(self._state.choose_target)
        self.form = ParameterForm()
        self.form.value_changed.connect(self._on_value_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP, 0, MARGIN)
        column.setSpacing(GAP)
        column.addLayout(self._target_row())
        column.addWidget(self._middle(), 1)
        column.addWidget(_rule())
        column.addLayout(self._foot())
        self._state.changed.connect(self._show)
        self._state.focus_changed.connect(self._show_focused)
        self._state.progressed.connect(self._show_progress)
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
        """The list of methods above the form of the focused method; each scrolls separately."""
        self.tree = MethodTree(self._state)
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
        self._cost = QLabel()
        self._cost.setObjectName("muted")
        self._cost.setWordWrap(True)
        for part in (self._summary, self._cost, self.form, self.conflict):
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
        self._cancel.clicked.connect(self._state.cancel)
        self._seed = QSpinBox()
        self._seed.setRange(0, LARGEST_SEED)
        self._seed.setToolTip(texts_explain.SEED_TIP)
        self._seed.setAccessibleName(texts_explain.SEED)
        self._seed.setPrefix(f"{texts_explain.SEED} ")
        self._seed.setMinimumWidth(90)
        self._seed.lineEdit().setTextMargins(TIGHT, 0, 0, 0)
        self._seed.valueChanged.connect(self._state.set_seed)
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

    @Slot()
    def _show(self) -> None:
        state = self._state
        with QSignalBlocker(self._target):
            self._target.clear()
            self._target.addItems([choice.text for choice in state.targets])
            self._target.setCurrentIndex(state.target_at if state.targets else -1)
        self._target.setEnabled(bool(state.targets))
        self.tree.show_rows()
        if state.layers and state.layers != self._layers:
            self._show_focused()
        self._show_conflict()
        self._explain.setEnabled(state.can_explain)
        self._cancel.setEnabled(state.running)
        self._show_progress()

    @Slot()
    def _show_focused(self) -> None:
        method = self._state.focused
        self._focused.setText(method.title)
        self._summary.setText(method.summary)
        # The state has no layers while the model predicts; those of the last prediction are kept.
        self._layers = self._state.layers or self._layers
        # The last layer, which is the most specific to the class, comes first.
        layers = [(texts_help.layer(layer), layer.name) for layer in reversed(self._layers)]
        self.form.show_params(method.Params, self._state.values(method.name), {"layer": layers})
        self._show_conflict()

    def _show_conflict(self) -> None:
        """Values that exclude each other, which the bounds of single editors cannot prevent, and the cost."""
        self._cost.setText(self._state.costs.total([self._state.focused]))
        self._cost.setToolTip(self._state.costs.details(self._state.focused))
        self._cost.setVisible(bool(self._cost.text()))
        self.conflict.setText(self._state.conflict)
        self.conflict.setVisible(bool(self._state.conflict))

    @Slot()
    def _show_progress(self) -> None:
        share, text = self._state.progress
        self._progress.setVisible(self._state.running)
        self._progress.setValue(round(1000 * share))
        self._hint.setText(text if self._state.running else self._state.hint)
        self._hint.setVisible(bool(self._hint.text()))

    @Slot()
    def _on_about(self) -> None:
        self.help_asked.emit(f"methods/{self._state.focused.name}")

    @Slot(str, object)
    def _on_value_changed(self, field: str, value: object) -> None:
        self._state.set_value(self._state.focused.name, field, value)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    rule.setFixedHeight(1)
    return rule
