"""What a person did, in its order, so that the last step can be taken back and done again."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.window.states.shown import ShownState, SliceKey

LONGEST = 100


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One step, in words what it changed, and how it is taken back and done again.

    case: the step can be undone only while this case is shown; None: always.
    slice_key: only while this slice is shown; None: at every slice of the case.
    sources: what the step is about; it is dropped when one of them no longer exists.
    series: steps of one series that follow each other are one step; empty: each stands alone.
    """

    label: str
    undo: Callable[[], object]
    redo: Callable[[], object]
    case: int | None = None
    slice_key: SliceKey | None = None
    sources: tuple[object, ...] = ()
    series: str = ""


class UndoStack(QObject):
    """The steps of all states, at most LONGEST of them.

    A step of a slice or case that is not shown is passed over: nobody would see what it changes.
    is_restoring: a step is being taken back or done again.
    """

    changed = Signal()
    about_to_restore = Signal()

    def __init__(self, shown: ShownState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._done: list[UndoStep] = []
        self._undone: list[UndoStep] = []
        self.is_restoring = False
        shown.changed.connect(self.changed)

    @property
    def can_undo(self) -> bool:
        return self._last(self._done) is not None

    @property
    def can_redo(self) -> bool:
        return self._last(self._undone) is not None

    @property
    def labels(self) -> tuple[str, str]:
        """What would be undone and what would be done again, in words; empty where there is nothing."""
        done, undone = self._last(self._done), self._last(self._undone)
        return done.label if done is not None else "", undone.label if undone is not None else ""

    def push(
        self,
        label: str,
        undo: Callable[[], object],
        redo: Callable[[], object],
        *,
        case: int | None = None,
        slice_key: SliceKey | None = None,
        sources: tuple[object, ...] = (),
        series: str = "",
    ) -> None:
        """Add a step that was just done; the fields are those of `UndoStep`.

        What states report while a step is taken back or done again is no step of its own.
        """
        if self.is_restoring:
            return
        step = UndoStep(label, undo, redo, case, slice_key, sources, series)
        last = self._last(self._done)
        if last is not None and series and last.series == series and last is self._done[-1]:
            self._done[-1] = replace(last, redo=redo)
        else:
            self._done = [*self._done[1 - LONGEST :], step]
        self._undone = []
        self.changed.emit()

    def undo(self) -> None:
        """Take back the last step of what is shown."""
        self.about_to_restore.emit()
        step = self._last(self._done)
        if step is not None:
            self._move(step, self._done, self._undone)
            self._restore(step.undo)

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self.about_to_restore.emit()
        step = self._last(self._undone)
        if step is not None:
            self._move(step, self._undone, self._done)
            self._restore(step.redo)

    def forget(self, cases: Collection[int], groups: Collection[int]) -> None:
        """Let go of the steps of closed cases, named by their numbers, and of slices of these groups."""
        self._keep(
            lambda step: (
                step.case not in cases if step.slice_key is None else step.slice_key.case not in groups
            )
        )

    def drop(self, sources: Collection[object]) -> None:
        """Let go of the steps about these sources, which are compared by identity."""
        identities = set(map(id, sources))
        self._keep(lambda step: identities.isdisjoint(map(id, step.sources)))

    def _last(self, steps: list[UndoStep]) -> UndoStep | None:
        return next(filter(self._is_shown, reversed(steps)), None)

    def _is_shown(self, step: UndoStep) -> bool:
        shown = self._shown.current
        number = shown.case.number if shown.case is not None else None
        return step.case in (None, number) and step.slice_key in (None, shown.slice_key)

    def _keep(self, is_kept: Callable[[UndoStep], bool]) -> None:
        done, undone = list(filter(is_kept, self._done)), list(filter(is_kept, self._undone))
        if (done, undone) != (self._done, self._undone):
            self._done, self._undone = done, undone
            self.changed.emit()

    @staticmethod
    def _move(step: UndoStep, start: list[UndoStep], end: list[UndoStep]) -> None:
        start[:] = [each for each in start if each is not step]
        end.append(step)

    def _restore(self, action: Callable[[], object]) -> None:
        self.is_restoring = True
        try:
            action()
        finally:
            self.is_restoring = False
        self.changed.emit()
