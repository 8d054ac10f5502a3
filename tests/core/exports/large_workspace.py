"""A workspace of more bytes than a pipe takes at once, however it is compressed."""

import numpy as np

from core.workspace.workspace import Workspace
from tests.core.workspace.example import example_workspace

SHAPE = (600, 600)


def large_workspace() -> Workspace:
    """The example with a picture of noise."""
    workspace = example_workspace()
    (case,) = workspace.document.cases
    record = case.image.image.model_copy(update={"rows": SHAPE[0], "columns": SHAPE[1]})
    changes = {
        "image": case.image.model_copy(update={"image": record}),
        "geometry": case.geometry.model_copy(update={"shape": SHAPE}),
        "grid": case.grid.model_copy(update={"slice_shape": SHAPE}),
        "maps": tuple(saved.model_copy(update={"findings": ()}) for saved in case.maps),
        "regions": (),
    }
    arrays = {name: values for name, values in workspace.arrays.items() if "region" not in name}
    arrays[case.picture] = np.random.default_rng(1).integers(0, 255, SHAPE, np.uint8)
    document = workspace.document.model_copy(update={"cases": (case.model_copy(update=changes),)})
    return Workspace(document, arrays)
