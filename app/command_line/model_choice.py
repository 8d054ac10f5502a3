"""Which model looks at an image, and its handle, loaded once."""

from typing import TYPE_CHECKING

from app.command_line.cases import Case
from core.errors import DamagedBundle, ModelError
from core.models.bundle import Bundle, bundle_folders, find_bundle, read_bundle

if TYPE_CHECKING:
    from core.models.handle import ModelHandle


class ModelChoice:
    """The model asked for by id, else the sample's, else the first one for the image's modality."""

    def __init__(self, asked: str | None) -> None:
        """Raises UnknownModel or DamagedBundle before any image is read."""
        self._asked = find_bundle(asked) if asked else None
        self._handles: dict[str, ModelHandle] = {}

    def bundle(self, case: Case) -> Bundle:
        """Raises UnknownModel, DamagedBundle, or ModelError where none is installed."""
        if self._asked:
            return self._asked
        if case.sample:
            return find_bundle(case.sample.model)
        return first_bundle(case.image.modality)

    def handle(self, case: Case) -> "ModelHandle":
        """Imports the framework at the first call, which takes seconds."""
        bundle = self.bundle(case)
        if bundle.card.id not in self._handles:
            from core.models.handle import ModelHandle

            self._handles[bundle.card.id] = ModelHandle.load(bundle)
        return self._handles[bundle.card.id]


def first_bundle(modality: str) -> Bundle:
    """The first installed model for this modality; where none was made for it or it is unknown, the first.

    Damaged ones are passed over. Raises DamagedBundle if no other is left, ModelError if there is none.
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
