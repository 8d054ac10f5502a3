"""The card of the chosen model, for humans."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app import texts
from app.theme import GAP, MARGIN
from app.view_models.prediction import PredictionModel
from app.widgets.panel import Panel


class ModelPanel(Panel):
    """What the model is, knows, was tested on, and where it fails."""

    def __init__(self, model: PredictionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)
        model.model_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        inside = Panel()
        grid = QGridLayout(inside)
        grid.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        card = self._model.card
        facts = texts.card_facts(card) if card is not None else ((texts.MODEL, texts.NO_MODEL),)
        for at, (name, value) in enumerate(facts):
            left, right = QLabel(name), QLabel(value)
            left.setObjectName("muted")
            right.setWordWrap(True)
            right.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(left, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(right, at, 1)
        grid.setRowStretch(len(facts), 1)
        self._area.setWidget(inside)
