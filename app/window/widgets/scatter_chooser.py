"""The images of the report in the plane, one way at a time, and the open image among them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.texts import model as words
from app.window.states.model import ScatterPoints
from app.window.theme import TIGHT
from app.window.widgets.chooser import Chooser
from app.window.widgets.unit_plot import UnitPlot


class ScatterChooser(QWidget):
    """A list of the views, the chosen one, and what it shows; `chosen` brings the name of another one."""

    chosen = Signal(str)

    def __init__(self, views: Mapping[str, Sequence[ScatterPoints]], current: str) -> None:
        """current: the view to begin with; the first one where it is none of them."""
        super().__init__()
        self._views = dict(views)
        self.current = current if current in self._views else next(iter(self._views))
        self._places: Mapping[str, tuple[float, float]] = {}
        self._placing, self._error = False, ""
        self.chooser = Chooser(words.SCATTER)
        self.chooser.show_choices([(name, words.SCATTERS[name]) for name in self._views], self.current)
        self.chooser.chosen.connect(self._on_chosen)
        self.plot = UnitPlot(words.NEIGHBOURS, self._views[self.current], None)
        self.said = QLabel()
        self.said.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        for part in (self.chooser, self.plot, self.said):
            column.addWidget(part)
        self._show()

    def show_places(
        self, places: Mapping[str, tuple[float, float]], placing: bool = False, error: str = ""
    ) -> None:
        """places: of the open image, by view; placing: they are looked for; error: why there are none."""
        self._places, self._placing, self._error = dict(places), placing, error
        self._show()

    def _show(self) -> None:
        place = self._places.get(self.current)
        self.plot.mark(words.HERE, place)
        reach = self.plot.reach
        self.said.setText(words.scatter_words(self.current, place, reach, self._placing, self._error))

    @Slot(object)
    def _on_chosen(self, name: str) -> None:
        self.current = name
        self.plot.show_parts(self._views[name])
        self._show()
        self.chosen.emit(name)
