"""The memory that the reader keeps of opened series, released when they are closed."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.window.links import JobLink, LinkState
from core.arrays import Array
from core.readers.messages import CloseSeries, SeriesClosed
from core.readers.protocol import SeriesEntry


class SeriesMemory(QObject):
    """kept_bytes: of all volumes that the reader still keeps, as it said last."""

    changed = Signal()

    def __init__(self, reader: JobLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.kept_bytes = 0

    def release(self, entries: Iterable[SeriesEntry]) -> None:
        """Let the reader forget what it keeps of these series; a process that does not run keeps nothing."""
        if self._reader.state is LinkState.OFF:
            return
        for entry in entries:
            if entry.frames > 1 or entry.frames_at_once > 1:
                self._reader.submit(CloseSeries(entry=entry)).done.connect(self._on_closed)

    def _on_closed(self, message: SeriesClosed, arrays: list[Array]) -> None:
        if message.kept_bytes != self.kept_bytes:
            self.kept_bytes = message.kept_bytes
            self.changed.emit()
