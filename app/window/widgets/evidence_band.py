"""The band above the image: one sentence on the shown map, its open questions, and a way to the details."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.texts import evidence as texts
from app.window.states.evidence import EvidenceState
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.evidence_strip import EvidenceStrip
from app.window.widgets.panel import Panel

# What a click on a chip can answer, or what is being answered.
OPEN = ("unknown", "running", "failed")


class EvidenceBand(Panel):
    """Draws what an `EvidenceState` says of the map over the image."""

    details_asked = Signal()

    def __init__(self, evidence: EvidenceState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evidence = evidence
        self.sentence = QLabel()
        self.sentence.setAccessibleName(texts.EVIDENCE)
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.strip = EvidenceStrip()
        self.strip.asked.connect(evidence.ask_shown)
        self.strip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        details = QPushButton(texts.DETAILS)
        details.setObjectName("link")
        details.setToolTip(texts.DETAILS_TIP)
        details.clicked.connect(self.details_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        row.setSpacing(GAP)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.strip)
        row.addWidget(details)
        self.hide()

    def show_evidence(self, is_shown: bool) -> None:
        """is_shown: whether a map lies over the image, visible or not."""
        sentence = self._evidence.sentence if is_shown else ""
        self.sentence.setText(sentence)
        chips = tuple(chip for chip in self._evidence.shown if chip.state in OPEN) if sentence else ()
        self.sentence.setToolTip("\n".join(chip.tip for chip in self._evidence.shown) if sentence else "")
        self.strip.show_chips(self._evidence.title, chips)
        self.strip.setVisible(bool(chips))
        self.setVisible(bool(sentence))
