"""The memory that the readers keep of opened series, released when they are closed."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.window.links import JobLink, LinkState
from core.link import Message
from core.readers.messages import CloseSeries, FrameRead, SeriesClosed
from core.readers.protocol import SeriesEntry


class SeriesMemory(QObject):
    """What each reader says with every slice that it reads, and when a series is closed."""

    changed = Signal()

    def __init__(self, readers: Iterable[JobLink], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bytes_by_reader = dict.fromkeys(readers, 0)
        for reader in self._bytes_by_reader:
            reader.answered.connect(partial(self._on_answered, reader))
            reader.state_changed.connect(partial(self._on_state_changed, reader))

    @property
    def kept_bytes(self) -> int:
        """Of all volumes that the readers keep."""
        return sum(self._bytes_by_reader.values())

    def release(self, entries: Iterable[SeriesEntry]) -> None:
        """Let the readers forget what they keep of these series; one that does not run keeps nothing."""
        for entry in entries:
            if entry.frames > 1 or entry.frames_at_once > 1:
                for reader in self._bytes_by_reader:
                    if reader.state is not LinkState.OFF:
                        reader.submit(CloseSeries(entry=entry))

    def _on_answered(self, reader: JobLink, message: Message) -> None:
        if isinstance(message, FrameRead | SeriesClosed):
            self._set(reader, message.kept_bytes)

    def _on_state_changed(self, reader: JobLink) -> None:
        if reader.state is LinkState.OFF:  # its memory went with the process
            self._set(reader, 0)

    def _set(self, reader: JobLink, kept_bytes: int) -> None:
        if kept_bytes != self._bytes_by_reader[reader]:
            self._bytes_by_reader[reader] = kept_bytes
            self.changed.emit()
