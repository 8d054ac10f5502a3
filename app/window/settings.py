"""Settings that are kept between starts: a JSON file in the user's settings folder."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import DiskFull
from core.figures.colour_maps import DEFAULT_OPACITY, DEFAULT_THRESHOLD, ColourMap
from core.folders import settings_folder
from core.models.device import DETERMINISTIC_VARIABLE, DEVICE_VARIABLE, DeviceChoice, DeviceWish
from core.output import write_document

Scheme = Literal["system", "light", "dark"]
# Slices per second of cine, from and to.
CINE_RATES = (1, 30)


class Settings(BaseModel):
    """All settings with their defaults. geometry, docks: states of Qt in base 64. cine_rate: per second.

    look_first: a reader's impression comes before the prediction.
    recent_files, last_folder: empty unless keep_recent_files is on, since they may name a patient.
    device, deterministic: what computes from the next start on, unless the environment says so.
    keys: of the actions whose keys differ from their defaults.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    scheme: Scheme = "system"
    colour_map: ColourMap = ColourMap.INFERNO
    opacity: float = DEFAULT_OPACITY
    threshold: float = DEFAULT_THRESHOLD
    outline: bool = False
    cine_rate: int = Field(default=10, ge=CINE_RATES[0], le=CINE_RATES[1])
    look_first: bool = False
    background_checks: bool = True
    keep_recent_files: bool = False
    autosave: bool = True
    device: DeviceWish = "auto"
    deterministic: bool = False
    geometry: str = ""
    docks: str = ""
    recent_files: tuple[str, ...] = ()
    last_folder: str = ""
    results_collapsed: bool = False
    keys: dict[str, tuple[str, ...]] = {}


def device_choice(values: Settings, environment: Mapping[str, str]) -> DeviceChoice | None:
    """The device that the settings name; None where the environment says it, which then holds."""
    if environment.get(DEVICE_VARIABLE) or environment.get(DETERMINISTIC_VARIABLE):
        return None
    return DeviceChoice(wish=values.device, is_deterministic=values.deterministic)


class SettingsFile:
    """The settings on disk, written at every change. exists: whether the file was there at the start."""

    def __init__(self, folder: Path | None = None) -> None:
        """folder: of the file; the user's settings folder by default."""
        self.folder = folder or settings_folder()
        self._path = self.folder / "settings.json"
        self.exists = self._path.exists()
        self.values = self._read()

    def change(self, **changes: object) -> None:
        """Set some values and write the file. If it cannot be written, they hold until the program ends."""
        changed = self.values.model_copy(update=changes)
        if changed == self.values:
            return
        self.values = changed
        with suppress(OSError, DiskFull):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_document(self._path, changed)

    def _read(self) -> Settings:
        try:
            return Settings.model_validate_json(self._path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError):
            return Settings()  # missing or invalid: use the defaults
