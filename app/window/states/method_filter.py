"""The search among the methods, by name, family and summary."""

from PySide6.QtCore import QObject, Signal

from app.texts import explain as texts
from app.window.states.explain import ExplainState, MethodRow
from core.methods.contract import Family


class MethodFilterState(QObject):
    """The methods of an `ExplainState` in which every word of `text` occurs."""

    changed = Signal()

    def __init__(self, explain: ExplainState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._explain = explain
        self.text = ""

    def set_text(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.changed.emit()

    def shows(self, family: Family, row: MethodRow) -> bool:
        """Whether every word occurs in what is said of a method and its family."""
        return _matches(self.text.casefold().split(), family, row)

    @property
    def families(self) -> tuple[tuple[Family, tuple[MethodRow, ...]], ...]:
        """The families that have methods to show, with these, in the order of METHODS."""
        kept = (
            (family, tuple(row for row in rows if self.shows(family, row)))
            for family, rows in self._explain.families
        )
        return tuple((family, rows) for family, rows in kept if rows)


def _matches(words: list[str], family: Family, row: MethodRow) -> bool:
    # Names are written with or without a hyphen: "grad cam", "Grad-CAM" and "gradcam" all are.
    described = " ".join((row.title, row.name, texts.FAMILIES[family], row.summary)).casefold()
    compact = row.title.casefold().replace("-", "").replace(" ", "")
    return all(word in described or word.replace("-", "") in compact for word in words)
