"""The menu of the models that can be compared with the chosen one."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.texts import prediction as texts
from app.window.states.second_prediction import SecondPredictionState


class CompareMenu(QMenu):
    """Lists the other models, filled each time it opens; the one that is compared with is ticked."""

    def __init__(self, state: SecondPredictionState, parent: QWidget | None = None) -> None:
        super().__init__(texts.COMPARE_WITH, parent)
        self._state = state
        self.aboutToShow.connect(self._fill)
        state.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        self.setEnabled(bool(self._state.choices))

    @Slot()
    def _fill(self) -> None:
        self.clear()
        group, state = QActionGroup(self), self._state
        choices = [("", texts.COMPARE_WITH_NONE), *((card.id, card.title) for card in state.choices)]
        for model, title in choices:
            action = self.addAction(title)
            action.setActionGroup(group)
            action.setCheckable(True)
            action.setChecked(model == (state.card.id if state.card is not None else ""))
            action.triggered.connect(partial(state.choose, model))
