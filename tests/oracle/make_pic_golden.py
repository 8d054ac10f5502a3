"""Makes pic_golden.json: the areas that PAIR saliency itself gives on real images of both kinds.

python -m tests.oracle.make_pic_golden ../shared/data

Half an hour on two cores, nearly all of it interpolation. No line of it uses our own curves.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from saliency.metrics import pic

from tests.oracle.pic_cases import BRAIN, CHEST, Case, between, grey, maps_of
from tests.oracle.shim import old_numpy_names

GOLDEN = Path(__file__).with_name("pic_golden.json")


def remembering(blur: Any) -> Any:
    """Both kinds of curve show the same pictures, and PAIR's time goes into making them."""
    blurred_pictures: dict[bytes, Any] = {}

    def remembered(full_img: Any, pixel_mask: Any) -> Any:
        key = pixel_mask.tobytes()
        if key not in blurred_pictures:
            blurred_pictures[key] = blur(full_img, pixel_mask)
        return blurred_pictures[key]

    return remembered


def by_pair(case: Case, kind: str) -> Any:
    """PAIR's own result, with the prediction that `kind` requires."""
    network = case.network()

    def predicted(pictures: Any) -> Any:
        probabilities = network.probabilities((pictures / 255).astype(np.float32)[..., None])
        return probabilities[:, 0] if kind == "sic" else (probabilities.argmax(axis=1) == 0).astype(float)

    with old_numpy_names():
        return pic.compute_pic_metric(
            case.picture, case.values, case.mask, predicted, list(case.settings.thresholds)
        )


def golden(folder: Path) -> Iterator[dict[str, Any]]:
    """One entry for each image and map."""
    for seed, name in enumerate((*BRAIN, *CHEST)):
        picture = grey(folder / name)
        for map_kind, values in maps_of(picture, seed):
            started = time.monotonic()
            mask = Case(picture, values, seed, 0.0, 0.0).mask
            with patch.object(pic, "create_blurred_image", remembering(pic.create_blurred_image)):
                middle, slope = between(pic.create_blurred_image(picture, mask), picture)
                case = Case(picture, values, seed, middle, slope)
                areas = {kind: float(by_pair(case, kind).auc) for kind in ("aic", "sic")}
            entry = {"image": name, "map": map_kind, "seed": seed, "middle": middle, "slope": slope}
            seconds = time.monotonic() - started
            print(f"{name} {map_kind} {areas} {seconds:.1f} s", file=sys.stderr, flush=True)
            yield entry | areas


if __name__ == "__main__":
    # Written after each, so that an interrupted run keeps its results.
    areas_written: list[dict[str, Any]] = []
    for each in golden(Path(sys.argv[1])):
        areas_written.append(each)
        GOLDEN.write_text(json.dumps(areas_written, indent=1) + "\n", encoding="utf-8")
