"""Which model predicts an image, and its handle, loaded once."""

from functools import cache
from typing import TYPE_CHECKING

from app.command_line.images import OpenedSlice
from app.failure import print_note
from core.errors import DamagedBundle, ModelError
from core.models.bundle import Bundle, bundle_folders, find_bundle, read_bundle

if TYPE_CHECKING:
    from core.models.handle import ModelHandle


class ModelChoice:
    """The model asked for by id, else the sample's, else the first one for the image's modality."""

    def __init__(self, model_id: str | None) -> None:
        """Raises UnknownModel or DamagedBundle before any image is read."""
        self._bundle = find_bundle(model_id) if model_id else None
        self._handles: dict[str, ModelHandle] = {}

    def bundle(self, opened: OpenedSlice) -> Bundle:
        """The bundle for a slice. Raises UnknownModel, DamagedBundle or ModelError."""
        if self._bundle:
            return self._bundle
        if opened.sample:
            return find_bundle(opened.sample.model)
        return first_bundle(opened.image.modality)

    def handle(self, opened: OpenedSlice) -> "ModelHandle":
        """The loaded model for a slice; the first call imports the framework, which takes seconds."""
        bundle = self.bundle(opened)
        if bundle.card.id not in self._handles:
            self._handles[bundle.card.id] = loaded_model(bundle)
        return self._handles[bundle.card.id]


def loaded_model(name: str | Bundle) -> "ModelHandle":
    """The handle of a bundle, by id or already read; prints why the CPU computes where a GPU was expected.

    Raises UnknownModel, DamagedBundle or UnsupportedComputer.
    """
    from core.models.handle import ModelHandle

    handle = ModelHandle.load(name)
    _print_fallback(handle.calls.device.fallback)
    return handle


@cache
def _print_fallback(sentence: str) -> None:
    """Print it once in a process, however many models are loaded."""
    if sentence:
        print_note(sentence)


def first_bundle(modality: str) -> Bundle:
    """The first installed model for this modality; if there is none or it is unknown, the first of all.

    Damaged bundles are skipped. Raises DamagedBundle if all are damaged, ModelError if there is none.
    """
    bundles: list[Bundle] = []
    damages: list[DamagedBundle] = []
    for folder in bundle_folders():
        try:
            bundles.append(read_bundle(folder))
        except DamagedBundle as error:
            damages.append(error)
    if not bundles and damages:
        raise damages[0]
    if not bundles:
        raise ModelError(
            "No model is installed.", "Install Saliscope again, or name a bundle's folder with --model."
        )
    return next((bundle for bundle in bundles if modality in bundle.card.modality), bundles[0])
