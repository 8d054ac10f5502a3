"""Size and filling of the patch that covers a part of the image, and what changes under it in words."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.texts import occluder as texts
from app.window.states.occluder import PARTS, OccluderState
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.chooser import Chooser
from app.window.widgets.panel import Panel


class OccluderControls(Panel):
    """Draws an `OccluderState` while the left button drags its patch; hidden otherwise."""

    def __init__(self, state: OccluderState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.parts, self.fills = Chooser(texts.PATCH), Chooser(texts.FILL)
        self.parts.setToolTip(texts.PATCH_TIP)
        self.fills.setToolTip(texts.FILL_TIP)
        self.parts.chosen.connect(state.set_part)
        self.fills.chosen.connect(state.set_fill)
        self.words = QLabel()
        self.words.setObjectName("muted")
        self.words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        row.setSpacing(GAP)
        for label, control in ((texts.PATCH, self.parts), (texts.FILL, self.fills)):
            row.addWidget(QLabel(label))
            row.addWidget(control)
        row.addWidget(self.words, 1)
        state.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        state = self._state
        self.setVisible(state.is_active)
        if not state.is_active:
            return
        sizes = [(part, texts.patch_size(part, state.side_of(part))) for part in PARTS]
        self.parts.show_choices(sizes, state.part)
        self.fills.show_choices(list(texts.FILLS.items()), state.fill)
        self.words.setText("; ".join(state.lines) or texts.HINT)
