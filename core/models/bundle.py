"""Bundles: a folder with `model.json` and `weights.safetensors`, checked before it is used."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from pydantic import ValidationError

from core.arrays import Array
from core.errors import DamagedBundle, UnknownModel, UsageError
from core.folders import models_folder
from core.models.card import CARD_SCHEMA, Card
from core.output import written
from core.policy import policy

CARD_NAME = "model.json"
WEIGHTS_NAME = "weights.safetensors"
BACKGROUND_NAME = "background.npz"
RESOURCES = Path(__file__).resolve().parents[2] / "resources"
HINT = "Install the model again."


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model's folder with its card already read."""

    folder: Path
    card: Card

    def weights(self) -> dict[str, Array]:
        """Every array, of any shape, by its name.

        Raises DamagedBundle if hash, format or values are not the card's.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load as parse_weights

        path = self.folder / WEIGHTS_NAME
        try:
            data = path.read_bytes()
        except OSError as error:
            raise DamagedBundle(
                f"The weights of {self.card.id} cannot be read: {error.strerror}.", HINT
            ) from None
        if hashlib.sha256(data).hexdigest() != self.card.weights_sha256:
            raise DamagedBundle(f"The weights of {self.card.id} are not those its card names.", HINT)
        try:
            arrays = parse_weights(data)
        except SafetensorError as error:
            raise DamagedBundle(
                f"The weights of {self.card.id} cannot be parsed: their file is damaged.", HINT
            ) from error
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                raise DamagedBundle(
                    f"The weights of {self.card.id} hold values that are not finite in {name}.", HINT
                )
        return arrays

    def background(self) -> Array | None:
        """A few training inputs (n, height, width, channels) float32, or None if it holds none.

        Raises DamagedBundle if the file cannot be read or its inputs are not of the card's shape.
        """
        path = self.folder / BACKGROUND_NAME
        if not path.is_file():
            return None
        try:
            # Opened here, because numpy leaves a file open that turns out not to be an archive.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                steps, low, high = stored["inputs"], float(stored["low"]), float(stored["high"])
        except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, MemoryError) as error:
            # An error's own words may hold the file's path.
            reason = getattr(error, "strerror", None) or "it is no whole archive of numpy"
            raise DamagedBundle(
                f"The background of {self.card.id} cannot be read: {reason}.", HINT
            ) from error
        shape = self.card.preprocessing.shape
        if steps.dtype != np.uint8 or steps.shape[1:] != shape or not len(steps):
            raise DamagedBundle(f"The background of {self.card.id} does not hold inputs of {shape}.", HINT)
        if not (np.isfinite(low) and np.isfinite(high)):
            raise DamagedBundle(f"The background of {self.card.id} has no finite range.", HINT)
        return (low + steps * ((high - low) / 255)).astype(np.float32)


def write_background(folder: Path, inputs: Array) -> None:
    """Write inputs (n, height, width, channels) into `folder` in 256 steps. Raises DiskFull."""
    low, high = float(inputs.min()), float(inputs.max())
    width = (high - low) or 1.0
    with written(folder / BACKGROUND_NAME) as file:
        np.savez_compressed(
            file, inputs=np.rint((inputs - low) / width * 255).astype(np.uint8), low=low, high=high
        )


def read_bundle(folder: Path) -> Bundle:
    """The bundle in `folder`.

    Raises DamagedBundle if its card cannot be read or is of a newer schema, or if the folder is one of
    those that are searched and not named by the card's id, by which it would never be found.
    """
    path = folder / CARD_NAME
    # A folder elsewhere may have any name, that of a person too.
    name = folder.name if folder.parent in model_folders() else "the model"
    try:
        text = path.read_text(encoding="utf-8")
        schema = json.loads(text).get("schema_version")
        if isinstance(schema, int) and schema > CARD_SCHEMA:
            raise DamagedBundle(
                f"The card of {name} is of schema {schema}; this version reads up to {CARD_SCHEMA}.",
                "Update Saliscope.",
            )
        card = Card.model_validate_json(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, AttributeError, ValidationError) as error:
        raise DamagedBundle(f"The card of {name} cannot be read: {cause_of(error)}.", HINT) from None
    if folder.name != card.id and folder.parent in model_folders():
        raise DamagedBundle(
            f"The folder {folder.name} holds the model {card.id}.", f"Rename the folder to {card.id}."
        )
    return Bundle(folder, card)


def write_bundle(folder: Path, card: Card, weights: Mapping[str, Array]) -> Bundle:
    """Write card and weights (arrays of any shape by name) into `folder`, with the weights' hash in the card.

    Raises DiskFull.
    """
    from safetensors.numpy import save as pack_weights

    folder.mkdir(parents=True, exist_ok=True)
    # Keeps the shape (): ascontiguousarray turns a single number into an array of one.
    data = pack_weights(
        {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in weights.items()}
    )
    card = card.model_copy(update={"weights_sha256": hashlib.sha256(data).hexdigest()})
    with written(folder / WEIGHTS_NAME) as file:
        file.write(data)
    card.write(folder / CARD_NAME)
    return Bundle(folder, card)


def model_folders() -> list[Path]:
    """Where bundles are looked for: the shipped ones first, then the policy's folder, then the user's own."""
    rule = policy().rule("model_folder")
    folders = [RESOURCES / "models"]
    if rule.value:
        folders.append(Path(str(rule.value)))
    if rule.origin != "forced":
        folders.append(models_folder())
    return folders


def bundle_folders() -> Iterator[Path]:
    """Every folder that holds a card, shipped ones first, each id once."""
    listed_ids = set()
    for root in model_folders():
        for folder in sorted(root.glob(f"*/{CARD_NAME}")) if root.is_dir() else []:
            if folder.parent.name not in listed_ids:
                listed_ids.add(folder.parent.name)
                yield folder.parent


def find_bundle(name: str | Path) -> Bundle:
    """The bundle of this id, or in this folder.

    Raises UnknownModel, DamagedBundle, or UsageError for a folder that the policy does not permit.
    """
    if isinstance(name, Path) or os.sep in name:
        folder = Path(name)
        _require_permitted(folder)
        if not (folder / CARD_NAME).is_file():
            raise UnknownModel("", [folder.name for folder in bundle_folders()])
        return read_bundle(folder)
    for folder in bundle_folders():
        if folder.name == name:
            return read_bundle(folder)
    raise UnknownModel(name, [folder.name for folder in bundle_folders()])


def _require_permitted(folder: Path) -> None:
    """Raises UsageError where the policy forces the folders of models, and this bundle is in none of them."""
    roots = [root.resolve() for root in model_folders()]
    if policy().is_forced("model_folder") and folder.resolve().parent not in roots:
        raise UsageError("Models of other folders are switched off by your administrator.")


def cause_of(error: Exception) -> str:
    """Why a JSON file of a bundle cannot be read, as a clause without its path."""
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        if problem["type"] == "json_invalid":
            return "it is not JSON"
        return f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg'].lower()}"
    if isinstance(error, OSError):  # its own words hold the path
        return error.strerror or "it cannot be opened"
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno} is not JSON"
    return "its content is of another kind"
