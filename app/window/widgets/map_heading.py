"""The heading above one of two views: the map with its parameters, its target and its verdicts."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.texts import maps as texts
from app.texts import network_input as texts_input
from app.window.states.evidence import Chip, EvidenceState
from app.window.states.image import ImageState
from app.window.states.second_view import SecondViewState, ViewLayout
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.evidence_strip import EvidenceStrip
from app.window.widgets.panel import Panel


class MapHeading(Panel):
    """Title, details and verdicts of what is below; it wraps in a narrow view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._title, self._details = QLabel(), QLabel()
        self._title.setObjectName("title")
        self._details.setObjectName("muted")
        for label in (self._title, self._details):
            label.setWordWrap(True)
        self.evidence = EvidenceStrip(is_short=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        column.setSpacing(TIGHT)
        for part in (self._title, self._details, self.evidence):
            column.addWidget(part)
        column.addStretch(1)

    def show_words(self, title: str, details: Sequence[str], chips: tuple[Chip, ...] = ()) -> None:
        """title: of the view below. details: sentences."""
        self._title.setText(title)
        self._details.setText(" ".join(details))
        self._details.setVisible(any(details))
        self.evidence.show_chips(title, chips)
        self.evidence.setVisible(bool(chips))
        self.setAccessibleName(title)


class ViewHeadings(QWidget):
    """The headings of both views while there are two, side by side above them."""

    def __init__(
        self,
        second: SecondViewState,
        image: ImageState,
        evidence: EvidenceState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._second, self._image, self._evidence = second, image, evidence
        self.first, self.second = MapHeading(), MapHeading()
        self.first.evidence.asked.connect(lambda question: self._ask(0, question))
        self.second.evidence.asked.connect(lambda question: self._ask(1, question))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.first, 1)
        row.addWidget(self.second, 1)
        for signal in (second.changed, image.overlay_changed, evidence.changed):
            signal.connect(self._show)
        self._show()

    def _ask(self, at: int, question: str) -> None:
        pair = self._second.pair
        if pair is not None:
            self._evidence.ask(pair[at].number, question)

    def _show(self, *_: object) -> None:
        pair, overlays = self._second.pair, self._second.overlays
        self.setVisible(self._second.layout is not ViewLayout.ONE)
        if pair is not None and overlays is not None:
            headings = enumerate(zip((self.first, self.second), pair, overlays, strict=True))
            for at, (heading, entry, overlay) in headings:
                title = texts.numbered(at, overlay.name)
                details = f"{overlay.target}; {overlay.normalisation}"
                heading.show_words(title, (details,), self._evidence.chips(entry.number))
        elif self._second.layout is ViewLayout.NETWORK_INPUT:
            shown = self._image.overlay if self._image.overlay_on else None
            details = ", ".join(filter(None, (shown.name, shown.target))) if shown else ""
            self.first.show_words(texts_input.IMAGE_TITLE, (details,))
            self.second.show_words(texts_input.TITLE, self._second.input.words)
