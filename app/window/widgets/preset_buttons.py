"""The presets as buttons, one below the other, with what each runs and how long it takes."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.texts import explain as texts
from app.window.states.presets import PresetRow, PresetsState
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.panel import Panel

MARK = "✓ "  # before the title of the preset whose methods are selected


class PresetButtons(QScrollArea):
    """Draws a `PresetsState`. A press on a preset starts it; the last buttons lead to a selection by hand."""

    preset_asked = Signal(str)
    all_asked = Signal()

    def __init__(self, state: PresetsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.buttons: dict[str, QPushButton] = {}
        inside = Panel()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, TIGHT, MARGIN, GAP)
        column.setSpacing(GAP)
        for row in state.rows:
            button = QPushButton()
            button.setObjectName("preset")
            button.setCheckable(True)
            button.clicked.connect(partial(self._on_preset, row.name))
            column.addWidget(button)
            self.buttons[row.name] = button
        self.restore = QPushButton()
        self.restore.clicked.connect(state.restore)
        self.all_methods = QPushButton(texts.ALL_METHODS)
        self.all_methods.clicked.connect(self.all_asked)
        column.addWidget(self.restore)
        column.addWidget(self.all_methods, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setAccessibleName(texts.PRESETS)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self.setMinimumWidth(inside.minimumSizeHint().width())
        state.changed.connect(self.show_rows)
        self.show_rows()

    @Slot()
    def show_rows(self) -> None:
        for row in self._state.rows:
            self._show_row(self.buttons[row.name], row)
        count = self._state.replaced_count
        self.restore.setText(texts.own_selection(count))
        self.restore.setVisible(bool(count))

    def _show_row(self, button: QPushButton, row: PresetRow) -> None:
        title = f"{row.title}, {row.cost}" if row.cost else row.title
        button.setText(f"{MARK if row.is_selected else ''}{title}\n{row.summary}")
        button.setAccessibleName(f"{title}: {row.summary}")
        button.setToolTip(row.methods)
        button.setChecked(row.is_selected)
        button.setEnabled(self._state.can_start)

    @Slot()
    def _on_preset(self, name: str) -> None:
        self.show_rows()  # the press has switched the button, whose state is that of the selection
        self.preset_asked.emit(name)
