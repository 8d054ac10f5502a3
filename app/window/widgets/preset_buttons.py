"""The presets as buttons, one below the other, with what each runs and how long it takes."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.texts import explain as texts
from app.window.states.presets import PresetRow, PresetsState
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.panel import Panel

MARK = "✓ "  # before the title of the preset whose methods are selected


class PresetButtons(Panel):
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
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(texts.PRESETS)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setMinimumWidth(inside.minimumSizeHint().width())
        # Always in sight, however many presets there are.
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 0, MARGIN, TIGHT)
        foot.addWidget(self.all_methods)
        foot.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(TIGHT)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
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
