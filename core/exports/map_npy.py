"""A map as a NumPy array on the network's grid."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, final

import numpy as np

from core.exports.contract import Exporter, ExportSubject, required_map
from core.exports.map_document import map_json
from core.network.parameters import Parameters

VALUES = (
    "float32, rows and columns of the network's input grid; `grid` says where it lies on the slice.",
    "Positive values support the target, except in control maps and in maps of magnitudes.",
)


class MapNpyParams(Parameters):
    """None."""


@final
class MapNpy(Exporter):
    """The values exactly as they were computed."""

    name = "map_npy"
    title = "Map as NumPy array"
    summary = "The map's values on the network's grid (.npy) with its facts beside it (.json), for scripts."
    suffix = ".npy"
    scope = "map"
    Params = MapNpyParams

    def applies(self, subject: ExportSubject) -> None:
        required_map(subject)

    def suffixes(self, subject: ExportSubject) -> tuple[str, ...]:
        return self.suffix, ".json"

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        saved = required_map(subject)
        buffer = BytesIO()
        np.save(buffer, subject.data.values_of(saved), allow_pickle=False)
        return {".npy": buffer.getvalue(), ".json": map_json(subject, saved, VALUES)}
