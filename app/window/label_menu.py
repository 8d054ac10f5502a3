"""The menu of the labels of a reference: those that are ticked are the region."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.texts import region as texts
from app.window.states.reference import ReferenceState
from core.images.mask import MaskLabel


class LabelMenu(QMenu):
    """Lists the labels of the reference of the shown case; it is empty and disabled if there is no choice."""

    def __init__(self, reference: ReferenceState, parent: QWidget | None = None) -> None:
        super().__init__(texts.LABELS, parent)
        self._reference = reference
        self._labels: tuple[MaskLabel, ...] = ()
        reference.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        labels, chosen = self._reference.labels, self._reference.chosen
        self.setEnabled(len(labels) > 1)
        if labels != self._labels:  # an action must not be removed while it is triggered
            self._labels = labels
            self._fill()
        for label, action in zip(labels, self.actions(), strict=False):
            action.setChecked(label.value in chosen)
            action.setEnabled(chosen != (label.value,))  # one label at least is the region

    def _fill(self) -> None:
        self.clear()
        for label in self._labels if len(self._labels) > 1 else ():
            action = self.addAction(texts.label(label.value, label.name))
            action.setCheckable(True)
            action.triggered.connect(partial(self._toggle, label.value))

    def _toggle(self, value: float) -> None:
        chosen = self._reference.chosen
        others = [each for each in chosen if each != value]
        self._reference.choose(tuple(others if value in chosen else sorted([*others, value])))
