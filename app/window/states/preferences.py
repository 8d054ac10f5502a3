"""What a person prefers: the settings that are kept between starts, and the news of a change."""

from PySide6.QtCore import QObject, Signal, Slot

from app.window.settings import Settings, SettingsFile
from app.window.states.background import BackgroundScheduler
from app.window.states.cine import CineState
from app.window.states.impressions import ImpressionsState
from app.window.states.overlay_style import OverlayStyle

# What the settings dialog shows; the rest is remembered by the window itself.
CHOICES = (
    "scheme",
    "colour_map",
    "opacity",
    "cine_rate",
    "look_first",
    "background_checks",
    "keep_recent_files",
    "autosave",
    "device",
    "deterministic",
)


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

    def is_forced(self, name: str) -> bool:
        """Whether the administrator has set this value for all users."""
        return self._file.is_forced(name)

    def reset(self) -> None:
        """Set everything that the settings dialog shows to its default."""
        defaults = self._file.defaults
        self.change(**{name: getattr(defaults, name) for name in CHOICES})

    @property
    def are_defaults(self) -> bool:
        """Whether everything that the settings dialog shows has its default."""
        defaults = self._file.defaults
        return all(getattr(self.values, name) == getattr(defaults, name) for name in CHOICES)


class PreferenceEffects(QObject):
    """Carries out what is preferred, at the start and at each change.

    The controls of the image change opacity, threshold, colour map and outline, too. Only what was changed
    in the settings since is set again, so that a change of another setting leaves the image as it is.
    """

    def __init__(
        self,
        preferences: Preferences,
        style: OverlayStyle,
        cine: CineState,
        background: BackgroundScheduler,
        impressions: ImpressionsState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences, self._style, self._cine = preferences, style, cine
        self._background, self._impressions = background, impressions
        self._carried_out: Settings | None = None
        preferences.changed.connect(self._carry_out)
        self._carry_out()

    def adopt_image(self) -> None:
        """Take over what was set at the image itself, so that it is shown as the setting and kept."""
        style = self._style
        self._preferences.change(
            opacity=style.opacity,
            threshold=style.threshold,
            colour_map=style.colour_map,
            outline=style.has_outline,
        )

    @Slot()
    def _carry_out(self) -> None:
        before, values = self._carried_out, self._preferences.values
        self._carried_out = values
        style = self._style
        if before is None or before.opacity != values.opacity:
            style.set_opacity(values.opacity)
        if before is None or before.threshold != values.threshold:
            style.set_threshold(values.threshold)
        if before is None or before.colour_map != values.colour_map:
            style.set_colour_map(values.colour_map)
        if before is None or before.outline != values.outline:
            style.set_outline(values.outline)
        self._cine.set_rate(values.cine_rate)
        self._background.set_answers_allowed(values.background_checks)
        self._impressions.set_on(values.look_first)
