"""The panel Explain: target, presets or all methods with their parameters, Explain and Cancel."""

from PySide6.QtCore import QEvent, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.shortcuts import tooltip
from app.texts import explain as texts_explain
from app.texts import layers as texts_layers
from app.texts import window as texts
from app.window.states.method_filter import MethodFilterState
from app.window.states.session import Session
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.wheel_guard import guarded
from app.window.widgets.layer_thumbnails import LayerThumbnails
from app.window.widgets.method_list import MethodList
from app.window.widgets.panel import Panel
from app.window.widgets.preset_buttons import PresetButtons

LARGEST_SEED = 2**31 - 1
# What the style sheet puts around the text of a spin box: padding, arrows and border.
SPIN_BOX_FRAME = 40


class MethodsPanel(Panel):
    """Draws an `ExplainState` with its presets and its search."""

    help_asked = Signal(str)  # the key of a page
    action_asked = Signal(str)  # the name of an action

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = session.explain
        self.presets = PresetButtons(session.presets)
        self.presets.preset_asked.connect(self.action_asked)
        self.presets.all_asked.connect(self.show_methods)
        strip = LayerThumbnails(session.layers.strip, session.image, texts_layers.CHOOSE_LAYER)
        self.list = MethodList(session.explain, MethodFilterState(session.explain, self), strip)
        self.list.presets_asked.connect(self.show_presets)
        self.list.help_asked.connect(self.help_asked)
        self._pages = QStackedWidget()
        for page in (self.presets, self.list):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, TIGHT, 0, TIGHT)
        column.setSpacing(TIGHT)
        column.addLayout(self._target_row())
        column.addWidget(self._pages, 1)
        column.addWidget(_rule())
        column.addLayout(self._foot())
        self._state.changed.connect(self._show)
        self._state.progressed.connect(self._show_progress)
        self._keep_seed_narrow()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._keep_seed_narrow()

    def _keep_seed_narrow(self) -> None:
        """Room for five digits; more of them scroll. The largest seed would take half of the panel."""
        width = self._seed.fontMetrics().horizontalAdvance(f"{texts_explain.SEED} 00000")
        self._seed.setFixedWidth(width + SPIN_BOX_FRAME)

    def _target_row(self) -> QHBoxLayout:
        self._target = guarded(QComboBox())
        self._target.setToolTip(texts_explain.TARGET_TIP)
        self._target.setAccessibleName(texts_explain.TARGET)
        # A long class name must not widen the panel; the list shows it whole.
        self._target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._target.setMinimumContentsLength(12)
        self._target.activated.connect(self._state.choose_target)
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, 0, MARGIN, 0)
        row.setSpacing(GAP)
        label = QLabel(texts_explain.TARGET)
        label.setBuddy(self._target)
        row.addWidget(label)
        row.addWidget(self._target, 1)
        return row

    def _foot(self) -> QVBoxLayout:
        self._explain, self._cancel = QPushButton(texts.EXPLAIN), QPushButton(texts.CANCEL)
        self._explain.setObjectName("primary")
        self._explain.setToolTip(tooltip("explain"))
        self._explain.clicked.connect(lambda: self.action_asked.emit("explain"))
        self._cancel.setToolTip(tooltip("cancel"))
        self._cancel.clicked.connect(self._state.cancel)
        self._seed = guarded(QSpinBox())
        self._seed.setRange(0, LARGEST_SEED)
        self._seed.setToolTip(texts_explain.SEED_TIP)
        self._seed.setAccessibleName(texts_explain.SEED)
        self._seed.setPrefix(f"{texts_explain.SEED} ")
        self._seed.lineEdit().setTextMargins(TIGHT, 0, 0, 0)
        # As high as the buttons beside it.
        self._seed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self._seed.valueChanged.connect(self._state.set_seed)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._progress.setAccessibleName(texts_explain.PROGRESS)
        self._hint = QLabel()
        self._hint.setObjectName("muted")
        self._hint.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._explain, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._seed)
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.setSpacing(TIGHT)
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self._progress)
        return column

    @Slot()
    def show_presets(self) -> None:
        """Show the presets in place of the list."""
        self._pages.setCurrentWidget(self.presets)
        self.presets.all_methods.setFocus()

    @Slot()
    def show_methods(self) -> None:
        """Show all methods in place of the presets."""
        self._pages.setCurrentWidget(self.list)
        self.list.show_list()

    @Slot()
    def show_search(self) -> None:
        """Show all methods, and let words be typed that filter them."""
        dock = self.parent()
        if isinstance(dock, QDockWidget):
            dock.show()
            dock.raise_()
        self._pages.setCurrentWidget(self.list)
        self.list.show_search()

    @Slot()
    def _show(self) -> None:
        state = self._state
        with QSignalBlocker(self._target):
            self._target.clear()
            self._target.addItems([choice.text for choice in state.targets])
            self._target.setCurrentIndex(state.target_at if state.targets else -1)
        self._target.setEnabled(bool(state.targets))
        with QSignalBlocker(self._seed):
            self._seed.setValue(state.seed)
        self._explain.setEnabled(state.can_explain)
        self._cancel.setEnabled(state.running)
        self._show_progress()

    @Slot()
    def _show_progress(self) -> None:
        share, text = self._state.progress
        self._progress.setVisible(self._state.running)
        self._progress.setValue(round(1000 * share))
        self._hint.setText(text if self._state.running else self._state.hint)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    rule.setFixedHeight(1)
    return rule
