"""The pictures that a map reveals, one for each threshold, beside what the model says to each."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import reveal as texts
from app.window.links import JobLink
from app.window.states.curves import CurvesState
from app.window.states.maps import ImageKey, MapEntry, MapsState
from app.window.states.prediction import PredictionState
from core.arrays import Array
from core.curves.curve_set import CurveSet, MapFacts
from core.curves.protocol import Direction
from core.errors import Cancelled, SaliscopeError, WorkerLost
from core.images.slice import Slice
from core.worker.messages import RevealDone, RevealRequest

Place = tuple[ImageKey, int, str, Direction]
# Pictures of this many strips are kept; one takes some two megabytes.
KEPT = 12


@dataclass(frozen=True, slots=True, eq=False)
class RevealedFrame:
    """One picture of the strip.

    x: its place on the curve's axis. said: the predicted class, empty where it is not recorded.
    probability: of the followed class. picture: (height, width, channels) uint8, None until it is made.
    """

    share: float
    x: float
    said: str
    probability: float
    picture: Array | None = None


class RevealState(QObject):
    """The strip of one map of the drawn curves. Pictures are made when the strip is looked at."""

    changed = Signal()
    at_changed = Signal()

    def __init__(
        self,
        worker: JobLink,
        maps: MapsState,
        curves: CurvesState,
        prediction: PredictionState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._maps, self._curves, self._prediction = worker, maps, curves, prediction
        self._pictures: dict[Place, Array] = {}
        self._errors: dict[Place, SaliscopeError] = {}
        self._image: Slice | None = None
        self._job: tuple[int, Place] | None = None
        self._active = False
        self._wanted = ""
        self.direction: Direction = "top"
        curves.changed.connect(self._on_curves_changed)
        curves.cursor_changed.connect(self.at_changed)
        maps.selected_changed.connect(self._on_map_selected)
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)

    def set_image(self, image: Slice | None) -> None:
        """Another slice: pictures of the old one are not made any more."""
        self._withdraw()
        self._image = image
        self._settle()

    def set_active(self, active: bool) -> None:
        """Whether somebody looks at the strip."""
        if active != self._active:
            self._active = active
            self._settle()

    @property
    def methods(self) -> tuple[tuple[str, str], ...]:
        """Name and title of each map of the drawn curves, several of one method among them."""
        curves = self._curves.curves
        if curves is None:
            return ()
        drawn = (facts.method for facts in curves.maps if self._curves.drawn_map(facts.method) is not None)
        return tuple((name, self._curves.title_of(name)) for name in drawn)

    @property
    def method(self) -> str:
        """The map whose strip is shown: the chosen one while the curves know it."""
        names = [name for name, _ in self.methods]
        return self._wanted if self._wanted in names else (names[0] if names else "")

    def choose(self, method: str) -> None:
        if method != self._wanted:
            self._wanted = method
            self._settle()

    @property
    def directions(self) -> tuple[Direction, ...]:
        """In which orders this protocol reveals."""
        return ("top", "bottom") if self._curves.protocol == "cells" else ("top",)

    def set_direction(self, direction: Direction) -> None:
        if direction != self.direction:
            self.direction = direction
            self._settle()

    @property
    def shown_direction(self) -> Direction:
        return self.direction if self.direction in self.directions else "top"

    @property
    def empty_text(self) -> str:
        """What would fill the panel, or nothing where it is filled."""
        if self._curves.curves is None:
            return texts.REVEAL_NEEDS_CURVES
        return "" if self.methods else texts.REVEAL_UNDEFINED

    @property
    def error(self) -> SaliscopeError | None:
        place = self._place()
        return self._errors.get(place) if place is not None else None

    @property
    def making(self) -> bool:
        return self._job is not None

    @property
    def title(self) -> str:
        return dict(self.methods).get(self.method, "")

    @property
    def class_name(self) -> str:
        """The class whose probability the curves follow."""
        curves = self._curves.curves
        return self._class(curves.target_class) if curves is not None else ""

    @property
    def frames(self) -> tuple[RevealedFrame, ...]:
        """From the blurred image to the whole one."""
        curves, facts, place = self._curves.curves, self._facts(), self._place()
        if curves is None or facts is None or place is None:
            return ()
        found = self._of_top(facts) if self.shown_direction == "top" else self._of_bottom(curves)
        pictures = self._pictures.get(place)
        if pictures is None or len(pictures) != len(found):
            return found
        return tuple(
            RevealedFrame(frame.share, frame.x, frame.said, frame.probability, picture)
            for frame, picture in zip(found, pictures, strict=True)
        )

    @property
    def sentence(self) -> str:
        """From which share on the model says the class, in words."""
        facts, curves = self._facts(), self._curves.curves
        if facts is None or curves is None or self.shown_direction != "top":
            return ""
        right = [glimpse.predicted_class == curves.target_class for glimpse in facts.glimpses]
        kept = next((at for at in range(len(right)) if all(right[at:])), len(right))
        if kept >= len(right) - 1:
            return texts.sufficient_share(self.title, None, self.class_name)
        return texts.sufficient_share(self.title, facts.glimpses[kept].share, self.class_name)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What each picture tells."""
        title, top, name = self.title, self.shown_direction == "top", self.class_name
        return tuple(
            texts.step_sentence(title, top, frame.share, frame.said, name, frame.probability)
            for frame in self.frames
        )

    @property
    def at(self) -> int | None:
        """The picture nearest to the cursor of the curves."""
        frames, cursor = self.frames, self._curves.cursor
        if cursor is None or not frames:
            return None
        return min(range(len(frames)), key=lambda number: abs(frames[number].x - cursor))

    def look_at(self, at: int) -> None:
        """Move the cursor of the curves to a picture."""
        if 0 <= at < len(self.frames) and at != self.at:
            self._curves.set_cursor(self.frames[at].x)

    def _of_top(self, facts: MapFacts) -> tuple[RevealedFrame, ...]:
        return tuple(
            RevealedFrame(g.share, g.x, self._class(g.predicted_class), g.target_probability)
            for g in facts.glimpses
        )

    def _of_bottom(self, curves: CurveSet) -> tuple[RevealedFrame, ...]:
        """Single answers are recorded from the top only; from the bottom there is the mean curve."""
        curve = curves.curve(self.method, "sic", "bottom")
        if curve is None:
            return ()
        points = sorted(zip(curve.shares, curve.x, curve.y, strict=True))
        return tuple(RevealedFrame(share, x, "", y) for share, x, y in points)

    def _class(self, index: int) -> str:
        card = self._prediction.card
        return card.classes[index] if card is not None and index < len(card.classes) else str(index)

    def _facts(self) -> MapFacts | None:
        curves = self._curves.curves
        if curves is None:
            return None
        return next((facts for facts in curves.maps if facts.method == self.method), None)

    def _place(self) -> Place | None:
        """What the pictures depend on: image, map, settings, direction."""
        entry, key, curves = self._entry(), self._maps.key, self._curves.curves
        if entry is None or key is None or curves is None:
            return None
        return key, entry.number, curves.settings.model_dump_json(), self.shown_direction

    def _entry(self) -> MapEntry | None:
        return self._curves.drawn_map(self.method) if self.method else None

    def _settle(self) -> None:
        self._ask()
        self.changed.emit()
        self.at_changed.emit()

    def _ask(self) -> None:
        place, entry, curves = self._place(), self._entry(), self._curves.curves
        if self._job is not None and (not self._active or self._job[1] != place):
            self._withdraw()
        if not self._active or place is None or place in self._pictures or place in self._errors:
            return
        if self._job is not None or self._image is None or curves is None:
            return
        assert entry is not None
        assert entry.values is not None
        request = RevealRequest(model=place[0].model, settings=curves.settings, direction=place[3])
        self._job = (self._worker.submit(request, [entry.values], self._image), place)

    def _withdraw(self) -> None:
        if self._job is not None:
            job, self._job = self._job[0], None
            self._worker.cancel(job)

    @Slot()
    def _on_curves_changed(self) -> None:
        self._settle()

    @Slot()
    def _on_map_selected(self) -> None:
        """The strip follows the map over the image, where the curves know it."""
        selected = self._maps.selected
        name = self._curves.name_of(selected) if selected is not None else ""
        if name:
            self.choose(name)

    @Slot(int, object, object)
    def _on_finished(self, job: int, message: object, arrays: list[Any]) -> None:
        if self._job is not None and job == self._job[0] and isinstance(message, RevealDone):
            place, self._job = self._job[1], None
            self._pictures[place] = arrays[0]
            while len(self._pictures) > KEPT:
                del self._pictures[next(iter(self._pictures))]
            self._settle()

    @Slot(int, object)
    def _on_failed(self, job: int, error: SaliscopeError) -> None:
        if self._job is not None and job == self._job[0]:
            place, self._job = self._job[1], None
            # A lost worker is told above the image, and the strip is asked for again.
            if not isinstance(error, Cancelled | WorkerLost):
                self._errors[place] = error
            self.changed.emit()
