"""Texts of undo and redo: what a step changed, in words that follow "Undo" and "Redo"."""

from collections.abc import Sequence

from app.texts.explain import parameter_name

REGION = "region"
REGION_REMOVED = "removing the region"
MEASUREMENT = "measurement"
MEASUREMENTS_REMOVED = "removing measurements"
POINT = "point"
WINDOW = "window"
INVERSION = "inversion"
GRAPHICS = "graphics of the file"
ZOOM = "zoom"
PAN = "pan"
LAYOUT = "layout"
VIEW = "view"
TARGET = "target"
SEED = "seed"
CHOICE = "choice of methods"


def parameters(names: Sequence[str]) -> str:
    """The change of a method's parameters."""
    return ", ".join(map(parameter_name, names))


def undo(label: str) -> str:
    """The menu entry that takes back the last step; without a step only the word."""
    return f"Undo {label}".rstrip()


def redo(label: str) -> str:
    """The menu entry that does a step again; without a step only the word."""
    return f"Redo {label}".rstrip()
