"""What work is expected to take on this machine: from a calibration, corrected by real runs."""

from PySide6.QtCore import QObject, Signal

from app.window.speed_file import ModelSpeed, SpeedFile
from core.network.cost import Cost
from core.network.speed import Speed

# A shorter run tells nothing of how far the expectation was wrong.
SHORTEST_S = 1.0
# The same of a run that mostly traced graphs.
MOST_WARM_UP = 0.3
# What a real run may say of an expectation.
LARGEST_FACTOR = 20.0


class Pace(QObject):
    """Expected seconds with the model of the shown image; None until its speed has been measured.

    Work is more than the model's calls, by a factor of its own for each kind of work (a method's name, or
    what else runs), which real runs tell.
    """

    changed = Signal()

    def __init__(self, speeds: SpeedFile | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speeds = speeds or SpeedFile()
        self._key = ""
        self._unmeasurable: set[str] = set()

    def choose(self, key: str) -> None:
        """Expect with another model, machine or program; none if empty."""
        if key != self._key:
            self._key = key
            self.changed.emit()

    @property
    def speed(self) -> Speed | None:
        measured = self._measured
        return measured.speed if measured is not None else None

    def store(self, key: str, speed: Speed) -> None:
        """Take in a calibration; what real runs said of an older one is forgotten."""
        self._speeds.store(key, ModelSpeed(speed=speed))
        self.changed.emit()

    def give_up(self, key: str) -> None:
        """The speed cannot be measured."""
        self._unmeasurable.add(key)
        self.changed.emit()

    @property
    def is_pending(self) -> bool:
        """The speed is not known yet, but will be."""
        return bool(self._key) and self._measured is None and self._key not in self._unmeasurable

    def seconds_of(self, cost: Cost, work: str = "") -> float | None:
        """What so many calls of a kind of work are expected to take, without tracing graphs."""
        if cost.calls == 0:
            return 0.0
        measured = self._measured
        return None if measured is None else measured.speed.seconds_of(cost) * measured.factors.get(work, 1.0)

    def has_learned(self, work: str) -> bool:
        """Whether a real run of this kind of work has corrected what is expected."""
        return self._measured is not None and work in self._measured.factors

    def learn(self, work: str, cost: Cost, seconds: float, warm_up_s: float) -> None:
        """Correct the expectation of a kind of work by a real run.

        cost: that was expected; one that may stop earlier is corrected by how early it did. warm_up_s: in
        which graphs were traced.
        """
        measured = self._measured
        if measured is None or seconds < SHORTEST_S or warm_up_s > MOST_WARM_UP * seconds:
            return
        expected = measured.speed.seconds_of(cost)
        if expected == 0:
            return
        factor = min(max((seconds - warm_up_s) / expected, 1 / LARGEST_FACTOR), LARGEST_FACTOR)
        before = measured.factors.get(work)
        # The mean of ratios: one run on a busy machine does not mislead for ever.
        corrected = factor if before is None else (before * factor) ** 0.5
        self._speeds.store(
            self._key, measured.model_copy(update={"factors": {**measured.factors, work: corrected}})
        )
        self.changed.emit()

    @property
    def _measured(self) -> ModelSpeed | None:
        return self._speeds.speed_of(self._key) if self._key else None
