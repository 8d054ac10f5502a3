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
from core.output import written
from core.policy import Policy, policy

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


# The settings that an administrator may set, by the key of the policy.
POLICY_KEYS = {"keep_recent_files": "recent_files", "autosave": "autosave", "device": "device"}


def device_choice(values: Settings, environment: Mapping[str, str]) -> DeviceChoice | None:
    """The device that the settings name; None where the environment says it, which then holds."""
    if environment.get(DEVICE_VARIABLE) or environment.get(DETERMINISTIC_VARIABLE):
        return None
    return DeviceChoice(wish=values.device, is_deterministic=values.deterministic)


class SettingsFile:
    """The settings on disk, written at every change. exists: whether the file was there at the start.

    values: those that hold: what the user chose, else the administrator's policy, else what is built in;
    before all of them what the policy forces. defaults: without the user's choices.
    """

    def __init__(self, folder: Path | None = None, rules: Policy | None = None) -> None:
        """folder: of the file; the user's settings folder by default. rules: this machine's by default."""
        self.folder = folder or settings_folder()
        self._rules = rules or policy()
        self._path = self.folder / "settings.json"
        self.exists = self._path.exists()
        by_policy = {name: self._rules.rule(key).value for name, key in POLICY_KEYS.items()}
        self.defaults = Settings().model_copy(update=by_policy)
        self._chosen = self._read()
        self.values = self._in_force()

    def change(self, **changes: object) -> None:
        """Set some values and write the file. If it cannot be written, they hold until the program ends.

        What the policy forces stays.
        """
        before = self.values
        free = {name: value for name, value in changes.items() if not self.is_forced(name)}
        self._chosen = self._chosen.model_copy(update=free)
        self.values = self._in_force()
        if self.values == before:
            return
        with suppress(OSError, DiskFull):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with written(self._path) as file:
                # What the user did not choose stays out, so that a policy's defaults may change.
                file.write(self._chosen.model_dump_json(indent=2, exclude_unset=True).encode("utf-8") + b"\n")

    def is_forced(self, name: str) -> bool:
        """Whether the administrator's policy forces this setting."""
        return name in POLICY_KEYS and self._rules.is_forced(POLICY_KEYS[name])

    def _in_force(self) -> Settings:
        chosen_names = self._chosen.model_fields_set
        by_policy = {
            name: getattr(self.defaults, name)
            for name in POLICY_KEYS
            if self.is_forced(name) or name not in chosen_names
        }
        changes = {name: value for name, value in by_policy.items() if getattr(self._chosen, name) != value}
        return self._chosen.model_copy(update=changes)

    def _read(self) -> Settings:
        try:
            return Settings.model_validate_json(self._path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError):
            return Settings()  # missing or invalid: use the defaults
