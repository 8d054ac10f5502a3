"""The speeds of models on this machine, kept between starts: a JSON file beside the settings."""

from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import DiskFull
from core.network.speed import Speed
from core.output import write_document

NAME = "speed.json"


class ModelSpeed(BaseModel):
    """What is known of one model. factors: by kind of work, its real time divided by that of its calls."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    speed: Speed
    factors: dict[str, float] = {}


class _Speeds(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    models: dict[str, ModelSpeed] = {}


class SpeedFile:
    """Speeds by a key that names model, machine and program; written at every change."""

    def __init__(self, folder: Path | None = None) -> None:
        """folder: of the file; None keeps the speeds until the program ends."""
        self._path = folder / NAME if folder is not None else None
        self._models = self._read()

    def speed_of(self, key: str) -> ModelSpeed | None:
        """None while it has not been measured."""
        return self._models.get(key)

    def store(self, key: str, speed: ModelSpeed) -> None:
        """Keep a speed. If the file cannot be written, it holds until the program ends."""
        self._models[key] = speed
        if self._path is None:
            return
        with suppress(OSError, DiskFull):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_document(self._path, _Speeds(models=self._models))

    def _read(self) -> dict[str, ModelSpeed]:
        if self._path is None:
            return {}
        try:
            text = self._path.read_text(encoding="utf-8")
            return dict(_Speeds.model_validate_json(text).models)
        except (OSError, UnicodeDecodeError, ValidationError):
            return {}  # missing or invalid: measured again
