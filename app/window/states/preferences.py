"""What a person prefers: the settings that are kept between starts, and the news of a change."""

from PySide6.QtCore import QObject, Signal

from app.window.settings import Settings, SettingsFile


class Preferences(QObject):
    """The settings of the program; a change holds at once and is kept on disk."""

    changed = Signal()

    def __init__(self, settings_file: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = settings_file

    @property
    def values(self) -> Settings:
        """The settings that hold now."""
        return self._file.values

    def change(self, **changes: object) -> None:
        """Set some of the values; tells it only if one differs from before."""
        before = self._file.values
        self._file.change(**changes)
        if self._file.values != before:
            self.changed.emit()
