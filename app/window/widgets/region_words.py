"""The region of the shown slice in words: in steps where it is large, so that no event waits."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.window.states.image import ImageState
from app.window.states.region import RegionState

# A region of more pixels is drawn first; each sentence follows in a turn of the event loop of its own.
MOST_AT_ONCE = 2_000_000


class RegionWords(QObject):
    """inside: the share of the map's evidence in the region. statistics: of its pixels. Both may be empty."""

    changed = Signal()

    def __init__(self, state: ImageState, region: RegionState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._region = state, region
        self._described: tuple[object, object] = (None, None)
        self.inside = self.statistics = ""
        self._steps: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._take_step)

    @property
    def words(self) -> list[str]:
        """The sentences that are ready."""
        return [words for words in (self.inside, self.statistics) if words]

    @Slot()
    def update(self) -> None:
        """Describe the region again, if it or the map is another one."""
        mask, overlay = self._region.mask, self._state.overlay
        if overlay is self._described[0] and mask is self._described[1]:
            return
        is_other_region = mask is not self._described[1]
        self._described = overlay, mask
        self._steps = [self._describe_inside, self._describe_statistics]
        if mask is None or mask.size <= MOST_AT_ONCE:
            self._timer.stop()
            while self._steps:
                self._steps.pop(0)()
        else:
            self.inside, self.statistics = "", "" if is_other_region else self.statistics
            self._timer.start(0)
        self.changed.emit()

    @Slot()
    def _take_step(self) -> None:
        self._steps.pop(0)()
        if self._steps:
            self._timer.start(0)
        self.changed.emit()

    def _describe_inside(self) -> None:
        self.inside = self._region.sentence(self._state.overlay)

    def _describe_statistics(self) -> None:
        self.statistics = self._region.statistics.words(self._region.mask)
