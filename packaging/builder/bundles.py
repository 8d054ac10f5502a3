"""Which files under `resources` a package ships, with or without models that forbid commercial use."""

import json
import shutil
from pathlib import Path

CARD = "model.json"
# What Python leaves beside data.
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


def noncommercial_bundles(models: Path) -> list[str]:
    """The names of the bundles in this folder whose card says `commercial_use: false`, sorted.

    A card without that key allows it.
    """
    return [
        card.parent.name
        for card in sorted(models.glob(f"*/{CARD}"))
        if json.loads(card.read_text(encoding="utf-8")).get("commercial_use") is False
    ]


def copy_resources(resources: Path, target: Path, with_noncommercial: bool) -> list[str]:
    """Copy the folder `resources` to `target`, which must not exist; the names of the bundles left out."""
    left_out = [] if with_noncommercial else noncommercial_bundles(resources / "models")
    shutil.copytree(resources, target, ignore=_LEFT_OUT)
    for name in left_out:
        shutil.rmtree(target / "models" / name)
    return left_out
