"""The lines above the image: what a person should know now, one sentence and a hint each."""

import logging
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.texts import window as texts
from core.errors import SaliscopeError

log = logging.getLogger("app.window")
# More lines would leave no room for the image.
MOST_ERRORS = 3
# The topic of what becomes of exports, whose state is loaded when it is first used.
EXPORT_TOPIC = "export"


class Weight(Enum):
    """How much a notice matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """topic: what it is about; a newer notice of a topic replaces the older. action: a step offered.

    alternative: another step, in place of the first.
    """

    topic: str
    weight: Weight
    text: str
    hint: str = ""
    action: str = ""
    error: SaliscopeError | None = None
    alternative: str = ""

    @property
    def details(self) -> str:
        """For a bug report: the kind of error alone, since a sentence may hold a file's name."""
        return texts.details(self.error.code) if self.error is not None else ""


class NoticesState(QObject):
    """The notices that stand, the newest last."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices: list[Notice] = []

    @property
    def notices(self) -> tuple[Notice, ...]:
        return tuple(self._notices)

    @property
    def shown(self) -> tuple[Notice, ...]:
        """Those that find room: all warnings and offers of a step, and the newest of the other errors."""
        without_room = set(map(id, self._passing[:-MOST_ERRORS]))
        return tuple(notice for notice in self._notices if id(notice) not in without_room)

    @property
    def held_back(self) -> int:
        """How many errors found no room."""
        return len(self._notices) - len(self.shown)

    def dismiss_errors(self) -> None:
        """Put away all errors that offer no step, those without room too."""
        passing = set(map(id, self._passing))
        self._set([notice for notice in self._notices if id(notice) not in passing])

    @property
    def _passing(self) -> list[Notice]:
        return [notice for notice in self._notices if notice.weight is Weight.ERROR and not notice.action]

    def warn(self, topic: str, sentences: tuple[str, ...]) -> None:
        """Replace all warnings of a topic."""
        self._replace(topic, Weight.WARNING, sentences)

    def note(self, topic: str, sentences: tuple[str, ...]) -> None:
        """Replace all notes of a topic: what a person may want to know and need not act on."""
        self._replace(topic, Weight.NOTE, sentences)

    def tell(self, topic: str, sentence: str, action: str) -> None:
        """Say how something went, with a step that follows from it."""
        others = [notice for notice in self._notices if notice.topic != topic]
        self._set([*others, Notice(topic, Weight.NOTE, sentence, action=action)])

    def _replace(self, topic: str, weight: Weight, sentences: tuple[str, ...]) -> None:
        others = [notice for notice in self._notices if notice.topic != topic]
        self._set([*others, *(Notice(topic, weight, sentence) for sentence in sentences)])

    def report(self, topic: str, error: SaliscopeError, action: str = "") -> None:
        """Show an error; `action` names the button that helps."""
        log.info("shown: %s", error.code)
        others = [notice for notice in self._notices if notice.topic != topic]
        self._set([*others, Notice(topic, Weight.ERROR, error.message, error.hint, action, error)])

    def offer(self, topic: str, text: str, hint: str, action: str, alternative: str) -> None:
        """Offer two steps of which a person chooses one."""
        others = [notice for notice in self._notices if notice.topic != topic]
        self._set([*others, Notice(topic, Weight.WARNING, text, hint, action, alternative=alternative)])

    def dismiss(self, notice: Notice) -> None:
        self._set([other for other in self._notices if other is not notice])

    def clear(self, topic: str) -> None:
        self._set([notice for notice in self._notices if notice.topic != topic])

    def _set(self, notices: list[Notice]) -> None:
        if notices != self._notices:
            self._notices = notices
            self.changed.emit()
