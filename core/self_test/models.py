"""The trials of the bundles, and the loaded models that other trials use."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.file_hash import file_sha256
from core.models.bundle import RESOURCES, WEIGHTS_NAME, bundle_folders, read_bundle
from core.self_test.trial import Trial, TrialFailed

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

GROUP = "Models"


class LoadedModels:
    """Models by their ids, each loaded once."""

    def __init__(self) -> None:
        self._handles: dict[str, ModelHandle] = {}

    def handle(self, name: str) -> "ModelHandle":
        """The model of this id. Raises UnknownModel, DamagedBundle."""
        from core.models.handle import ModelHandle

        if name not in self._handles:
            self._handles[name] = ModelHandle.load(name)
        return self._handles[name]


def smallest_model() -> str:
    """The id of the shipped bundle with the smallest weights. Raises TrialFailed if none is shipped."""
    folders = (RESOURCES / "models").glob(f"*/{WEIGHTS_NAME}")
    smallest = min(folders, key=lambda path: (path.stat().st_size, path.parent.name), default=None)
    if smallest is None:
        raise TrialFailed("No model is installed with the program.", "Install the program again.")
    return smallest.parent.name


def model_trials(models: LoadedModels, hashes: dict[str, str]) -> Iterator[Trial]:
    """One for each installed bundle; `hashes` gets those of the weights by the bundle's id."""
    folders = list(bundle_folders())
    if not folders:
        yield Trial(GROUP, "Models", smallest_model)
    for folder in folders:
        yield Trial(GROUP, folder.name, partial(_load, folder, models, hashes))


def _load(folder: Path, models: LoadedModels, hashes: dict[str, str]) -> str:
    card = read_bundle(folder).card
    digest = file_sha256(folder / WEIGHTS_NAME)
    hashes[card.id] = digest
    if digest != card.weights_sha256:
        raise TrialFailed(
            f"The weights have the hash {digest[:12]}, and the card names {card.weights_sha256[:12]}.",
            "Install the model again.",
        )
    count = models.handle(card.id).class_count
    return f"It was loaded with {count} classes; its weights have the hash of its card, {digest[:12]}."
