"""The list of bundled samples, as high as its rows while there is room."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QWidget,
)

from app.texts import studies as texts
from app.window.states.case_list import Case
from app.window.theme import TIGHT
from app.window.widgets.study_tree import KEY, icon_of
from core.arrays import Array

PICTURE = 24
ROW = PICTURE + TIGHT
# More samples scroll; in a low window, more than FEWEST_ROWS.
MOST_ROWS, FEWEST_ROWS = 6, 3


class SampleList(QListWidget):
    """A row with title and picture for each sample."""

    chosen = Signal(int)  # the case's number

    def __init__(self, samples: Iterable[Case], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.SAMPLES)
        self.setIconSize(QSize(PICTURE, PICTURE))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for case in samples:
            item = QListWidgetItem(icon_of(case.thumbnail), case.title, self)
            item.setData(KEY, case.number)
            item.setToolTip(texts.sample_tip(case.title, case.note))
            item.setSizeHint(QSize(0, ROW))
        self.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        fewest, most = (min(max(self.count(), 1), rows) for rows in (FEWEST_ROWS, MOST_ROWS))
        self.setMinimumHeight(fewest * ROW + TIGHT)
        self.setMaximumHeight(most * ROW + TIGHT)
        self.currentItemChanged.connect(self._on_row)

    def show_chosen(self, number: int | None) -> None:
        """Mark the row of a case, or none; that asks for nothing."""
        item = self._item_of(number)
        with QSignalBlocker(self):
            if item is None:
                self.setCurrentRow(-1)
            else:
                self.setCurrentItem(item)

    def show_thumbnail(self, number: int, values: Array | None) -> None:
        """Draw the picture (rows, columns, 3) of a case, if it is one of the samples."""
        item = self._item_of(number)
        if item is not None:
            item.setIcon(icon_of(values))

    def show_titles(self, samples: Iterable[Case]) -> None:
        """Write the titles of the samples again."""
        for case in samples:
            item = self._item_of(case.number)
            if item is not None:
                item.setText(case.title)
                item.setToolTip(texts.sample_tip(case.title, case.note))

    def _item_of(self, number: int | None) -> QListWidgetItem | None:
        items = (self.item(row) for row in range(self.count()))
        return next((item for item in items if item.data(KEY) == number), None)

    @Slot(object, object)
    def _on_row(self, item: QListWidgetItem | None, before: object) -> None:
        if item is not None:
            self.chosen.emit(item.data(KEY))
