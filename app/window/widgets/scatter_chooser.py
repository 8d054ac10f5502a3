"""Scatter plots of the images of the report, one view at a time, with the open image marked."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.texts import model as words
from app.window.states.model import ScatterPoints
from app.window.theme import TIGHT
from app.window.widgets.chooser import Chooser
from app.window.widgets.unit_plot import UnitPlot


class ScatterChooser(QWidget):
    """A list of views, the selected plot, and a description; `chosen` is emitted with the name of a view."""

    chosen = Signal(str)

    def __init__(self, views: Mapping[str, Sequence[ScatterPoints]], current: str) -> None:
        """current: the view to begin with; the first one where it is none of them."""
        super().__init__()
        self._views = dict(views)
        self.current = current if current in self._views else next(iter(self._views))
        self._places: Mapping[str, tuple[float, float]] = {}
        self._is_placing, self._error = False, ""
        self.chooser = Chooser(words.SCATTER)
        self.chooser.show_choices([(name, words.SCATTERS[name]) for name in self._views], self.current)
        self.chooser.chosen.connect(self._on_chosen)
        self.plot = UnitPlot(words.EMBEDDING, self._views[self.current], None)
        self.description = QLabel()
        self.description.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        for part in (self.chooser, self.plot, self.description):
            column.addWidget(part)
        self._show()

    def show_places(
        self, places: Mapping[str, tuple[float, float]], is_placing: bool = False, error: str = ""
    ) -> None:
        """places: of the open image, by view; is_placing: being computed; error: why there are none."""
        self._places, self._is_placing, self._error = dict(places), is_placing, error
        self._show()

    def _show(self) -> None:
        place = self._places.get(self.current)
        self.plot.mark(words.OPEN_IMAGE, place)
        reach = self.plot.reach
        self.description.setText(
            words.scatter_words(self.current, place, reach, self._is_placing, self._error)
        )

    @Slot(object)
    def _on_chosen(self, name: str) -> None:
        self.current = name
        self.plot.show_parts(self._views[name])
        self._show()
        self.chosen.emit(name)
